/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <uk/alloc.h>
#include <uk/allocslab.h>
#include <uk/arch/cpu.h>
#include <uk/arch/cpulist.h>
#include <uk/compiler.h>
#include <uk/config.h>
#include <uk/percpu.h>

#define PAGE		((size_t)UKARCH_PAGE_SIZE)

/* Kinds beside the classes of one size each. */
#define SLAB_NONE	0u
#define SLAB_MEDIUM	UK_ALLOCSLAB_CLASSES
#define SLAB_LARGE	(UK_ALLOCSLAB_CLASSES + 1)
#define SLAB_SMALL_MAX	((size_t)16 << 10)

/* Up to here a table has the classes of sizes, and free believes a size. */
#define SLAB_BY_TABLE	((size_t)(UK_ALLOCSLAB_BY_16 - 1) * 16)

/* What medium blocks are made of. */
#define SLAB_UNIT	((size_t)64)

/* No page, no slot. */
#define SLAB_NO_PAGE	UINT32_MAX
#define SLAB_NO_SLOT	UINT16_MAX

/*
 * What is known of a frame. Of a span the first page tells all; the others have
 * kind and index, and so have all of a region of medium blocks. Of a large
 * block only the first page is marked.
 */
struct slab_page {
	uint8_t kind;		/* SLAB_NONE, a class, _MEDIUM, _LARGE */
	uint8_t index;		/* in its span, with SLAB_SHORT of the first */
	uint16_t nfree;		/* slots */
	uint16_t first;		/* free slot, its offset / 16 */
	uint16_t fresh;		/* slots from this one on were never used */
	union {
		struct {
			uint32_t prev, next;	/* page numbers */
		};
		uint64_t npages;	/* of a large block */
	};
};

_Static_assert(sizeof(struct slab_page) == 16, "1/256 of memory");

/* The span is a frame, see span.c. */
#define SLAB_SHORT	0x80u

static inline unsigned int slab_index(const struct slab_page *page)
{
	return page->index & ~SLAB_SHORT;
}

#define SLAB_LEAF_SHIFT	20u	/* a leaf knows so much memory */

static inline struct uk_allocslab_state *slab_state(struct uk_alloc *a)
{
	return (struct uk_allocslab_state *)(void *)a->priv;
}

static inline struct uk_allocslab_shared *slab_shared(struct uk_alloc *a)
{
	return slab_state(a)->shared;
}

static inline struct uk_allocslab_class *slab_class(struct uk_alloc *a,
						    unsigned int c)
{
	return &slab_shared(a)->classes[c];
}

/* Where this CPU has its list of class @c; preemption is off. */
#define SLAB_LIST(a, c)	(&(&uk_this_cpu(*slab_state(a)))->lists[c])

/*
 * The class for @size bytes, at most SLAB_SMALL_MAX. SLAB_MEDIUM + n is n units
 * more than the shortest medium block.
 */
unsigned int slab_class_of(size_t size);

/* Bytes of a block of class @c, or of a medium one. */
size_t slab_size_of(unsigned int c);

/*
 * The page map (map.c)
 */

/*
 * The page of @ptr: NULL, or one of SLAB_NONE that is not to be written, if the
 * heap has nothing there.
 */
static inline struct slab_page *slab_page_of(struct uk_alloc *a,
					     const void *ptr)
{
	const struct uk_allocslab_state *const s = slab_state(a);
	const size_t off = (uintptr_t)ptr - s->map_base;
	char *leaf;

	if (UK_UNLIKELY(off >= s->map_len))
		return NULL;
	leaf = s->map[off >> SLAB_LEAF_SHIFT];
	/* 16 bytes for each frame. */
	return (void *)(leaf + ((off >> 8) & 0xff0));
}

/* The same without a question more than there must be. */
static inline unsigned int slab_kind_of(struct uk_alloc *a, const void *ptr)
{
	const struct uk_allocslab_state *const s = slab_state(a);
	const size_t off = (uintptr_t)ptr - s->map_base;
	const char *leaf;

	if (UK_UNLIKELY(off >= s->map_len))
		return SLAB_NONE;
	leaf = s->map[off >> SLAB_LEAF_SHIFT];
	/* The kind comes first. */
	return (uint8_t)leaf[(off >> 8) & 0xff0];
}

/* Page numbers count from the map's base. */
static inline uint32_t slab_number(struct uk_alloc *a, const void *ptr)
{
	return (uint32_t)(((uintptr_t)ptr - slab_state(a)->map_base) / PAGE);
}

static inline void *slab_address(struct uk_alloc *a, uint32_t number)
{
	return (void *)(slab_state(a)->map_base + number * PAGE);
}

static inline struct slab_page *slab_page_at(struct uk_alloc *a,
					     uint32_t number)
{
	return slab_page_of(a, slab_address(a, number));
}

/*
 * Have entries for the frames of the @n pages at @ptr. Returns false, and there
 * is no memory for them.
 */
bool slab_map_cover(struct uk_alloc *a, const void *ptr, size_t n);

/* Frames that the map may take for one block more. */
uint64_t slab_map_most(struct uk_alloc *a);

/* These are NONE now, and nobody looks at their entries any more. */
void slab_map_leave(struct uk_alloc *a, const void *ptr, size_t n);

