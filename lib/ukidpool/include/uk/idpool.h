/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdint.h>

/*
 * A pool of small integer ids: descriptors, queue numbers, thread ids.
 *
 * The lowest free id goes out first, as POSIX asks of descriptors. The pool
 * allocates nothing: its owner supplies the bitmap.
 *
 * Context:  threads and interrupt handlers; the owner serialises the calls.
 * Errors:   negative errno values, see <uk/errno.h>.
 */

struct uk_idpool {
	uint64_t *map;		/* bit set: the id is taken */
	unsigned int count;	/* ids, 1 to 65536 */
	unsigned int low;	/* no id below this one is free */
};

/* 64-bit words of bitmap that @count ids need. */
#define UK_IDPOOL_WORDS(count)	(((count) + 63u) / 64u)

/*
 * Make @pool hold the free ids 0 to @count - 1. @map has
 * UK_IDPOOL_WORDS(@count) words and lives as long as the pool.
 */
void uk_idpool_init(struct uk_idpool *pool, uint64_t *map, unsigned int count);

/*
 * Take the lowest free id that is at least @min.
 *
 * Returns the id, or
 *   -EMFILE  every id from @min up is taken
 */
int uk_idpool_get(struct uk_idpool *pool, unsigned int min);

/* Give back @id, which must be taken. */
void uk_idpool_put(struct uk_idpool *pool, unsigned int id);
