/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include <uk/alloc.h>
#include <uk/compiler.h>
#include <uk/percpu.h>
#include <uk/spinlock.h>

/*
 * The general heap: size classes, lists of free blocks for each CPU, frames
 * behind them. It is used through <uk/alloc.h>; see README.md for how it works.
 *
 * maxalloc is the longest free run of frames, but for what the heap may need to
 * remember it. availmem is what is free in frames and in spans, and leaves out
 * what CPUs have in their lists. uk_alloc_addmem() gives whole frames of the
 * linear map to the allocator of frames, for everybody. uk_palloc() and
 * uk_pfree() know blocks of pages.
 *
 * To free a pointer into memory that is no block's ends the image at once, and
 * names it. A pointer into a block, or a block that is freed twice, is looked
 * for when it goes back to its span only, which is later, or never; and the
 * second free may go unseen. CONFIG_LIBUKALLOC_DEBUG finds all of it at once.
 *
 * Context: threads, and the boot; not interrupt handlers. Before a request
 * fails all CPUs are waited for: so no spinlock is held that anybody takes
 * with interrupts off.
 */

struct slab_piece;
struct ukarch_item;
struct uk_falloc;

/* Kinds of blocks: 1 to 32 have one size each, up to 1 KiB; 33 are medium. */
#define UK_ALLOCSLAB_CLASSES	33u
#define UK_ALLOCSLAB_KINDS	(UK_ALLOCSLAB_CLASSES + 2)
#define UK_ALLOCSLAB_PIECES	252u

/* Sizes up to 1 KiB are found in a table, by 16 bytes. */
#define UK_ALLOCSLAB_BY_16	65u

/* What blocks of a size have in common; all fields are the library's own. */
struct uk_allocslab_class {
	struct uk_spinlock lock;	/* of all that follows */
	uint32_t size;		/* bytes of a block or unit; 0: none yet */
	uint16_t npages;	/* of a long span */
	uint16_t nslots;	/* of a long span */
	uint16_t limit;		/* blocks in a CPU's list, at most */
	uint16_t batch;		/* that are moved at once */
	uint32_t partial;	/* first of the spans with free blocks */
	uint32_t kept;		/* a span with no other */
	uint32_t nshort;	/* spans that are short */
	uint64_t nfree;		/* free blocks in all spans, or units */
	uint64_t nall;		/* blocks of all spans */
};

/* What all CPUs share. */
struct uk_allocslab_shared {
	struct uk_falloc *fa;
	uint64_t base, end;	/* physical addresses that may be asked for */
	struct uk_spinlock map_lock;	/* of how the page map grows */
	void *empty_leaf;	/* for where it has none */
	uint16_t *map_used;	/* frames in use, for each leaf */
	size_t map_nunused;	/* leaves of no frame in use */
	uint64_t high_mark;	/* bytes, see reclaim.c; atomic, relaxed */
	struct uk_spinlock stats_lock;
	struct uk_allocslab_class classes[UK_ALLOCSLAB_KINDS];

	/*
	 * Of the last class, and under its lock: pages, a region that is free
	 * and kept, free pieces by their length, and which lists have any.
	 */
	uint64_t medium_npages;
	void *medium_kept;
	struct slab_piece *pieces[UK_ALLOCSLAB_PIECES];
	uint64_t listed[(UK_ALLOCSLAB_PIECES + 63) / 64];
};

/*
 * A heap. The lists are each CPU's own, all else is read where the boot CPU has
 * it; so it is a UK_PERCPU variable, and a list is found without a load more.
 */
struct uk_allocslab {
	/* struct uk_alloc, which ends in an array of no length */
	char alloc[sizeof(struct uk_alloc)] UK_ALIGNED(16);
	struct uk_allocslab_state {
		/* The page map, see map.c. */
		uintptr_t map_base;
		size_t map_len;
		void **map;
		struct uk_allocslab_shared *shared;

		/* Where the list is for 16 bytes, 32, …: see slab.c. */
		uint8_t list_by_16[UK_ALLOCSLAB_BY_16];
		struct ukarch_item *lists[UK_ALLOCSLAB_KINDS];
		uint32_t nmoves;	/* batches, see reclaim.c */
		uint32_t nmoves_seen;
		uint32_t nidle;
	} state;
};

/*
 * Make @slab, a UK_PERCPU variable, a heap with frames of @fa, and register it.
 * The frames are in the linear map; those that @fa has now lie between the
 * physical addresses @base and @end, later ones above @base.
 *
 * Returns the allocator. It takes nothing before the first block.
 */
struct uk_alloc *uk_allocslab_init(struct uk_allocslab *slab,
				   struct uk_allocslab_shared *shared,
				   struct uk_falloc *fa,
				   uint64_t base, uint64_t end);
