/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <uk/arch/cpu.h>
#include <uk/compiler.h>
#include <uk/config.h>
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
	 * of a free block of 1 << n; BUDDY_KEPT, only for debugging, for one
	 * that a CPU has at hand; 0 for all others.
	 */
	uint8_t *state;
};

#define BUDDY_HEAD	0x80u
#define BUDDY_KEPT	0x40u

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

/*
 * The allocator (fallocbuddy.c)
 */

/* For struct uk_falloc, as it is without frames at hand. */
int buddy_falloc(struct uk_falloc *fa, uint64_t *paddr, unsigned long nframes,
		 unsigned long flags);
int buddy_ffree(struct uk_falloc *fa, uint64_t paddr, unsigned long nframes);

/*
 * Take @n frames at a multiple of @align from a block, or from what is fresh,
 * of the highest of the first @nzones zones that has them; or NO_PFN. And give
 * back those from @pfn to @end. The lock is held.
 */
uint64_t buddy_take_quick(struct uk_fallocbuddy *fb, uint64_t n,
			  uint64_t align, unsigned int nzones);
void buddy_put(struct uk_fallocbuddy *fb, uint64_t pfn, uint64_t end);

/* Fill @n frames, which are the caller's, with zeroes. */
void buddy_zero(struct uk_fallocbuddy *fb, uint64_t pfn, uint64_t n);

/*
 * What CPUs have at hand (cache.c)
 */

/* May CPUs have any? */
static inline bool buddy_cache_used(const struct uk_fallocbuddy *fb)
{
	return __atomic_load_n(&fb->caches, __ATOMIC_RELAXED) != NULL;
}

/*
 * All of them go back to the blocks, and nobody takes or gives a frame until
 * the unlock, which gets what the lock returned. That includes the allocator's
 * lock.
 */
unsigned long buddy_cache_lock_all(struct uk_fallocbuddy *fb);
void buddy_cache_unlock_all(struct uk_fallocbuddy *fb, unsigned long irq);

/*
 * Make a frame of this CPU's zero, if zeroes are wanted. Returns false if there
 * is nothing more to do.
 */
bool buddy_cache_idle(struct uk_fallocbuddy *fb);

/*
 * Checks (debug.c), with CONFIG_LIBUKFALLOC_DEBUG
 */

/* Set the state of frame @pfn. The lock is held. */
void buddy_mark(struct uk_fallocbuddy *fb, uint64_t pfn, uint8_t state);

/* Frames are given back: crash if any may not be. */
void buddy_check_run(struct uk_fallocbuddy *fb, uint64_t pfn, uint64_t n);

/* The same for one, which is marked as kept. */
void buddy_check_kept(struct uk_fallocbuddy *fb, uint64_t pfn);

/* A frame comes to a CPU's, or leaves them. The lock is held. */
static inline void buddy_keep(struct uk_fallocbuddy *fb, uint64_t pfn)
{
	if (UK_IS_ENABLED(CONFIG_LIBUKFALLOC_DEBUG))
		buddy_mark(fb, pfn, BUDDY_KEPT);
}

static inline void buddy_leave(struct uk_fallocbuddy *fb, uint64_t pfn)
{
	if (UK_IS_ENABLED(CONFIG_LIBUKFALLOC_DEBUG))
		buddy_mark(fb, pfn, 0);
}
