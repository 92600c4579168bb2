/* SPDX-License-Identifier: BSD-3-Clause */
/* The walk, over tables that no CPU uses. */
#include "../paging_priv.h"

#include <stdbool.h>

#include <uk/arch/paging.h>
#include <uk/compiler.h>
#include <uk/errno.h>
#include <uk/string.h>
#include <uk/test.h>

#define NTABLES	16u
#define MIB	UINT64_C(0x100000)
#define GIB	UINT64_C(0x40000000)
#define RW	(UK_PAGE_READ | UK_PAGE_WRITE)

/* How entries name the tables: no real place. */
#define TABLES_AT	(UINT64_C(1) << 40)

static uint64_t tables[NTABLES][UKARCH_PT_ENTRIES] UK_ALIGNED(4096);

static struct test_env {
	struct paging_env env;
	size_t used, max;
} te;

static struct test_env *self(struct paging_env *env)
{
	return (struct test_env *)env;
}

static uint64_t *alloc(struct paging_env *env)
{
	struct test_env *t = self(env);

	if (t->used == t->max)
		return NULL;
	return tables[t->used++];
}

/* The last ones, whichever of them. */
static void put_back(struct paging_env *env, uint64_t *table UK_UNUSED)
{
	self(env)->used--;
}

static size_t left(struct paging_env *env)
{
	return self(env)->max - self(env)->used;
}

static uint64_t offset(void)
{
	return (uintptr_t)tables - TABLES_AT;
}

/* An empty root; what other tables hold is as bad as can be. */
static void begin(unsigned int leaf_max, size_t max)
{
	memset(tables, 0xff, sizeof(tables));
	memset(tables[0], 0, sizeof(tables[0]));
	te = (struct test_env){
		.env = {
			.alloc = alloc, .free = put_back, .left = left,
			.offset = offset(), .levels = UKARCH_PT_LEVELS,
			.leaf_max = leaf_max,
		},
		.used = 1, .max = max + 1,
	};
}

static int map(uint64_t paddr, uint64_t end, unsigned int prot)
{
	return paging_map(&te.env, tables[0], paddr, end, prot);
}

/* The entry that maps @paddr in the linear map; 0: none. */
static uint64_t walk(uint64_t paddr, unsigned int *level)
{
	const uint64_t *tab = tables[0];

	for (*level = UKARCH_PT_LEVELS - 1;; --*level) {
		const uint64_t pte =
			tab[((UKARCH_LINEAR_BASE + paddr) >>
			     UKARCH_PT_SHIFT(*level)) % UKARCH_PT_ENTRIES];

		if (!ukarch_pte_present(pte))
			return 0;
		if (ukarch_pte_is_leaf(pte, *level))
			return pte;
		tab = (uint64_t *)(uintptr_t)(ukarch_pte_paddr(pte) +
					      offset());
	}
}

/* Is @paddr mapped to itself by an entry of @level with @prot? */
static bool mapped(uint64_t paddr, unsigned int level, unsigned int prot)
{
	unsigned int found;
	const uint64_t pte = walk(paddr, &found);
	const uint64_t base = paddr & ~((UINT64_C(1) <<
					 UKARCH_PT_SHIFT(level)) - 1);

	return pte && found == level &&
	       pte == ukarch_pte_leaf(base, level, prot | UK_PAGE_GLOBAL);
}

static bool unmapped(uint64_t paddr)
{
	unsigned int level;

	return walk(paddr, &level) == 0;
}

UK_TEST(paging, aligned_memory_gets_large_pages_and_ragged_ends_small_ones)
{
	begin(1, NTABLES - 1);
	UK_EXPECT_EQ(map(MIB, 6 * MIB + 0x3000, RW), 0);
	/* One table of each level, and one more for the end. */
	UK_EXPECT_EQ(te.used, 1 + 4);
	for (uint64_t p = MIB; p < 2 * MIB; p += 0x1000)
		UK_EXPECT(mapped(p, 0, RW));
	UK_EXPECT(mapped(2 * MIB, 1, RW));
	UK_EXPECT(mapped(5 * MIB, 1, RW));
	UK_EXPECT(mapped(6 * MIB, 0, RW));
	UK_EXPECT(mapped(6 * MIB + 0x2000, 0, RW));
	UK_EXPECT(unmapped(6 * MIB + 0x3000));
	UK_EXPECT(unmapped(MIB - 0x1000));
	UK_EXPECT(unmapped(0));
	UK_EXPECT(unmapped(8 * MIB));
	UK_EXPECT(unmapped(GIB));
	UK_EXPECT(unmapped(512 * GIB));
}

