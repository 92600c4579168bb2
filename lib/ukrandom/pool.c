/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Entropy comes together in a key: a piece of input is laid over it, and the
 * result encrypts a block of its own, whose first half is the next key. Where
 * the input stands and how long it is are in the block's nonce, so that inputs
 * which differ, by their length alone too, lead to different keys. Who knows
 * the key and chooses the input still cannot choose the next key; who does not
 * know one of all the inputs does not know the key.
 *
 * A hash function beside the cipher was refused: it would be a second
 * primitive of the same strength, for input that comes rarely and in small
 * pieces.
 */
#include "random_priv.h"

#include <stdbool.h>

#include <uk/essentials.h>
#include <uk/random.h>
#include <uk/string.h>

/* The nonce's last word: what a block is for. */
#define FOR_INPUT	1u
#define FOR_OUTPUT	2u

/* Replace the key by the first half of its block; the other half is @rest. */
static void turn(struct random_pool *pool, const uint32_t nonce[3],
		 uint8_t rest[RANDOM_BLOCK / 2])
{
	uint8_t block[RANDOM_BLOCK];

	random_chacha20(pool->key, 0, nonce, block);
	memcpy(pool->key, block, sizeof(pool->key));
	if (rest)
		memcpy(rest, block + sizeof(pool->key), RANDOM_BLOCK / 2);
	random_erase(block, sizeof(block));
}

bool random_is_uniform(const void *data, size_t len)
{
	const uint8_t *const p = data;

	for (size_t i = 1; i < len; i++)
		if (p[i] != p[0])
			return false;
	return true;
}

static void credit(struct random_pool *pool, unsigned int bits)
{
	bits = UK_MIN(bits, UK_RANDOM_READY);
	pool->bits = UK_MIN(pool->bits + bits, UK_RANDOM_READY);
	pool->fresh = UK_MIN(pool->fresh + bits, UK_RANDOM_READY);
}

void random_pool_add(struct random_pool *pool, const void *data, size_t len,
		     unsigned int bits)
{
	const uint8_t *p = data;

	credit(pool, bits);
	while (len) {
		const size_t take = UK_MIN(len, sizeof(pool->key));
		const uint32_t nonce[3] = {
			(uint32_t)len, (uint32_t)((uint64_t)len >> 32),
			FOR_INPUT,
		};
		uint8_t *const key = (uint8_t *)pool->key;

		for (size_t i = 0; i < take; i++)
			key[i] ^= p[i];
		turn(pool, nonce, NULL);
		p += take;
		len -= take;
	}
}

void random_pool_key(struct random_pool *pool, uint32_t key[RANDOM_KEY])
{
	static const uint32_t nonce[3] = { 0, 0, FOR_OUTPUT };

	turn(pool, nonce, (uint8_t *)key);
}
