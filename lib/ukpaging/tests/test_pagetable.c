/* SPDX-License-Identifier: BSD-3-Clause */
/* Page tables that no CPU uses: what is in them after each call. */
#include <uk/pagetable.h>

#include <stdbool.h>

#include <uk/arch/paging.h>
#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/test.h>

#include "arena.h"

#define PAGE	((uintptr_t)0x1000)
#define KIB	UINT64_C(0x400)
#define MIB	UINT64_C(0x100000)
#define GIB	UINT64_C(0x40000000)
#define R	UK_PAGE_READ
#define RW	(UK_PAGE_READ | UK_PAGE_WRITE)
#define RX	(UK_PAGE_READ | UK_PAGE_EXEC)

/* Two gigabytes, of which virtual and physical addresses look alike. */
#define VA	((uintptr_t)(64 * GIB))
#define PA	(8 * GIB)

static struct uk_pagetable pt;

static bool begin(void)
{
	arena_init();
	return arena_table(&pt, 4, 2);
}

/* Everything is given back, with what is still mapped. */
static void end(void)
{
	uk_paging_destroy(&pt);
	UK_EXPECT_EQ(arena.used, 0);
}

struct tally {
	unsigned int n[3];	/* leaves by level */
	uint64_t bytes;
	uintptr_t next;
	bool upwards;
};

static int add(void *arg, const struct uk_paging_leaf *leaf)
{
	struct tally *const t = arg;

	t->upwards &= leaf->vaddr >= t->next;
	t->next = leaf->vaddr + leaf->len;
	t->n[leaf->level]++;
	t->bytes += leaf->len;
	return 0;
}

/* All leaves of the low half. */
static struct tally leaves(void)
{
	struct tally t = { .upwards = true };

	UK_EXPECT_EQ(uk_paging_walk(&pt, 0, UKARCH_LOW_END, add, &t), 0);
	UK_EXPECT(t.upwards);
	UK_EXPECT(arena_consistent(&pt, 0));
	return t;
}

/* Is @vaddr mapped to @paddr with @prot by an entry of @level? */
static bool mapped(uintptr_t vaddr, uint64_t paddr, unsigned int level,
		   unsigned int prot)
{
	struct uk_paging_leaf leaf;

	return UK_EXPECT_EQ(uk_paging_find(&pt, vaddr, &leaf), 0) &&
	       UK_EXPECT_EQ(leaf.paddr + (vaddr - leaf.vaddr), paddr) &&
	       UK_EXPECT_EQ(leaf.level, level) &&
	       UK_EXPECT_EQ(leaf.prot, prot);
}

static bool unmapped(uintptr_t vaddr)
{
	struct uk_paging_leaf leaf;

	return uk_paging_find(&pt, vaddr, &leaf) == -ENOENT;
}

UK_TEST(pagetable, sixteen_megabytes_are_eight_pages_and_a_split_leaves_seven)
{
	if (!begin())
		return;
	UK_EXPECT_EQ(uk_paging_map(&pt, VA, PA, 16 * MIB, RW, 0), 0);
	UK_EXPECT_EQ(leaves().n[1], 8);
	UK_EXPECT_EQ(leaves().n[0], 0);
	UK_EXPECT_EQ(pt.ntables, 2);

	UK_EXPECT_EQ(uk_paging_protect(&pt, VA + 5 * MIB, PAGE, R, 0, NULL),
		     0);
	UK_EXPECT_EQ(leaves().n[1], 7);
	UK_EXPECT_EQ(leaves().n[0], 512);
	UK_EXPECT_EQ(leaves().bytes, 16 * MIB);
	UK_EXPECT(mapped(VA + 5 * MIB, PA + 5 * MIB, 0, R));
	UK_EXPECT(mapped(VA + 5 * MIB + PAGE, PA + 5 * MIB + PAGE, 0, RW));
	UK_EXPECT(mapped(VA + 6 * MIB, PA + 6 * MIB, 1, RW));
	end();
}

