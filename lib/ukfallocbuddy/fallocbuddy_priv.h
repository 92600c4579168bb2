/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <uk/arch/cpu.h>
#include <uk/compiler.h>
#include <uk/fallocbuddy.h>

/*
 * Frames are named by number here ("pfn"), which is their address divided by
 * their size.
 */
#define PFN(paddr)	((paddr) >> UKARCH_PAGE_SHIFT)
#define PADDR(pfn)	((uint64_t)(pfn) << UKARCH_PAGE_SHIFT)
#define NO_PFN		UINT64_MAX

#define ORDERS		UK_FALLOC_ORDERS

/*
 * Frames from first to end, of one zone. The allocator's lock guards fresh and
 * state; the rest never changes, and areas never go. So who got a frame finds
 * its area without the lock.
 */
struct buddy_area {
	struct buddy_area *next;	/* in the zone, by address */
	struct uk_fallocbuddy_zone *zone;
	uint64_t first, end;
	uint64_t meta_end;	/* what follows up to here is metadata */
	uint64_t fresh;		/* none from here on was ever given out */
	uintptr_t offset;	/* from physical to mapped addresses */

	/*
	 * A byte for each frame below fresh: BUDDY_HEAD | n for the first one
	 * of a free block of 1 << n, 0 for all others.
	 */
	uint8_t *state;
};

#define BUDDY_HEAD	0x80u

/*
 * Blocks (blocks.c)
 */

/* Of the block that @pfn, below fresh, is in: its first frame, or NO_PFN. */
uint64_t buddy_block_of(const struct buddy_area *a, uint64_t pfn);

/* The frame after the free block that begins at @pfn. */
static inline uint64_t buddy_block_end(const struct buddy_area *a,
				       uint64_t pfn)
{
	return pfn + (UINT64_C(1) << (a->state[pfn - a->first] & ~BUDDY_HEAD));
}

/* Make the @n frames from @pfn on, which nobody has, free. */
void buddy_give(struct buddy_area *a, uint64_t pfn, uint64_t n);

/* Take the frames from @pfn to @end, which are free, out. */
void buddy_claim(struct buddy_area *a, uint64_t pfn, uint64_t end);

/*
 * Take @n frames, the first one at a multiple of @align frames, out of a block
 * of @zone that has them all, or out of what is fresh. Returns NO_PFN if there
 * is none.
 */
uint64_t buddy_take_listed(struct uk_fallocbuddy_zone *zone, uint64_t n,
			   uint64_t align);
uint64_t buddy_take_fresh(struct uk_fallocbuddy_zone *zone, uint64_t n,
			  uint64_t align);

/*
 * Search (search.c)
 */

/* The zone of @pfn, and the frame after the last one of zone @z. */
unsigned int buddy_zone_of(uint64_t pfn);
uint64_t buddy_zone_end(unsigned int z);

/* The area of @pfn, or NULL. */
struct buddy_area *buddy_area_of(struct uk_fallocbuddy *fb, uint64_t pfn);

/* The area after @a by address, of any zone; @a NULL: the first one. */
struct buddy_area *buddy_area_next(struct uk_fallocbuddy *fb,
				   const struct buddy_area *a);

/*
 * The first of @n frames in a row, from @from on and below @to, that are free;
 * it is a multiple of @align. NO_PFN: there is none.
 */
uint64_t buddy_find(struct uk_fallocbuddy *fb, uint64_t n, uint64_t align,
		    uint64_t from, uint64_t to);

/* How many frames the longest free run has. */
uint64_t buddy_longest(struct uk_fallocbuddy *fb);

/* A free one of the frames from @pfn to @end, all in @a; or NO_PFN. */
uint64_t buddy_free_in(const struct buddy_area *a, uint64_t pfn,
		       uint64_t end);
