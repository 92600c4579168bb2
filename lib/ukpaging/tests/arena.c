/* SPDX-License-Identifier: BSD-3-Clause */
#include "arena.h"

#include <uk/arch/cpu.h>
#include <uk/arch/paging.h>
#include <uk/errno.h>
#include <uk/string.h>
#include <uk/test.h>

#include "../pagetable_priv.h"

#define PAGE		((uint64_t)UKARCH_PAGE_SIZE)

static uint64_t tables[ARENA_MAX][UKARCH_PT_ENTRIES] UK_ALIGNED(4096);
static bool taken[ARENA_MAX];

struct arena arena;

static bool ours(uint64_t paddr)
{
	return paddr >= ARENA_AT && paddr < ARENA_AT + ARENA_MAX * PAGE;
}

static int take(struct uk_falloc *fa UK_UNUSED, uint64_t *paddr,
		unsigned long nframes, unsigned long flags UK_UNUSED)
{
	unsigned int i = 0;

	if (arena.left == 0 || nframes != 1)
		return -ENOMEM;
	while (i < ARENA_MAX && taken[i])
		i++;
	if (i == ARENA_MAX)
		return -ENOMEM;
	taken[i] = true;
	arena.left--;
	arena.used++;
	*paddr = ARENA_AT + i * PAGE;
	return 0;
}

static int give(struct uk_falloc *fa UK_UNUSED, uint64_t paddr,
		unsigned long nframes)
{
	const uint64_t i = (paddr - ARENA_AT) / PAGE;

	if (!ours(paddr)) {
		arena.nfreed += nframes;
		for (; nframes > 0; nframes--, paddr += PAGE)
			arena.freed_sum += paddr;
		return 0;
	}
	if (nframes != 1 || !taken[i])
		return -EFAULT;
	taken[i] = false;
	memset(tables[i], 0xff, PAGE);
	arena.used--;
	return 0;
}

void arena_init(void)
{
	memset(tables, 0xff, sizeof(tables));
	memset(taken, 0, sizeof(taken));
	arena = (struct arena){
		.fa = { .falloc = take, .ffree = give },
		.left = UINT32_MAX,
	};
}

bool arena_table(struct uk_pagetable *pt, unsigned int levels,
		 unsigned int leaf_max)
{
	if (!UK_EXPECT_EQ(paging_table_init(pt, &arena.fa,
					    (uintptr_t)tables - ARENA_AT,
					    levels, leaf_max), 0))
		return false;
	pt->paddr_end = UINT64_C(1) << 46;
	if (levels == 5)
		pt->end = UINT64_C(1) << 56;
	return true;
}

/* Tables below @table, of @level, or a number that no arena has. */
static size_t count(struct uk_pagetable *pt, const uint64_t *table,
		    unsigned int level, uint64_t entries)
{
	size_t n = 0;
	uint64_t present = 0;

	for (unsigned int i = 0; i < UKARCH_PT_ENTRIES; i++) {
		if (!ukarch_pte_present(table[i])) {
			if (table[i] != 0)
				return ARENA_MAX;
			continue;
		}
		present++;
		if (ukarch_pte_is_leaf(table[i], level))
			continue;
		if (!ours(ukarch_pte_paddr(table[i])))
			return ARENA_MAX;
		n += 1 + count(pt, paging_table(pt, table[i]), level - 1,
			       paging_count(table[i]));
	}
	if (level < pt->levels - 1 && (present != entries || present == 0))
		return ARENA_MAX;
	return n;
}

bool arena_consistent(struct uk_pagetable *pt, unsigned int others)
{
	const size_t n = count(pt, paging_root(pt), pt->levels - 1, 0);

	return UK_EXPECT_EQ(n, pt->ntables) &&
	       UK_EXPECT_EQ(arena.used, n + 1 + others);
}