UK_TEST(pagetable, ten_small_pages_out_of_large_ones_split_a_single_one)
{
	if (!begin())
		return;
	UK_EXPECT_EQ(uk_paging_map(&pt, VA, PA, 16 * MIB, RW, 0), 0);
	UK_EXPECT_EQ(uk_paging_unmap(&pt, VA + 2 * MIB + 16 * PAGE, 10 * PAGE,
				     UK_PAGING_FREE, NULL), 0);
	UK_EXPECT_EQ(leaves().n[1], 7);
	UK_EXPECT_EQ(leaves().n[0], 502);
	UK_EXPECT_EQ(arena.nfreed, 10);
	UK_EXPECT(unmapped(VA + 2 * MIB + 16 * PAGE));
	UK_EXPECT(unmapped(VA + 2 * MIB + 25 * PAGE));
	UK_EXPECT(mapped(VA + 2 * MIB + 15 * PAGE,
			 PA + 2 * MIB + 15 * PAGE, 0, RW));
	UK_EXPECT(mapped(VA + 2 * MIB + 26 * PAGE,
			 PA + 2 * MIB + 26 * PAGE, 0, RW));
	end();
}

UK_TEST(pagetable, the_largest_page_that_fits_is_used_up_to_a_limit)
{
	if (!begin())
		return;
	/* 2 MiB before a GiB, the GiB, and 3 MiB after it. */
	UK_EXPECT_EQ(uk_paging_map(&pt, VA - 2 * MIB, PA - 2 * MIB,
				   GIB + 5 * MIB, RW, 0), 0);
	UK_EXPECT_EQ(leaves().n[2], 1);
	UK_EXPECT_EQ(leaves().n[1], 2);
	UK_EXPECT_EQ(leaves().n[0], 256);
	UK_EXPECT_EQ(uk_paging_unmap(&pt, VA - 2 * MIB, GIB + 5 * MIB, 0,
				     NULL), 0);
	UK_EXPECT_EQ(pt.ntables, 0);

	UK_EXPECT_EQ(uk_paging_map(&pt, VA, PA, GIB, RW,
				   UK_PAGING_LEVEL_MAX(1)), 0);
	UK_EXPECT_EQ(leaves().n[1], 512);
	UK_EXPECT_EQ(uk_paging_map(&pt, VA + GIB, PA, 2 * MIB, RW,
				   UK_PAGING_LEVEL_MAX(0)), 0);
	UK_EXPECT_EQ(leaves().n[0], 512);
	/* Addresses that differ in their places cannot be large. */
	UK_EXPECT_EQ(uk_paging_map(&pt, VA + 2 * GIB, PA + PAGE, 2 * MIB, RW,
				   0), 0);
	UK_EXPECT_EQ(leaves().n[0], 1024);
	end();
}

UK_TEST(pagetable, a_gigabyte_is_split_down_to_the_page_that_changes)
{
	if (!begin())
		return;
	UK_EXPECT_EQ(uk_paging_map(&pt, VA, PA, GIB, RX, 0), 0);
	UK_EXPECT_EQ(uk_paging_replace(&pt, VA + 7 * PAGE, 0x5000, RW, 0,
				       NULL), 0);
	UK_EXPECT_EQ(leaves().n[1], 511);
	UK_EXPECT_EQ(leaves().n[0], 512);
	UK_EXPECT(mapped(VA + 7 * PAGE, 0x5000, 0, RW));
	UK_EXPECT(mapped(VA + 8 * PAGE, PA + 8 * PAGE, 0, RX));
	UK_EXPECT(mapped(VA + GIB - 1, PA + GIB - 1, 1, RX));
	UK_EXPECT_EQ(uk_paging_replace(&pt, VA + GIB, 0x5000, RW, 0, NULL),
		     -ENOENT);
	end();
}

