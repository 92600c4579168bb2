/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RANDOM_KEY	8u	/* words of a key */
#define RANDOM_BLOCK	64u	/* bytes of a block of ChaCha20 */
#define RANDOM_CPU	4u	/* words of the CPU that make a key */
#define RANDOM_BATCH	4u	/* blocks that a generator makes at a time */

/* Bytes that a generator has at hand when it has made a batch. */
#define RANDOM_AT_HAND	(RANDOM_BATCH * RANDOM_BLOCK - RANDOM_KEY * 4)

/* The block function of RFC 8439, section 2.3. */
void random_chacha20(const uint32_t key[RANDOM_KEY], uint32_t counter,
		     const uint32_t nonce[3], uint8_t out[RANDOM_BLOCK]);

/* Overwrite @len bytes at @buf, whatever the compiler thinks of it. */
void random_erase(void *buf, size_t len);

/*
 * A generator: one key, and bytes made with the key before it. Its owner
 * serialises the calls.
 */
struct random_gen {
	uint32_t key[RANDOM_KEY];
	uint8_t ready[RANDOM_AT_HAND];	/* the last @left are to be given */
	uint32_t left;
};

/* Begin anew with @key. */
void random_gen_start(struct random_gen *gen, const uint32_t key[RANDOM_KEY]);

/* The next @len bytes, RANDOM_AT_HAND at most. */
void random_gen_take(struct random_gen *gen, uint8_t *buf, size_t len);

/*
 * Where input comes together. Its owner serialises the calls; nothing but zero
 * is a good start.
 */
struct random_pool {
	uint32_t key[RANDOM_KEY];
	unsigned int bits;	/* of entropy in it: 0 to UK_RANDOM_READY */
	unsigned int fresh;	/* those since the owner last set it to 0 */
};

/* Mix in @len bytes with @bits of entropy. */
void random_pool_add(struct random_pool *pool, const void *data, size_t len,
		     unsigned int bits);

/* Are all bytes the same, as a source gives them that is broken or cut off? */
bool random_is_uniform(const void *data, size_t len);

/* A key for a generator; no two are related. */
void random_pool_key(struct random_pool *pool, uint32_t key[RANDOM_KEY]);

/*
 * The jitter of @ticks(), a counter: goes on until @pool holds
 * UK_RANDOM_READY bits, or gives up. Returns the bits that it gave, 0 if the
 * counter stands still or its steps have a pattern.
 */
unsigned int random_jitter(struct random_pool *pool, uint64_t (*ticks)(void));

/*
 * Fill @word with what @draw() gives of the CPU. Returns the bits of entropy
 * in it: 0 if that fails, or gives the same each time.
 */
unsigned int random_cpu(uint64_t word[RANDOM_CPU], bool (*draw)(uint64_t *));
