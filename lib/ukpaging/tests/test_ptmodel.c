/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Random changes of a page table, against an array with an element for each
 * page: after each step both say the same of every page, and the tables are
 * those that it takes.
 */
#include <uk/pagetable.h>

#include <stdbool.h>

#include <uk/arch/paging.h>
#include <uk/compiler.h>
#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/libparam.h>
#include <uk/string.h>
#include <uk/test.h>
#include <uk/test_random.h>

#include "arena.h"

#define PAGE	((uintptr_t)0x1000)
#define MIB	UINT64_C(0x100000)
#define GIB	UINT64_C(0x40000000)
#define R	UK_PAGE_READ
#define RW	(UK_PAGE_READ | UK_PAGE_WRITE)
#define RX	(UK_PAGE_READ | UK_PAGE_EXEC)

/* Three tables of pages, across a boundary of every level. */
#define NPAGES	1536u
#define VA	((uintptr_t)(512 * GIB - 2 * MIB))

static uint32_t nsteps = 500;
UK_LIBPARAM(ptmodel_steps, u32, &nsteps, "random steps of the model test");

static struct uk_pagetable pt;

static struct {
	struct {
		uint64_t paddr;	/* 0: nothing */
		unsigned int prot;
	} page[NPAGES];
	uint64_t seed;
	uint64_t nfreed;
} model;

static unsigned int below(unsigned int n)
{
	return (unsigned int)(uk_test_draw(&model.seed) >> 32) % n;
}

/* A range: of any pages, or of whole tables. */
static void pick(unsigned int *first, unsigned int *n)
{
	if (below(4) == 0) {
		*first = 512 * below(3);
		*n = 512 * (1 + below(3 - *first / 512));
	} else {
		*first = below(NPAGES);
		*n = 1 + below(below(2) ? 8 : NPAGES - *first);
		*n = UK_MIN(*n, NPAGES - *first);
	}
}

static unsigned int rights(void)
{
	static const unsigned int prots[] = { R, RW, RX };

	return prots[below(3)];
}

/* Memory whose place agrees with the address, more often than not. */
static uint64_t memory(unsigned int first)
{
	const uint64_t base = (1 + below(4)) * 64 * MIB;

	return base + first * PAGE + (below(3) ? 0 : below(5) * PAGE);
}

static bool is_free(unsigned int first, unsigned int n)
{
	for (; n > 0; n--, first++) {
		if (model.page[first].paddr)
			return false;
	}
	return true;
}

static bool do_map(void)
{
	unsigned int first, n;
	uint64_t paddr;
	unsigned int prot, flags;
	bool free;
	int rc;

	pick(&first, &n);
	paddr = memory(first);
	prot = rights();
	flags = below(4) ? 0 : UK_PAGING_LEVEL_MAX(0);
	free = is_free(first, n);
	rc = uk_paging_map(&pt, VA + first * PAGE, paddr, n * PAGE, prot,
			   flags);
	if (!UK_EXPECT_EQ(rc, free ? 0 : -EEXIST))
		return false;
	for (; rc == 0 && n > 0; n--, first++, paddr += PAGE) {
		model.page[first].paddr = paddr;
		model.page[first].prot = prot;
	}
	return true;
}

static int supply(void *arg, uintptr_t vaddr, unsigned int level,
		  uint64_t *paddr)
{
	const unsigned int first = (unsigned int)((vaddr - VA) / PAGE);
	unsigned int n = 1u << (9 * level);

	if (below(4) == 0)
		return UK_PAGING_SKIP;
	*paddr = (1 + below(4)) * 64 * MIB + first * PAGE;
	for (unsigned int i = 0; i < n; i++) {
		model.page[first + i].paddr = *paddr + i * PAGE;
		model.page[first + i].prot = *(unsigned int *)arg;
	}
	return 0;
}

static bool do_map_each(void)
{
	unsigned int prot = rights();
	unsigned int first, n;

	pick(&first, &n);
	return UK_EXPECT_EQ(uk_paging_map_each(&pt, VA + first * PAGE,
					       n * PAGE, prot, 0, supply,
					       &prot, NULL), 0);
}

static bool do_unmap(void)
{
	const bool free = below(2);
	unsigned int first, n;

	pick(&first, &n);
	if (!UK_EXPECT_EQ(uk_paging_unmap(&pt, VA + first * PAGE, n * PAGE,
					  free ? UK_PAGING_FREE : 0, NULL),
			  0))
		return false;
	for (; n > 0; n--, first++) {
		model.nfreed += free && model.page[first].paddr;
		model.page[first].paddr = 0;
	}
	return UK_EXPECT_EQ(arena.nfreed, model.nfreed);
}

static bool do_protect(void)
{
	const unsigned int prot = rights();
	unsigned int first, n;

	pick(&first, &n);
	if (!UK_EXPECT_EQ(uk_paging_protect(&pt, VA + first * PAGE, n * PAGE,
					    prot, 0, NULL), 0))
		return false;
	for (; n > 0; n--, first++)
		model.page[first].prot = prot;
	return true;
}