UK_TEST(pagetable, pages_are_put_together_where_all_512_are_alike)
{
	if (!begin())
		return;
	UK_EXPECT_EQ(uk_paging_map(&pt, VA, PA, GIB, RW,
				   UK_PAGING_LEVEL_MAX(1)), 0);
	UK_EXPECT_EQ(uk_paging_protect(&pt, VA + PAGE, PAGE, R, 0, NULL), 0);
	UK_EXPECT_EQ(uk_paging_merge(&pt, VA, GIB, 0, NULL), 0);
	UK_EXPECT_EQ(uk_paging_protect(&pt, VA + PAGE, PAGE, RW, 0, NULL), 0);
	/* Only what is in the range as a whole. */
	UK_EXPECT_EQ(uk_paging_merge(&pt, VA, 2 * MIB - PAGE, 0, NULL), 0);
	UK_EXPECT_EQ(uk_paging_merge(&pt, VA, GIB, UK_PAGING_LEVEL_MAX(1),
				     NULL), 1);
	UK_EXPECT_EQ(leaves().n[1], 512);
	UK_EXPECT_EQ(uk_paging_merge(&pt, VA, GIB, 0, NULL), 1);
	UK_EXPECT_EQ(leaves().n[2], 1);
	UK_EXPECT_EQ(pt.ntables, 1);
	UK_EXPECT(mapped(VA + 5 * MIB, PA + 5 * MIB, 2, RW));

	/* In a row, and not aligned; with a hole; in another order. */
	UK_EXPECT_EQ(uk_paging_map(&pt, VA + GIB, PA + PAGE, 2 * MIB, RW, 0),
		     0);
	UK_EXPECT_EQ(uk_paging_map(&pt, VA + GIB + 2 * MIB, PA,
				   2 * MIB - PAGE, RW, 0), 0);
	UK_EXPECT_EQ(uk_paging_merge(&pt, VA + GIB, 4 * MIB, 0, NULL), 0);
	UK_EXPECT_EQ(uk_paging_map(&pt, VA + GIB + 4 * MIB - PAGE, PA, PAGE,
				   RW, 0), 0);
	UK_EXPECT_EQ(uk_paging_merge(&pt, VA + GIB, 4 * MIB, 0, NULL), 0);
	UK_EXPECT_EQ(uk_paging_replace(&pt, VA + GIB + 4 * MIB - PAGE,
				       PA + 2 * MIB - PAGE, RW, 0, NULL), 0);
	UK_EXPECT_EQ(uk_paging_merge(&pt, VA + GIB, 4 * MIB, 0, NULL), 1);
	end();
}

UK_TEST(pagetable, what_is_mapped_is_not_mapped_over)
{
	if (!begin())
		return;
	UK_EXPECT_EQ(uk_paging_map(&pt, VA + 6 * MIB + PAGE, PA, PAGE, RW, 0),
		     0);
	/* The same page, and one that a large page would cover. */
	UK_EXPECT_EQ(uk_paging_map(&pt, VA + 6 * MIB + PAGE, PA, PAGE, RW, 0),
		     -EEXIST);
	UK_EXPECT_EQ(uk_paging_map(&pt, VA, PA, 16 * MIB, RW, 0), -EEXIST);
	UK_EXPECT_EQ(leaves().n[0], 1);
	UK_EXPECT_EQ(leaves().n[1], 0);
	UK_EXPECT_EQ(pt.ntables, 3);
	end();
}