UK_TEST(paging, gigabytes_are_mapped_one_by_one_only_where_the_cpu_can)
{
	begin(1, NTABLES - 1);
	UK_EXPECT_EQ(map(0, 3 * GIB, RW), 0);
	UK_EXPECT_EQ(te.used, 1 + 1 + 3);
	UK_EXPECT(mapped(3 * GIB - 1, 1, RW));
	UK_EXPECT(mapped(GIB, 1, RW));

	begin(2, NTABLES - 1);
	UK_EXPECT_EQ(map(2 * MIB, 3 * GIB + 2 * MIB, RW), 0);
	UK_EXPECT_EQ(te.used, 1 + 1 + 2);
	UK_EXPECT(unmapped(0));
	UK_EXPECT(mapped(2 * MIB, 1, RW));
	UK_EXPECT(mapped(GIB, 2, RW));
	UK_EXPECT(mapped(3 * GIB - 1, 2, RW));
	UK_EXPECT(mapped(3 * GIB, 1, RW));
	UK_EXPECT(unmapped(3 * GIB + 2 * MIB));
}

UK_TEST(paging, a_range_may_cross_the_tables_of_every_level)
{
	begin(1, NTABLES - 1);
	UK_EXPECT_EQ(map(512 * GIB - 0x2000, 512 * GIB + 0x2000, UK_PAGE_READ),
		     0);
	UK_EXPECT_EQ(te.used, 1 + 6);
	UK_EXPECT(unmapped(512 * GIB - 0x3000));
	UK_EXPECT(mapped(512 * GIB - 0x2000, 0, UK_PAGE_READ));
	UK_EXPECT(mapped(512 * GIB - 0x1000, 0, UK_PAGE_READ));
	UK_EXPECT(mapped(512 * GIB, 0, UK_PAGE_READ));
	UK_EXPECT(mapped(512 * GIB + 0x1000, 0, UK_PAGE_READ));
	UK_EXPECT(unmapped(512 * GIB + 0x2000));
}

UK_TEST(paging, what_is_mapped_already_is_left_alone)
{
	size_t used;

	begin(1, NTABLES - 1);
	UK_EXPECT_EQ(map(3 * MIB, 5 * MIB, RW), 0);
	used = te.used;
	UK_EXPECT_EQ(map(3 * MIB, 5 * MIB, RW), 0);
	UK_EXPECT_EQ(map(3 * MIB + 0x5000, 3 * MIB + 0x6000, RW), 0);
	UK_EXPECT_EQ(te.used, used);

	/* Around it: small pages stay small, the rest is added. */
	UK_EXPECT_EQ(map(2 * MIB, 8 * MIB, RW), 0);
	UK_EXPECT_EQ(te.used, used);
	UK_EXPECT(mapped(2 * MIB, 0, RW));
	UK_EXPECT(mapped(3 * MIB, 0, RW));
	UK_EXPECT(mapped(4 * MIB, 0, RW));
	UK_EXPECT(mapped(6 * MIB - 1, 0, RW));
	UK_EXPECT(mapped(6 * MIB, 1, RW));
	/* And inside of a large page. */
	UK_EXPECT_EQ(map(7 * MIB, 9 * MIB, RW), 0);
	UK_EXPECT(mapped(7 * MIB, 1, RW));
	UK_EXPECT(mapped(9 * MIB - 1, 0, RW));
}

UK_TEST(paging, other_rights_or_another_kind_are_a_conflict)
{
	static uint64_t before[2][UKARCH_PT_ENTRIES];

	begin(1, NTABLES - 1);
	UK_EXPECT_EQ(map(4 * MIB, 6 * MIB, UK_PAGE_READ), 0);
	UK_EXPECT_EQ(map(8 * MIB, 8 * MIB + 0x1000, RW | UK_PAGE_DEVICE), 0);
	memcpy(before, tables[1], sizeof(before));

	UK_EXPECT_EQ(map(0, 5 * MIB, RW), -EEXIST);
	UK_EXPECT_EQ(map(4 * MIB, 6 * MIB, UK_PAGE_READ | UK_PAGE_EXEC),
		     -EEXIST);
	UK_EXPECT_EQ(map(7 * MIB, 9 * MIB, RW), -EEXIST);
	UK_EXPECT_EQ(te.used, 1 + 3);
	UK_EXPECT_MEM_EQ(before, tables[1], sizeof(before));
	UK_EXPECT(unmapped(0));
	UK_EXPECT(unmapped(8 * MIB - 1));
}

