/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * One bit per id, searched a word at a time from a low-water mark.
 *
 * The mark is a promise, not a cache: nothing below it is free. get() raises
 * it only when it started there, put() lowers it. So a pool that fills in
 * order touches one word per call, and 1024 descriptors never cost more than
 * 16.
 */
#include <uk/idpool.h>

#include <uk/assert.h>
#include <uk/errno.h>

#define BITS	64u

static uint64_t bit(unsigned int id)
{
	return UINT64_C(1) << (id % BITS);
}

void uk_idpool_init(struct uk_idpool *pool, uint64_t *map, unsigned int count)
{
	UK_ASSERT(count >= 1 && count <= 65536);

	for (unsigned int w = 0; w < UK_IDPOOL_WORDS(count); w++)
		map[w] = 0;

	*pool = (struct uk_idpool){ .map = map, .count = count };
}

int uk_idpool_get(struct uk_idpool *pool, unsigned int min)
{
	const unsigned int start = min > pool->low ? min : pool->low;
	unsigned int id = start;

	while (id < pool->count) {
		const uint64_t free = ~pool->map[id / BITS] & -bit(id);

		if (free) {
			id = id / BITS * BITS +
			     (unsigned int)__builtin_ctzll(free);
			break;
		}
		id = (id / BITS + 1) * BITS;
	}

	/* The last word may have bits past the last id. */
	if (id >= pool->count)
		return -EMFILE;

	pool->map[id / BITS] |= bit(id);
	if (start == pool->low)
		pool->low = id + 1;
	return (int)id;
}

void uk_idpool_put(struct uk_idpool *pool, unsigned int id)
{
	UK_ASSERT(id < pool->count);
	UK_ASSERT(pool->map[id / BITS] & bit(id));

	pool->map[id / BITS] &= ~bit(id);
	if (id < pool->low)
		pool->low = id;
}
