/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <uk/allocstack.h>
#include <uk/arch/paging.h>
#include <uk/falloc.h>
#include <uk/pagetable.h>
#include <uk/test.h>

/* What the cases of this library that need a machine share. */

#define PAGE	((size_t)UKARCH_PAGE_SIZE)

/* Frames that are free when no stack is kept. */
static inline uint64_t frames_free(void)
{
	struct uk_allocstack_stats stacks;
	struct uk_falloc_stats stats;

	/* Other CPUs that are idle do the same. */
	do {
		(void)uk_allocstack_trim(0);
		uk_allocstack_stats_get(&stacks);
	} while (stacks.nkept + stacks.nleaving > 0);
	uk_falloc_stats_get(uk_falloc_get_default(), &stats);
	return stats.free;
}

static inline bool is_mapped(uintptr_t addr)
{
	struct uk_paging_leaf leaf;

	return uk_paging_find(uk_paging_kernel(), addr, &leaf) == 0;
}

/*
 * From now on the default allocator of frames has none for the @n-th request,
 * from 1 on, and no others after it if @for_ever; 0: it is as before.
 * Returns whether a request has failed since the last call.
 */
bool frames_fail(unsigned int n, bool for_ever);