UK_TEST(paging, an_entry_for_other_memory_is_a_conflict)
{
	begin(1, NTABLES - 1);
	UK_EXPECT_EQ(map(4 * MIB, 6 * MIB, RW), 0);
	/* tables[2] is the one of level 1. */
	tables[2][2] = ukarch_pte_leaf(8 * MIB, 1, RW);
	UK_EXPECT_EQ(map(4 * MIB, 6 * MIB, RW), -EEXIST);
}

UK_TEST(paging, without_memory_for_all_tables_nothing_is_mapped)
{
	begin(1, 3);
	UK_EXPECT_EQ(map(MIB, 6 * MIB + 0x3000, RW), -ENOMEM);
	UK_EXPECT_EQ(te.used, 1);
	UK_EXPECT(unmapped(MIB));
	UK_EXPECT_EQ(map(MIB, 6 * MIB, RW), 0);
	UK_EXPECT_EQ(te.used, 1 + 3);
}

UK_TEST(paging, the_survey_counts_the_tables_that_are_taken)
{
	static const struct {
		uint64_t paddr, end;
		unsigned int leaf_max;
		size_t ntables;
	} cases[] = {
		{ 0, 0x1000, 1, 3 },
		{ 0x1000, 2 * MIB + 0x1000, 1, 4 },
		{ 0, 2 * MIB, 2, 2 },
		{ 0, GIB, 2, 1 },
		{ 0, GIB + 0x1000, 2, 3 },
		{ 0x1000, 4 * GIB - 0x1000, 1, 7 },
		{ 0x1000, 4 * GIB - 0x1000, 2, 5 },
		{ 511 * GIB, 513 * GIB, 1, 4 },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		begin(cases[i].leaf_max, cases[i].ntables - 1);
		UK_EXPECT_EQ(map(cases[i].paddr, cases[i].end, RW), -ENOMEM);
		begin(cases[i].leaf_max, cases[i].ntables);
		UK_EXPECT_EQ(map(cases[i].paddr, cases[i].end, RW), 0);
		UK_EXPECT_EQ(te.used, 1 + cases[i].ntables);
	}
}

UK_TEST(paging, at_boot_a_conflict_or_lack_of_tables_ends_the_walk_there)
{
	begin(1, NTABLES - 1);
	UK_EXPECT_EQ(map(4 * MIB, 4 * MIB + 0x1000, UK_PAGE_READ), 0);
	UK_EXPECT_EQ(paging_extend(&te.env, tables[0], MIB, 6 * MIB, RW),
		     -EEXIST);
	UK_EXPECT(mapped(MIB, 0, RW));
	UK_EXPECT(mapped(2 * MIB, 1, RW));
	UK_EXPECT(mapped(4 * MIB, 0, UK_PAGE_READ));
	UK_EXPECT(unmapped(4 * MIB + 0x1000));

	begin(1, 2);
	UK_EXPECT_EQ(paging_extend(&te.env, tables[0], MIB, 2 * MIB, RW),
		     -ENOMEM);
	UK_EXPECT(unmapped(MIB));
	/* What was linked in is clear. */
	UK_EXPECT_EQ(paging_extend(&te.env, tables[0], 2 * MIB, 4 * MIB, RW),
		     0);
	UK_EXPECT(unmapped(0));
	UK_EXPECT(mapped(2 * MIB, 1, RW));
	UK_EXPECT(unmapped(4 * MIB));
}

UK_TEST(paging, a_page_that_may_lack_tables_is_surveyed_too)
{
	begin(1, 2);
	UK_EXPECT_EQ(map(MIB, MIB + 0x1000, RW), -ENOMEM);
	UK_EXPECT_EQ(te.used, 1);
	UK_EXPECT_EQ(map(2 * MIB, 4 * MIB, RW), 0);
	UK_EXPECT_EQ(te.used, 1 + 2);
	UK_EXPECT_EQ(map(MIB, MIB + 0x1000, RW), -ENOMEM);
	UK_EXPECT_EQ(map(2 * MIB, 2 * MIB + 0x1000, UK_PAGE_READ), -EEXIST);
	UK_EXPECT(mapped(2 * MIB, 1, RW));
}