UK_TEST(pagetable, wrong_requests_are_refused_by_name)
{
	struct uk_paging_leaf leaf;

	if (!begin())
		return;
	UK_EXPECT_EQ(uk_paging_map(&pt, VA + 1, PA, PAGE, RW, 0), -EINVAL);
	UK_EXPECT_EQ(uk_paging_map(&pt, VA, PA + 1, PAGE, RW, 0), -EINVAL);
	UK_EXPECT_EQ(uk_paging_map(&pt, VA, PA, PAGE + 1, RW, 0), -EINVAL);
	UK_EXPECT_EQ(uk_paging_map(&pt, VA, PA, 0, RW, 0), -EINVAL);
	UK_EXPECT_EQ(uk_paging_map(&pt, VA, PA, PAGE, UK_PAGE_WRITE, 0),
		     -EINVAL);
	UK_EXPECT_EQ(uk_paging_map(&pt, VA, PA, PAGE, RW | UK_PAGE_GLOBAL, 0),
		     -EINVAL);
	UK_EXPECT_EQ(uk_paging_map(&pt, VA, PA, PAGE, RX | UK_PAGE_DEVICE, 0),
		     -EINVAL);
	UK_EXPECT_EQ(uk_paging_map(&pt, VA, PA, PAGE, RW, UK_PAGING_FREE),
		     -EINVAL);
	UK_EXPECT_EQ(uk_paging_unmap(&pt, VA, PAGE, UK_PAGING_WX, NULL),
		     -EINVAL);
	UK_EXPECT_EQ(uk_paging_protect(&pt, VA, PAGE, RW | UK_PAGE_DEVICE, 0,
				       NULL), -EINVAL);
	/* Page 0, the high half, and beyond either end. */
	UK_EXPECT_EQ(uk_paging_map(&pt, 0, PA, PAGE, RW, 0), -ERANGE);
	UK_EXPECT_EQ(uk_paging_map(&pt, UKARCH_KMAP_BASE, PA, PAGE, RW, 0),
		     -ERANGE);
	UK_EXPECT_EQ(uk_paging_map(&pt, UKARCH_LOW_END - PAGE, PA, 2 * PAGE,
				   RW, 0), -ERANGE);
	UK_EXPECT_EQ(uk_paging_map(&pt, VA, PA, -(size_t)PAGE, RW, 0),
		     -ERANGE);
	UK_EXPECT_EQ(uk_paging_map(&pt, VA, pt.paddr_end - PAGE, 2 * PAGE, RW,
				   0), -ERANGE);
	UK_EXPECT_EQ(uk_paging_find(&pt, UKARCH_IMAGE_BASE, &leaf), -ENOENT);
	UK_EXPECT_EQ(pt.ntables, 0);
	UK_EXPECT_EQ(uk_paging_map(&pt, UKARCH_LOW_END - PAGE, PA, PAGE, RW,
				   0), 0);
	UK_EXPECT_EQ(uk_paging_map(&pt, UKARCH_LOW_BASE, PA, PAGE, RW, 0), 0);
	UK_EXPECT_EQ(leaves().n[0], 2);
	end();
}

UK_TEST(pagetable, to_write_and_to_execute_must_be_meant)
{
	if (!begin())
		return;
	UK_EXPECT_EQ(uk_paging_map(&pt, VA, PA, PAGE, RW | UK_PAGE_EXEC, 0),
		     -EACCES);
	UK_EXPECT_EQ(uk_paging_map(&pt, VA, PA, PAGE, RW, 0), 0);
	UK_EXPECT_EQ(uk_paging_protect(&pt, VA, PAGE, RW | UK_PAGE_EXEC, 0,
				       NULL), -EACCES);
	UK_EXPECT_EQ(uk_paging_replace(&pt, VA, PA, RW | UK_PAGE_EXEC, 0,
				       NULL), -EACCES);
	UK_EXPECT_EQ(uk_paging_map(uk_paging_kernel(), UKARCH_KMAP_BASE, PA,
				   PAGE, RW | UK_PAGE_EXEC, UK_PAGING_WX),
		     -EACCES);
	UK_EXPECT_EQ(uk_paging_protect(&pt, VA, PAGE, RW | UK_PAGE_EXEC,
				       UK_PAGING_WX, NULL), 0);
	UK_EXPECT(mapped(VA, PA, 0, RW | UK_PAGE_EXEC));
	end();
}