static bool do_replace(void)
{
	const unsigned int i = below(NPAGES);
	const unsigned int prot = rights();
	const uint64_t paddr = memory(i);
	const int rc = uk_paging_replace(&pt, VA + i * PAGE, paddr, prot, 0,
					 NULL);

	if (!UK_EXPECT_EQ(rc, model.page[i].paddr ? 0 : -ENOENT))
		return false;
	if (rc == 0) {
		model.page[i].paddr = paddr;
		model.page[i].prot = prot;
	}
	return true;
}

/* Could one page be what these 512 are? */
static bool alike(unsigned int first)
{
	for (unsigned int i = 0; i < 512; i++) {
		if (!model.page[first + i].paddr ||
		    model.page[first + i].paddr !=
		    model.page[first].paddr + i * PAGE ||
		    model.page[first + i].prot != model.page[first].prot)
			return false;
	}
	return UK_IS_ALIGNED(model.page[first].paddr, 2 * MIB);
}

static int is_small(void *arg, const struct uk_paging_leaf *leaf)
{
	*(bool *)arg = leaf->level == 0;
	return 1;
}

static bool do_merge(void)
{
	unsigned int want = 0;
	bool small = false;

	for (unsigned int i = 0; i < NPAGES; i += 512) {
		if (alike(i) &&
		    uk_paging_walk(&pt, VA + i * PAGE, PAGE, is_small,
				   &small) == 1)
			want += small;
	}
	return UK_EXPECT_EQ(uk_paging_merge(&pt, VA, NPAGES * PAGE, 0, NULL),
			    want);
}

/* Walks the model beside the table. */
static int check_leaf(void *arg, const struct uk_paging_leaf *leaf)
{
	unsigned int *const next = arg;
	unsigned int i = (unsigned int)((leaf->vaddr - VA) / PAGE);
	const unsigned int end = i + (unsigned int)(leaf->len / PAGE);
	uint64_t paddr = leaf->paddr;

	if (!UK_EXPECT(i >= *next && end <= NPAGES) ||
	    !UK_EXPECT(is_free(*next, i - *next)))
		return 1;
	for (; i < end; i++, paddr += PAGE) {
		if (model.page[i].paddr != paddr ||
		    model.page[i].prot != leaf->prot) {
			UK_EXPECT_EQ(paddr, model.page[i].paddr);
			UK_EXPECT_EQ(leaf->prot, model.page[i].prot);
			return 1;
		}
	}
	*next = end;
	return 0;
}

static bool same(void)
{
	unsigned int next = 0;

	return uk_paging_walk(&pt, 0, UKARCH_LOW_END, check_leaf,
			      &next) == 0 &&
	       UK_EXPECT(is_free(next, NPAGES - next)) &&
	       arena_consistent(&pt, 0);
}

/* One step, perhaps without memory for all tables: then nothing changes. */
static bool step(void)
{
	switch (below(8)) {
	case 0:
	case 1:
		return do_map();
	case 2:
		return do_map_each();
	case 3:
	case 4:
		return do_unmap();
	case 5:
		return do_protect();
	case 6:
		return do_merge();
	default:
		return do_replace();
	}
}

static bool step_without_memory(void)
{
	unsigned int first, n;
	int rc;

	pick(&first, &n);
	arena.left = below(3);
	switch (below(3)) {
	case 0:
		rc = uk_paging_map(&pt, VA + first * PAGE, memory(first),
				   n * PAGE, R, 0);
		break;
	case 1:
		rc = uk_paging_unmap(&pt, VA + first * PAGE, n * PAGE, 0,
				     NULL);
		break;
	default:
		rc = uk_paging_protect(&pt, VA + first * PAGE, n * PAGE, RX,
				       0, NULL);
		break;
	}
	arena.left = UINT32_MAX;
	/* What there was memory for is not in the model: take it out. */
	if (rc == 0) {
		for (unsigned int i = first; i < first + n; i++)
			model.page[i].paddr = 0;
		rc = uk_paging_unmap(&pt, VA + first * PAGE, n * PAGE, 0,
				     NULL);
		return UK_EXPECT_EQ(rc, 0);
	}
	return UK_EXPECT(rc == -ENOMEM || rc == -EEXIST);
}

static void run(uint64_t seed)
{
	memset(&model, 0, sizeof(model));
	model.seed = seed;
	arena_init();
	if (!arena_table(&pt, 4, 2))
		return;
	for (uint32_t i = 0; i < nsteps; i++) {
		const bool done = below(8) ? step() : step_without_memory();

		if (!done || !same())
			return;
	}
	uk_paging_destroy(&pt);
	UK_EXPECT_EQ(arena.used, 0);
}

UK_TEST(ptmodel, every_page_is_as_an_array_would_have_it)
{
	for (uint64_t seed = 1; seed <= 8; seed++)
		run(seed);
}
