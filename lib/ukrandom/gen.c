/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A generator that cannot be turned back ("fast key erasure", Bernstein,
 * 2017): each batch of ChaCha20's output is the next key and then bytes to
 * give, and a byte that was given is erased. Invariant: nothing in the
 * generator tells a byte that was given before, and the key that made those at
 * hand is gone.
 *
 * A counter beside a key that stays was refused: one look at the memory would
 * tell everything since that key was made.
 */
#include "random_priv.h"

#include <uk/assert.h>
#include <uk/string.h>

void random_gen_start(struct random_gen *gen, const uint32_t key[RANDOM_KEY])
{
	random_erase(gen, sizeof(*gen));
	memcpy(gen->key, key, sizeof(gen->key));
}

static void refill(struct random_gen *gen)
{
	static const uint32_t nonce[3];
	uint8_t batch[RANDOM_BATCH * RANDOM_BLOCK];

	for (unsigned int i = 0; i < RANDOM_BATCH; i++)
		random_chacha20(gen->key, i, nonce, batch + i * RANDOM_BLOCK);
	memcpy(gen->key, batch, sizeof(gen->key));
	memcpy(gen->ready, batch + sizeof(gen->key), sizeof(gen->ready));
	gen->left = sizeof(gen->ready);
	random_erase(batch, sizeof(batch));
}

void random_gen_take(struct random_gen *gen, uint8_t *buf, size_t len)
{
	uint8_t *next;

	UK_ASSERT(len <= sizeof(gen->ready));
	if (gen->left < len)
		refill(gen);
	next = gen->ready + sizeof(gen->ready) - gen->left;
	memcpy(buf, next, len);
	random_erase(next, len);
	gen->left -= (uint32_t)len;
}
