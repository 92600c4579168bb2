/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <uk/arch/cpu.h>
#include <uk/arch/paging.h>
#include <uk/compiler.h>
#include <uk/spinlock.h>

#define PAGE		((size_t)UKARCH_PAGE_SIZE)

/*
 * Addresses are dealt out in granules, as large as a guard. A slot is one
 * granule of guard and those of the block, so a block begins at a multiple of
 * a granule, and the guard of the next slot is above it.
 */
#define GRANULE		((uintptr_t)65536)
#define PAGES_PER_GRANULE	((uint32_t)(GRANULE / PAGE))

/*
 * What is known of a granule. But for begin it is about the slot, and only in
 * the slot's first one. The lock protects what is not said to be constant.
 */
struct slot {
	uint32_t begin;		/* granule where its slot begins; constant */
	uint32_t class;		/* of the slot; constant */
	uint32_t next;		/* granule, in a list; 0 ends it */
	uint32_t npages;	/* of the block, constant while in use */
	uint32_t nlazy;		/* of these, not there at first; the same */
	uint32_t nframes;	/* that are mapped; atomic, relaxed */
	uint32_t state;		/* SLOT_…; atomic, relaxed, for find */
	uint32_t reserved;
};

_Static_assert(sizeof(struct slot) == 32, "whole ones in a page");

#define SLOT_FREE	0u	/* an address, without memory */
#define SLOT_USED	1u
#define SLOT_KEPT	2u	/* has memory, and nobody uses it */

/*
 * Addresses (slots.c). The array has a place for each granule; granule 0 is
 * never dealt out.
 */
#define SLOT_NCLASSES	64u

struct slots {
	struct slot *slot;
	uint32_t fresh;		/* from here on none was dealt out */
	uint32_t end;
	uint32_t free[SLOT_NCLASSES];

	/* Have the array's places below @end be there. 0 or -ENOMEM. */
	int (*extend)(struct slots *s, uint32_t end);
};

/* The slot's first granule, for a block of @npages; 0: there is none. */
uint32_t slots_take(struct slots *s, uint32_t npages);
/* @at, a slot that nothing is mapped in, is free. */
void slots_give(struct slots *s, uint32_t at);

/* The class of slots that have @n granules, and how many such a slot has. */
unsigned int slots_class(uint32_t n);
uint32_t slots_of_class(unsigned int class);

/*
 * Slots with memory, by size (cache.c).
 */
#define CACHE_NKINDS	8u

struct cache {
	struct cache_kind {
		uint32_t npages, nlazy;
		uint32_t first;		/* slot; 0: none is left */
	} kind[CACHE_NKINDS];
	uint32_t nslots;
	uint32_t nframes;	/* in all of them */
	uint32_t limit;		/* of nframes */
};

/* One of that size, or 0. */
uint32_t cache_get(struct cache *c, struct slots *s, uint32_t npages,
		   uint32_t nlazy);
/* Keep @at, unless that is too much: false. */
bool cache_put(struct cache *c, struct slots *s, uint32_t at);
/* One that is to go, or 0: none is left. */
uint32_t cache_drop(struct cache *c, struct slots *s);

/*
 * All there is (stacks.c). What is done with memory takes and leaves the lock
 * itself.
 */
struct stacks {
	struct uk_spinlock lock;
	struct slots slots;
	struct cache cache;
	uint32_t nused;
	uint32_t nleaving;	/* are being given back, without the lock */
	uint64_t nmade, nreused;
	uint64_t nfaults;	/* atomic, relaxed */
};

extern struct stacks stacks;

/* A slot with a block of @npages that has all but the lowest @nlazy; or 0. */
uint32_t stacks_take(uint32_t npages, uint32_t nlazy);
/* @at is used no more. */
void stacks_give(uint32_t at);

/* The slot that has the lowest address. */
uint32_t stacks_first(void);

/* Where the block of slot @at begins. */
uintptr_t stacks_vaddr(uint32_t at);

/* The slot that @addr is in; 0: in none that was ever dealt out. */
uint32_t stacks_at(uintptr_t addr);

/*
 * Map frames at @len bytes from @vaddr on, in the block of slot @at or the
 * array, where there are none; at least the first page, or -ENOMEM. What has
 * been mapped stays so. *@n is how many frames that took.
 */
UK_MUST_USE int stacks_map(uintptr_t vaddr, size_t len, uint32_t *n);