/* Give back leaves without frames in use. Returns false if there are none. */
bool slab_map_drop(struct uk_alloc *a);

/*
 * Spans (span.c); preemption is off
 */

/*
 * A block of class @c, and a batch for the CPU's list, if that is empty.
 * Returns NULL: no memory.
 */
void *slab_refill(struct uk_alloc *a, unsigned int c);

/* Put the block @ptr of class @c in the list, and make room if that is full. */
void slab_spill(struct uk_alloc *a, unsigned int c, void *ptr);

/* Give back all of this CPU's list of class @c. Returns how many blocks. */
size_t slab_empty_list(struct uk_alloc *a, unsigned int c);

/* Give back the span that class @c keeps. Returns false if it keeps none. */
bool slab_drop_kept(struct uk_alloc *a, unsigned int c);

/* The same, and this CPU's list, if the class has more free than in use. */
void slab_trim_class(struct uk_alloc *a, unsigned int c);

/*
 * Medium blocks (medium.c); preemption is off
 */

/*
 * Of @size bytes, at a multiple of @align, SLAB_UNIT to half a page; to_grow():
 * where most is free. Returns NULL: no memory.
 */
void *slab_medium_new(struct uk_alloc *a, size_t size, size_t align);
void *slab_medium_to_grow(struct uk_alloc *a, size_t size);
void slab_medium_free(struct uk_alloc *a, void *ptr);

/* Give back the region that is kept. Returns false if none is. */
bool slab_medium_drop_kept(struct uk_alloc *a);

/*
 * Have it be of @size bytes, where it is; *@len is how many it had. Returns
 * false if that cannot be.
 */
bool slab_medium_resize(struct uk_alloc *a, void *ptr, size_t size,
			size_t *len);

/* Bytes that the block at @ptr, on @page, has; crash if it is none. */
size_t slab_medium_size(struct uk_alloc *a, const void *ptr,
			const struct slab_page *page);

/*
 * Large blocks (large.c)
 */

/* Of @npages pages, the first one at a multiple of @align, at least a page. */
void *slab_large_new(struct uk_alloc *a, size_t npages, size_t align,
		     bool zero);
/* The same by @flags of uk_falloc(), and nothing is given back to get it. */
void *slab_large_try(struct uk_alloc *a, size_t npages, unsigned long flags);
void slab_large_free(struct uk_alloc *a, void *ptr, struct slab_page *page);

/* Have it be @npages pages, where it is. Returns false if that cannot be. */
bool slab_large_resize(struct uk_alloc *a, void *ptr, struct slab_page *page,
		       size_t npages);

/* The pages that @size bytes take; 0: it is more than can be. */
size_t slab_npages(size_t size);

/*
 * The rest of the family
 */

void *slab_malloc(struct uk_alloc *a, size_t size);
void slab_free(struct uk_alloc *a, void *ptr);

/* resize.c */
void *slab_realloc(struct uk_alloc *a, void *ptr, size_t size);
int slab_posix_memalign(struct uk_alloc *a, void **memptr, size_t align,
			size_t size);

/* @ptr, which is freed or resized, is no block: crash. */
UK_NORETURN void slab_no_block(const void *ptr);

/* Bytes that the block at @ptr, on @page, has; crash if it is none. */
size_t slab_block_size(struct uk_alloc *a, const void *ptr,
		       const struct slab_page *page);

/*
 * Memory that nobody uses (reclaim.c, cpus.c)
 */

/*
 * The heap is about to take frames: if more than ever are in use, by a part,
 * give back first what this CPU has for nothing. Preemption is off, no lock is
 * held.
 */
void slab_trim(struct uk_alloc *a);

/* Give back what all CPUs have and all spans that are kept. */
void slab_reclaim_own(struct uk_alloc *a);

/* The same, and have others give back what they keep of these frames. */
void slab_reclaim(struct uk_alloc *a);

/* The same for the lists of this CPU; preemption is off. */
bool slab_reclaim_lists(struct uk_alloc *a);

/* The same for the lists of all other CPUs. */
void slab_reclaim_others(struct uk_alloc *a);

/* This CPU is idle. Returns false if there is nothing more to do. */
bool slab_idle(struct uk_alloc *a);

/*
 * Statistics (stats.c), which are not atomic themselves. What counts is the
 * length that a block has; @size is what was asked for.
 */
#if UK_IS_ENABLED(CONFIG_LIBUKALLOC_IFSTATS)
void slab_count_alloc(struct uk_alloc *a, const void *ptr, size_t size);
void slab_count_free(struct uk_alloc *a, const void *ptr);
void slab_count_resize(struct uk_alloc *a, size_t from, size_t to);
#else
static inline void slab_count_alloc(struct uk_alloc *a UK_UNUSED,
				    const void *ptr UK_UNUSED,
				    size_t size UK_UNUSED)
{
}

static inline void slab_count_free(struct uk_alloc *a UK_UNUSED,
				   const void *ptr UK_UNUSED)
{
}

static inline void slab_count_resize(struct uk_alloc *a UK_UNUSED,
				     size_t from UK_UNUSED,
				     size_t to UK_UNUSED)
{
}
#endif