UK_TEST(pagetable, the_kind_of_memory_stays_when_rights_change)
{
	static const unsigned int types[] = {
		UK_PAGE_WRITEBACK, UK_PAGE_DEVICE, UK_PAGE_WRITECOMBINE,
		UK_PAGE_UNCACHED,
	};

	if (!begin())
		return;
	for (unsigned int i = 0; i < UK_ARRAY_SIZE(types); i++) {
		const uintptr_t va = VA + i * 4 * MIB;

		UK_EXPECT_EQ(uk_paging_map(&pt, va, PA, 2 * MIB,
					   RW | types[i], 0), 0);
		UK_EXPECT(mapped(va, PA, 1, RW | types[i]));
		UK_EXPECT_EQ(uk_paging_protect(&pt, va + PAGE, PAGE, RX, 0,
					       NULL), 0);
		UK_EXPECT(mapped(va, PA, 0, RW | types[i]));
		/* Only memory as usual becomes executable. */
		UK_EXPECT(mapped(va + PAGE, PA + PAGE, 0,
				 types[i] ? R | types[i] : RX));
	}
	end();
}

UK_TEST(pagetable, a_page_that_loses_all_rights_keeps_its_memory)
{
	struct uk_paging_leaf leaf;

	if (!begin())
		return;
	UK_EXPECT_EQ(uk_paging_map(&pt, VA, PA, 2 * MIB, RW, 0), 0);
	UK_EXPECT_EQ(uk_paging_protect(&pt, VA + PAGE, PAGE, 0, 0, NULL), 0);
	UK_EXPECT_EQ(uk_paging_find(&pt, VA + PAGE, &leaf), 0);
	UK_EXPECT_EQ(leaf.prot, 0);
	UK_EXPECT_EQ(leaf.paddr, PA + PAGE);
	UK_EXPECT_EQ(uk_paging_map(&pt, VA + PAGE, PA, PAGE, RW, 0), -EEXIST);
	UK_EXPECT_EQ(uk_paging_protect(&pt, VA + PAGE, PAGE, RW, 0, NULL), 0);
	UK_EXPECT_EQ(uk_paging_find(&pt, VA + PAGE, &leaf), 0);
	UK_EXPECT_EQ(leaf.prot, RW);
	UK_EXPECT_EQ(leaf.paddr, PA + PAGE);
	end();
}

UK_TEST(pagetable, five_levels_are_walked_as_four_are)
{
	const uintptr_t far = (UINT64_C(1) << 55) + 3 * GIB;

	arena_init();
	if (!arena_table(&pt, 5, 2))
		return;
	UK_EXPECT_EQ(uk_paging_map(&pt, far - PAGE, PA - PAGE, GIB + 2 * PAGE,
				   RW, 0), 0);
	UK_EXPECT_EQ(uk_paging_map(&pt, far - 256 * GIB * 512, PA, PAGE, R, 0),
		     0);
	UK_EXPECT(mapped(far - 1, PA - 1, 0, RW));
	UK_EXPECT(mapped(far + 5, PA + 5, 2, RW));
	UK_EXPECT(mapped(far + GIB, PA + GIB, 0, RW));
	UK_EXPECT(mapped(far - 256 * GIB * 512, PA, 0, R));
	UK_EXPECT(unmapped(3 * GIB));
	UK_EXPECT(arena_consistent(&pt, 0));
	UK_EXPECT_EQ(uk_paging_unmap(&pt, UKARCH_LOW_BASE,
				     pt.end - UKARCH_LOW_BASE, 0, NULL), 0);
	UK_EXPECT_EQ(pt.ntables, 0);
	end();
}

/* What is mapped before each try, and the tries. */
static void prepare(void)
{
	UK_EXPECT_EQ(uk_paging_map(&pt, VA, PA, GIB, RW, 0), 0);
	UK_EXPECT_EQ(uk_paging_map(&pt, VA + GIB, PA, 2 * MIB, RW, 0), 0);
}

static int try_map(void)
{
	/* In three levels on both sides of 512 GiB. */
	return uk_paging_map(&pt, 512 * GIB - 3 * PAGE, PA, 6 * PAGE, RW, 0);
}

static int try_unmap(void)
{
	return uk_paging_unmap(&pt, VA + GIB / 2 + PAGE, GIB / 2, 0, NULL);
}

