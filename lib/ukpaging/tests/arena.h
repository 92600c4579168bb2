/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <uk/compiler.h>
#include <uk/falloc.h>
#include <uk/pagetable.h>

/*
 * Page tables that no CPU uses, and frames for them that are counted and can
 * run out. Frames of mappings are numbers only; those that are given back are
 * counted.
 */
#define ARENA_MAX	96u

/* Where tables lie, as entries name them: no real place. */
#define ARENA_AT	(UINT64_C(1) << 40)

struct arena {
	struct uk_falloc fa;
	unsigned int used;	/* tables, the root too */
	unsigned int left;	/* how many are still given; then -ENOMEM */
	uint64_t nfreed;	/* frames of mappings */
	uint64_t freed_sum;	/* of their addresses */
};

extern struct arena arena;

/* All free, all with what is as bad as can be in an entry. */
void arena_init(void);

/* An empty page table with frames of the arena. */
UK_MUST_USE bool arena_table(struct uk_pagetable *pt, unsigned int levels,
			     unsigned int leaf_max);

/*
 * Is what each entry says of the table it leads to true, is none empty, are
 * there as many as @pt and the arena count, but for @others?
 */
UK_MUST_USE bool arena_consistent(struct uk_pagetable *pt,
				  unsigned int others);
