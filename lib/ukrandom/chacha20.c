/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * ChaCha20's block function, RFC 8439: the quarter round of section 2.1 down
 * the columns and diagonals of a square of sixteen words, twenty rounds in
 * all, and the start added. Words are little-endian, as both architectures
 * are. In general registers: the core has no others, and a block costs some
 * 1,000 instructions.
 */
#include "random_priv.h"

#include <uk/compiler.h>
#include <uk/string.h>

#define ROUNDS	20

static UK_ALWAYS_INLINE uint32_t rotl(uint32_t val, unsigned int bits)
{
	return val << bits | val >> (32 - bits);
}

static UK_ALWAYS_INLINE void quarter(uint32_t *a, uint32_t *b, uint32_t *c,
				     uint32_t *d)
{
	*a += *b;
	*d = rotl(*d ^ *a, 16);
	*c += *d;
	*b = rotl(*b ^ *c, 12);
	*a += *b;
	*d = rotl(*d ^ *a, 8);
	*c += *d;
	*b = rotl(*b ^ *c, 7);
}

void random_chacha20(const uint32_t key[RANDOM_KEY], uint32_t counter,
		     const uint32_t nonce[3], uint8_t out[RANDOM_BLOCK])
{
	/* "expand 32-byte k", key, counter, nonce: section 2.3. */
	const uint32_t start[16] = {
		0x61707865, 0x3320646e, 0x79622d32, 0x6b206574,
		key[0], key[1], key[2], key[3],
		key[4], key[5], key[6], key[7],
		counter, nonce[0], nonce[1], nonce[2],
	};
	uint32_t x[16];

	memcpy(x, start, sizeof(x));
	for (unsigned int i = 0; i < ROUNDS; i += 2) {
		for (unsigned int col = 0; col < 4; col++)
			quarter(&x[col], &x[4 + col], &x[8 + col],
				&x[12 + col]);
		for (unsigned int col = 0; col < 4; col++)
			quarter(&x[col], &x[4 + (col + 1) % 4],
				&x[8 + (col + 2) % 4], &x[12 + (col + 3) % 4]);
	}
	for (unsigned int i = 0; i < 16; i++)
		x[i] += start[i];
	memcpy(out, x, sizeof(x));
	random_erase(x, sizeof(x));
}

void random_erase(void *buf, size_t len)
{
	memset(buf, 0, len);
	__asm__ volatile("" : : "r"(buf) : "memory");
}