static int try_protect(void)
{
	return uk_paging_protect(&pt, VA + PAGE, GIB, R, 0, NULL);
}

static int try_replace(void)
{
	return uk_paging_replace(&pt, VA + PAGE, PA, R, 0, NULL);
}

/* What no split changes: each byte's memory and rights. */
static uint64_t digest_seed;

static int digest_leaf(void *arg UK_UNUSED, const struct uk_paging_leaf *leaf)
{
	digest_seed += (leaf->paddr - leaf->vaddr + 3 * leaf->prot) *
		       (leaf->len / PAGE);
	return 0;
}

static uint64_t digest(void)
{
	digest_seed = 0;
	UK_EXPECT_EQ(uk_paging_walk(&pt, 0, UKARCH_LOW_END, digest_leaf,
				    NULL), 0);
	return digest_seed;
}

UK_TEST(pagetable, where_the_nth_table_is_lacking_nothing_has_changed)
{
	static const struct {
		int (*fn)(void);
		unsigned int ntables;
	} tries[] = {
		{ try_map, 5 }, { try_unmap, 3 }, { try_protect, 3 },
		{ try_replace, 2 },
	};

	for (unsigned int i = 0; i < UK_ARRAY_SIZE(tries); i++) {
		for (unsigned int n = 0; n <= tries[i].ntables; n++) {
			uint64_t before;
			int rc;

			if (!begin())
				return;
			prepare();
			before = digest();
			arena.left = n;
			rc = tries[i].fn();
			UK_EXPECT_EQ(rc, n < tries[i].ntables ? -ENOMEM : 0);
			UK_EXPECT_EQ(digest() == before, rc < 0);
			UK_EXPECT(arena_consistent(&pt, 0));
			/* And it works as soon as there is memory. */
			arena.left = UINT32_MAX;
			if (rc < 0)
				UK_EXPECT_EQ(tries[i].fn(), 0);
			end();
		}
	}
}

/* Supplies of frames: each second page, from 4 KiB to what it is told. */
static struct {
	unsigned int ncalls, fail_at;
	unsigned int level_max;
} supply;

static int frame(void *arg UK_UNUSED, uintptr_t vaddr, unsigned int level,
		 uint64_t *paddr)
{
	if (++supply.ncalls == supply.fail_at)
		return -EIO;
	if (level > supply.level_max || (level == 0 && vaddr / PAGE % 2))
		return UK_PAGING_SKIP;
	*paddr = vaddr - VA + PA;
	return 0;
}

UK_TEST(pagetable, frames_are_asked_for_where_nothing_is_mapped)
{
	size_t done = 0;

	if (!begin())
		return;
	supply = (__typeof__(supply)){ .level_max = 0 };
	UK_EXPECT_EQ(uk_paging_map(&pt, VA + 4 * PAGE, 0, PAGE, R, 0), 0);
	UK_EXPECT_EQ(uk_paging_map_each(&pt, VA, 8 * PAGE, RW, 0, frame, NULL,
					&done), 0);
	UK_EXPECT_EQ(supply.ncalls, 7);
	UK_EXPECT_EQ(done, 8 * PAGE);
	UK_EXPECT(mapped(VA, PA, 0, RW));
	UK_EXPECT(unmapped(VA + PAGE));
	UK_EXPECT(mapped(VA + 2 * PAGE, PA + 2 * PAGE, 0, RW));
	UK_EXPECT(mapped(VA + 4 * PAGE, 0, 0, R));
	UK_EXPECT(mapped(VA + 6 * PAGE, PA + 6 * PAGE, 0, RW));
	UK_EXPECT_EQ(leaves().n[0], 4);

	/* The largest first: a page of 2 MiB after the one begun. */
	supply = (__typeof__(supply)){ .level_max = 1 };
	UK_EXPECT_EQ(uk_paging_map_each(&pt, VA + 2 * MIB - 2 * PAGE,
					2 * MIB + 2 * PAGE, RW, 0, frame,
					NULL, NULL), 0);
	UK_EXPECT_EQ(supply.ncalls, 3);
	UK_EXPECT_EQ(leaves().n[1], 1);
	UK_EXPECT(mapped(VA + 2 * MIB, PA + 2 * MIB, 1, RW));
	/* A large page that is there already, and longer. */
	supply = (__typeof__(supply)){ 0 };
	UK_EXPECT_EQ(uk_paging_map_each(&pt, VA + 2 * MIB + PAGE, PAGE, RW, 0,
					frame, NULL, &done), 0);
	UK_EXPECT_EQ(supply.ncalls, 0);
	UK_EXPECT_EQ(done, PAGE);
	end();
}

