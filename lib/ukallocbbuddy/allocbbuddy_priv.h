/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include <uk/list.h>
#include <uk/spinlock.h>

struct uk_alloc;
struct uk_heapmem;

/*
 *   blocks.c   blocks of a power of two, and runs of them
 *   bbuddy.c   struct uk_alloc over that
 */

/* A block of order n has 1 << n bytes, at a multiple of that. */
#define BBUDDY_MIN	5u	/* the smallest order */
#define BBUDDY_END	47u	/* and one more than the largest */
#define BBUDDY_UNIT	((size_t)1 << BBUDDY_MIN)

/* Behind the memory whose blocks it knows: they end where it begins. */
struct bbuddy_region {
	struct bbuddy_region *next;
	uintptr_t base;		/* of the first unit */
	uint8_t map[];		/* of each unit: what begins there */
};

/* All of it is under the lock; the source never changes. */
struct bbuddy_heap {
	struct uk_spinlock lock;
	const struct uk_heapmem *source;	/* or NULL */
	struct bbuddy_region *regions;	/* the newest one first */
	size_t len;		/* bytes of memory that it was given */
	size_t free;		/* bytes */
	uint64_t orders;	/* bit n: blocks of order n are free */
	struct uk_list blocks[BBUDDY_END - BBUDDY_MIN];
};

/* Make @h a heap without memory. */
void bbuddy_init(struct bbuddy_heap *h, const struct uk_heapmem *source);

/* Add what is from @from to @to; -EINVAL: that is too little. */
int bbuddy_add(struct bbuddy_heap *h, uintptr_t from, uintptr_t to);

/* Bytes that a region takes which can have a block of order @order. */
size_t bbuddy_region_len(unsigned int order);

/* The order of the smallest block of @size bytes, 1 to PTRDIFF_MAX. */
unsigned int bbuddy_order(size_t size);

/*
 * Take *@size bytes out of a block of at least @order, which is no less than
 * bbuddy_order(*@size); *@size is then how many they are. NULL: there is none.
 */
void *bbuddy_take(struct bbuddy_heap *h, unsigned int order, size_t *size);

/* Bytes of the run in use at @ptr, or 0: none begins there. */
size_t bbuddy_len(const struct bbuddy_heap *h, const void *ptr);

/* Give it back. Returns its bytes; 0: none begins there. */
size_t bbuddy_put(struct bbuddy_heap *h, void *ptr);

/* bbuddy.c: uk_allocbbuddy_init() with a source of more, which may be NULL. */
struct uk_alloc *allocbbuddy_init(void *base, size_t len,
				  const struct uk_heapmem *source);