UK_TEST(pagetable, what_was_supplied_before_an_error_stays)
{
	size_t done = 0;

	if (!begin())
		return;
	supply = (__typeof__(supply)){ .fail_at = 4 };
	UK_EXPECT_EQ(uk_paging_map_each(&pt, VA, 8 * PAGE, RW, 0, frame, NULL,
					&done), -EIO);
	UK_EXPECT_EQ(done, 3 * PAGE);
	UK_EXPECT_EQ(leaves().n[0], 2);

	/* The fifth page, in another table, for which there is no memory. */
	arena.left = 0;
	supply = (__typeof__(supply)){ 0 };
	UK_EXPECT_EQ(uk_paging_map_each(&pt, VA + 2 * MIB - 2 * PAGE,
					8 * PAGE, RW, 0, frame, NULL, &done),
		     -ENOMEM);
	UK_EXPECT_EQ(done, 2 * PAGE);
	UK_EXPECT_EQ(leaves().n[0], 3);
	arena.left = UINT32_MAX;
	end();
}

static void count_leaf(void *arg, const struct uk_paging_leaf *leaf,
		       struct uk_paging_batch *batch)
{
	unsigned int *const n = arg;

	++*n;
	/* All but the first ones of large pages. */
	uk_paging_batch_free(batch, leaf->paddr, leaf->len / PAGE);
}

UK_TEST(pagetable, frames_come_back_after_the_flush_and_all_of_them)
{
	struct uk_paging_batch batch;
	unsigned int n = 0;
	uint64_t sum = 0;

	if (!begin())
		return;
	uk_paging_batch_init(&batch, &pt);
	/* No two frames are neighbours: many more runs than a batch has. */
	for (unsigned int i = 0; i < 100; i++) {
		UK_EXPECT_EQ(uk_paging_map(&pt, VA + i * PAGE,
					   PA + 3 * i * PAGE, PAGE, RW, 0), 0);
		sum += PA + 3 * i * PAGE;
	}
	UK_EXPECT_EQ(uk_paging_unmap(&pt, VA, 10 * PAGE, UK_PAGING_FREE,
				     &batch), 0);
	UK_EXPECT_EQ(arena.nfreed, 0);
	UK_EXPECT_EQ(uk_paging_unmap(&pt, VA + 10 * PAGE, 40 * PAGE,
				     UK_PAGING_FREE, &batch), 0);
	UK_EXPECT_EQ(uk_paging_unmap_each(&pt, VA, 100 * PAGE, count_leaf, &n,
					  &batch), 0);
	UK_EXPECT_EQ(n, 50);
	UK_EXPECT_NE(arena.nfreed, 100);
	/* The tables are out of the tree, and not free yet. */
	UK_EXPECT_EQ(arena.used, 4);
	uk_paging_flush(&batch);
	UK_EXPECT_EQ(arena.nfreed, 100);
	UK_EXPECT_EQ(arena.freed_sum, sum);
	UK_EXPECT_EQ(arena.used, 1);
	UK_EXPECT_EQ(pt.ntables, 0);
	end();
}

static void count_page(void *arg, const struct uk_paging_leaf *leaf)
{
	*(uint64_t *)arg += leaf->len / PAGE;
}

UK_TEST(pagetable, a_clone_shares_memory_and_with_cow_nobody_writes)
{
	static struct uk_pagetable to;
	struct uk_paging_leaf leaf;
	uint64_t npages = 0;

	if (!begin() || !arena_table(&to, 4, 2))
		return;
	UK_EXPECT_EQ(uk_paging_map(&pt, VA, PA, 4 * MIB, RW, 0), 0);
	UK_EXPECT_EQ(uk_paging_map(&pt, VA + 4 * MIB, 0x7000, PAGE, RX, 0), 0);
	UK_EXPECT_EQ(uk_paging_clone(&to, &pt, VA + MIB, 3 * MIB + PAGE, 0,
				     count_page, &npages, NULL), 0);
	UK_EXPECT_EQ(npages, 3 * MIB / PAGE + 1);
	UK_EXPECT_EQ(uk_paging_find(&to, VA, &leaf), -ENOENT);
	UK_EXPECT_EQ(uk_paging_find(&to, VA + MIB, &leaf), 0);
	UK_EXPECT_EQ(leaf.prot, RW);
	UK_EXPECT_EQ(leaf.paddr, PA + MIB);
	UK_EXPECT_EQ(uk_paging_find(&to, VA + 2 * MIB, &leaf), 0);
	UK_EXPECT_EQ(leaf.level, 1);
	UK_EXPECT(mapped(VA + MIB, PA + MIB, 0, RW));
	/* It is there now. */
	UK_EXPECT_EQ(uk_paging_clone(&to, &pt, VA, 4 * MIB, UK_PAGING_COW,
				     NULL, NULL, NULL), -EEXIST);
	UK_EXPECT(mapped(VA + MIB, PA + MIB, 0, RW));
	UK_EXPECT_EQ(uk_paging_unmap(&to, VA, 8 * MIB, 0, NULL), 0);
	UK_EXPECT_EQ(to.ntables, 0);

	UK_EXPECT_EQ(uk_paging_clone(&to, &pt, VA, 8 * MIB, UK_PAGING_COW,
				     NULL, NULL, NULL), 0);
	UK_EXPECT(mapped(VA + 2 * MIB, PA + 2 * MIB, 1, R));
	UK_EXPECT(mapped(VA + 4 * MIB, 0x7000, 0, RX));
	UK_EXPECT_EQ(uk_paging_find(&to, VA + 2 * MIB, &leaf), 0);
	UK_EXPECT_EQ(leaf.prot, R);
	UK_EXPECT_EQ(leaf.paddr, PA + 2 * MIB);
	UK_EXPECT_EQ(uk_paging_find(&to, VA + 4 * MIB, &leaf), 0);
	UK_EXPECT_EQ(leaf.prot, RX);
	UK_EXPECT(arena_consistent(&pt, to.ntables + 1));
	uk_paging_destroy(&to);
	end();
}

UK_TEST(pagetable, a_clone_that_lacks_the_nth_table_leaves_both_as_they_were)
{
	static struct uk_pagetable to;

	for (unsigned int n = 0; n <= 9; n++) {
		uint64_t npages = 0;
		uint64_t before;
		int rc;

		if (!begin() || !arena_table(&to, 4, 2))
			return;
		prepare();
		/* Tables: 2 to split, 4 and 3 in the copy. */
		UK_EXPECT_EQ(uk_paging_map(&pt, 512 * GIB, PA, PAGE, RW, 0),
			     0);
		before = digest();
		arena.left = n;
		rc = uk_paging_clone(&to, &pt, VA + PAGE, 512 * GIB,
				     UK_PAGING_COW, count_page, &npages,
				     NULL);
		UK_EXPECT_EQ(rc, n < 9 ? -ENOMEM : 0);
		UK_EXPECT_EQ(npages == 0, rc < 0);
		UK_EXPECT_EQ(digest() == before, rc < 0);
		UK_EXPECT_EQ(to.ntables == 0, rc < 0);
		UK_EXPECT(arena_consistent(&pt, to.ntables + 1));
		arena.left = UINT32_MAX;
		uk_paging_destroy(&to);
		end();
	}
}
