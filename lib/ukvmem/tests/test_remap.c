/* SPDX-License-Identifier: BSD-3-Clause */
/* Areas that get longer, shorter, or another place. */
#include "world.h"

#include <limits.h>

#include <uk/arch/cpu.h>
#include <uk/errno.h>
#include <uk/test.h>

#define AT	((uintptr_t)0x40000000)
#define TO	((uintptr_t)0x50000000)
#define R	UK_TRAP_READ
#define W	UK_TRAP_WRITE

/* Write page numbers from @first on into @npages pages at @vaddr. */
static void mark(uintptr_t vaddr, unsigned int npages, unsigned int first)
{
	for (unsigned int i = 0; i < npages; i++) {
		unsigned char *const p = world_at(vaddr + i * PAGE, W);

		if (UK_EXPECT_NOT_NULL(p))
			*p = (unsigned char)(first + i);
	}
}

static void expect_marks(uintptr_t vaddr, unsigned int npages,
			 unsigned int first)
{
	for (unsigned int i = 0; i < npages; i++) {
		const unsigned char *const p = world_at(vaddr + i * PAGE, R);

		if (UK_EXPECT_NOT_NULL(p))
			UK_EXPECT_EQ(*p, first + i);
	}
}

static int remap(uintptr_t vaddr, unsigned int old_npages,
		 unsigned int new_npages, unsigned int flags, uintptr_t *to)
{
	return uk_vma_remap(&world.vas, vaddr, old_npages * PAGE,
			    new_npages * PAGE, flags, to);
}

UK_TEST(vmem_remap, an_area_grows_where_it_is_if_nothing_is_behind_it)
{
	uintptr_t to = 0;

	if (!world_begin())
		return;
	(void)world_map(AT, 2 * PAGE, RW, &uk_vma_anon, UK_VMA_EXACT);
	mark(AT, 2, 1);
	UK_EXPECT_EQ(remap(AT, 2, 4, 0, &to), 0);
	UK_EXPECT_EQ(to, AT);
	expect_marks(AT, 2, 1);
	mark(AT, 4, 1);
	UK_EXPECT_EQ(uk_vma_touch(&world.vas, AT + 4 * PAGE, R), -EFAULT);
	UK_EXPECT_EQ(remap(AT, 4, 1, 0, &to), 0);
	UK_EXPECT_EQ(uk_vma_touch(&world.vas, AT + PAGE, R), -EFAULT);
	expect_marks(AT, 1, 1);
	world_end();
}

UK_TEST(vmem_remap, an_area_that_cannot_grow_moves_if_it_may)
{
	uintptr_t to = 0;

	if (!world_begin())
		return;
	(void)world_map(AT, 3 * PAGE, RW, &uk_vma_anon, UK_VMA_EXACT);
	(void)world_map(AT + 3 * PAGE, PAGE, UK_PAGE_READ, &uk_vma_anon,
			UK_VMA_EXACT);
	mark(AT, 3, 5);
	UK_EXPECT_EQ(remap(AT, 3, 5, 0, &to), -ENOMEM);
	UK_EXPECT_EQ(remap(AT, 3, 5, UK_VMA_MAYMOVE, &to), 0);
	UK_EXPECT_NE(to, AT);
	expect_marks(to, 3, 5);
	UK_EXPECT_EQ(uk_vma_touch(&world.vas, to + 4 * PAGE, W), 0);
	UK_EXPECT_EQ(uk_vma_touch(&world.vas, AT, R), -EFAULT);
	UK_EXPECT(!world_is_mapped(AT));
	world_end();
}

UK_TEST(vmem_remap, the_middle_of_an_area_moves_to_a_given_place)
{
	uintptr_t to = TO;

	if (!world_begin())
		return;
	(void)world_map(AT, 40 * PAGE, RW, &uk_vma_anon, UK_VMA_EXACT);
	(void)world_map(TO, 50 * PAGE, RW, &uk_vma_anon, UK_VMA_EXACT);
	mark(AT, 40, 1);
	mark(TO, 50, 100);
	UK_EXPECT_EQ(remap(AT + 4 * PAGE, 36, 36,
			   UK_VMA_MAYMOVE | UK_VMA_FIXED, &to), 0);
	UK_EXPECT_EQ(to, TO);
	expect_marks(AT, 4, 1);
	expect_marks(TO, 36, 5);
	expect_marks(TO + 36 * PAGE, 14, 136);
	UK_EXPECT_EQ(uk_vma_touch(&world.vas, AT + 4 * PAGE, R), -EFAULT);
	UK_EXPECT_EQ(world_nareas(), 2);
	world_end();
}

UK_TEST(vmem_remap, a_move_to_less_drops_the_rest)
{
	uintptr_t to = TO;

	if (!world_begin())
		return;
	(void)world_map(AT, 6 * PAGE, RW, &uk_vma_anon, UK_VMA_EXACT);
	mark(AT, 6, 1);
	UK_EXPECT_EQ(remap(AT, 6, 2, UK_VMA_MAYMOVE | UK_VMA_FIXED, &to), 0);
	expect_marks(TO, 2, 1);
	UK_EXPECT_EQ(uk_vma_touch(&world.vas, AT + 5 * PAGE, R), -EFAULT);
	UK_EXPECT_EQ(world_nareas(), 1);
	world_end();
}

UK_TEST(vmem_remap, a_part_of_a_large_page_moves_without_the_rest_of_it)
{
	const uintptr_t from = AT + 3 * PAGE;
	uintptr_t to = TO;
	bool moved = false;

	if (!world_begin())
		return;
	(void)world_map(AT, 2 * MIB, RW, &uk_vma_anon,
			UK_VMA_EXACT | UK_VMA_HUGE);
	mark(AT, 9, 1);
	for (long left = 0; left < 8 && !moved; left++) {
		world.left = left;
		moved = remap(from, 4, 4, UK_VMA_MAYMOVE | UK_VMA_FIXED,
			      &to) == 0;
		world.left = LONG_MAX;
		expect_marks(moved ? TO : from, 4, 4);
		UK_EXPECT(!world_is_mapped(TO - PAGE));
		UK_EXPECT(!world_is_mapped(TO - 3 * PAGE));
		UK_EXPECT(!world_is_mapped(TO + 4 * PAGE));
		UK_EXPECT_EQ(world_is_mapped(from), !moved);
	}
	UK_EXPECT(moved);
	expect_marks(AT, 3, 1);
	expect_marks(AT + 7 * PAGE, 2, 8);
	UK_EXPECT_EQ(world_nareas(), 3);
	world_end();
}

UK_TEST(vmem_remap, pages_without_rights_move_with_what_is_in_them)
{
	uintptr_t to = TO;

	if (!world_begin())
		return;
	(void)world_map(AT, 2 * PAGE, RW, &uk_vma_anon, UK_VMA_EXACT);
	mark(AT, 2, 8);
	UK_EXPECT_EQ(uk_vma_protect(&world.vas, AT, 2 * PAGE, 0), 0);
	UK_EXPECT_EQ(remap(AT, 2, 2, UK_VMA_MAYMOVE | UK_VMA_FIXED, &to), 0);
	UK_EXPECT_EQ(uk_vma_touch(&world.vas, TO, R), -EACCES);
	UK_EXPECT_EQ(uk_vma_protect(&world.vas, TO, 2 * PAGE, RW), 0);
	expect_marks(TO, 2, 8);
	world_end();
}

UK_TEST(vmem_remap, what_makes_no_sense_is_refused)
{
	uintptr_t to = AT + PAGE;

	if (!world_begin())
		return;
	(void)world_map(AT, 4 * PAGE, RW, &uk_vma_anon, UK_VMA_EXACT);
	(void)world_map(AT + 8 * PAGE, 4 * PAGE, RW, &uk_vma_stack,
			UK_VMA_EXACT);
	UK_EXPECT_EQ(remap(AT, 2, 2, UK_VMA_MAYMOVE | UK_VMA_FIXED, &to),
		     -EINVAL);
	UK_EXPECT_EQ(remap(AT, 2, 2, UK_VMA_FIXED, &to), -EINVAL);
	UK_EXPECT_EQ(remap(AT, 0, 2, 0, &to), -EINVAL);
	UK_EXPECT_EQ(remap(AT, 2, 0, 0, &to), -EINVAL);
	UK_EXPECT_EQ(remap(AT + 1, 1, 2, 0, &to), -EINVAL);
	UK_EXPECT_EQ(remap(AT, 5, 6, 0, &to), -EFAULT);
	UK_EXPECT_EQ(remap(AT + 5 * PAGE, 1, 2, 0, &to), -EFAULT);
	UK_EXPECT_EQ(remap(AT + 8 * PAGE, 4, 5, 0, &to), -EINVAL);
	UK_EXPECT_EQ(uk_vma_remap(&world.vas, AT, PAGE, (size_t)-PAGE,
				  UK_VMA_MAYMOVE, &to), -ENOMEM);
	UK_EXPECT_EQ(to, AT + PAGE);
	uk_vas_set_limit(&world.vas, 8 * PAGE);
	UK_EXPECT_EQ(remap(AT, 4, 5, UK_VMA_MAYMOVE, &to), -ENOMEM);
	world_end();
}

UK_TEST(vmem_remap, a_move_without_memory_leaves_all_where_it_was)
{
	bool moved = false;

	if (!world_begin())
		return;
	(void)world_map(AT, 40 * PAGE, RW, &uk_vma_anon, UK_VMA_EXACT);
	mark(AT, 40, 1);
	for (long left = 0; left < 8 && !moved; left++) {
		uintptr_t to = TO;

		world.left = left;
		moved = remap(AT, 40, 40, UK_VMA_MAYMOVE | UK_VMA_FIXED,
			      &to) == 0;
		world.left = LONG_MAX;
		expect_marks(moved ? TO : AT, 40, 1);
		UK_EXPECT_EQ(world_nareas(), 1);
	}
	UK_EXPECT(moved);
	world_end();
}

UK_TEST(vmem_remap, an_area_that_is_kept_is_empty_where_it_was)
{
	uintptr_t to = TO;

	if (!world_begin())
		return;
	(void)world_map(AT, 6 * PAGE, RW, &uk_vma_anon, UK_VMA_EXACT);
	mark(AT, 6, 1);
	UK_EXPECT_EQ(uk_vma_advise(&world.vas, AT, 6 * PAGE, UK_VMA_LOCK_ON),
		     0);
	UK_EXPECT_EQ(remap(AT + PAGE, 4, 4, UK_VMA_MAYMOVE | UK_VMA_FIXED |
			   UK_VMA_KEEP, &to), 0);
	UK_EXPECT_EQ(to, TO);
	expect_marks(TO, 4, 2);
	expect_marks(AT, 1, 1);
	expect_marks(AT + 5 * PAGE, 1, 6);
	UK_EXPECT(!world_is_mapped(AT + PAGE));
	mark(AT + PAGE, 4, 90);
	expect_marks(TO, 4, 2);
	/* What is locked has moved. */
	UK_EXPECT_EQ(world_nareas(), 4);
	UK_EXPECT_EQ(remap(TO, 4, 4, UK_VMA_MAYMOVE | UK_VMA_KEEP, &to), 0);
	UK_EXPECT_NE(to, TO);
	expect_marks(to, 4, 2);
	UK_EXPECT_EQ(remap(AT, 2, 3, UK_VMA_MAYMOVE | UK_VMA_KEEP, &to),
		     -EINVAL);
	UK_EXPECT_EQ(remap(AT, 1, 1, UK_VMA_KEEP, &to), -EINVAL);
	world_end();
}

/*
 * A kind whose pages are those of a static memory
 */
static struct {
	uint64_t paddr[2];
	unsigned int nareas;	/* that have it */
} common;

static int common_fault(const struct uk_vma *vma, struct uk_vma_fault *fault)
{
	const uint64_t i = (fault->vaddr - vma->start + vma->offset) / PAGE;

	if (i >= 2)
		return -ENXIO;
	fault->level = 0;
	fault->paddr = common.paddr[i];
	return 0;
}

static bool common_keep(const struct uk_vma *vma UK_UNUSED,
			uintptr_t vaddr UK_UNUSED, uint64_t paddr UK_UNUSED,
			size_t len UK_UNUSED)
{
	return true;
}

static void common_open(const struct uk_vma *vma UK_UNUSED)
{
	common.nareas++;
}

static void common_close(const struct uk_vma *vma UK_UNUSED)
{
	common.nareas--;
}

static const struct uk_vma_ops in_common = {
	.name = "common", .fault = common_fault, .put = common_keep,
	.dup = common_keep, .open = common_open, .close = common_close,
};

static bool begin_common(void)
{
	common.nareas = 0;
	for (unsigned int i = 0; i < 2; i++)
		if (!UK_EXPECT_EQ(uk_falloc(&world.fa, &common.paddr[i], 1,
					    UK_FALLOC_ZERO), 0))
			return false;
	(void)world_map(AT, 2 * PAGE, RW, &in_common, UK_VMA_EXACT);
	mark(AT, 2, 1);
	return true;
}

static void end_common(void)
{
	UK_EXPECT_EQ(uk_vma_unmap(&world.vas, world.vas.base,
				  world.vas.end - world.vas.base), 0);
	UK_EXPECT_EQ(common.nareas, 0);
	for (unsigned int i = 0; i < 2; i++)
		UK_EXPECT_EQ(uk_ffree(&world.fa, common.paddr[i], 1), 0);
	world_end();
}

UK_TEST(vmem_remap, what_areas_have_in_common_can_be_at_another_place_too)
{
	uintptr_t to = TO, again = 0;

	if (!world_begin() || !begin_common())
		return;
	UK_EXPECT_EQ(remap(AT + PAGE, 0, 1, UK_VMA_MAYMOVE | UK_VMA_FIXED,
			   &to), 0);
	expect_marks(TO, 1, 2);
	UK_EXPECT_EQ(remap(AT, 0, 3, UK_VMA_MAYMOVE, &again), 0);
	mark(AT, 2, 70);
	expect_marks(TO, 1, 71);
	expect_marks(again, 2, 70);
	UK_EXPECT_EQ(uk_vma_touch(&world.vas, again + 2 * PAGE, R), -ENXIO);
	UK_EXPECT_EQ(common.nareas, 3);
	UK_EXPECT_EQ(uk_vma_unmap(&world.vas, AT, 2 * PAGE), 0);
	expect_marks(again, 2, 70);
	end_common();
}

UK_TEST(vmem_remap, what_is_an_areas_own_is_not_at_two_places)
{
	uintptr_t to = AT + PAGE;

	if (!world_begin() || !begin_common())
		return;
	(void)world_map(TO, 2 * PAGE, RW, &uk_vma_anon, UK_VMA_EXACT);
	UK_EXPECT_EQ(remap(TO, 0, 1, UK_VMA_MAYMOVE, &to), -EINVAL);
	UK_EXPECT_EQ(remap(AT, 0, 1, 0, &to), -EINVAL);
	UK_EXPECT_EQ(remap(TO + 2 * PAGE, 0, 1, UK_VMA_MAYMOVE, &to),
		     -EFAULT);
	UK_EXPECT_EQ(remap(AT, 0, 2, UK_VMA_MAYMOVE | UK_VMA_FIXED, &to),
		     -EINVAL);
	uk_vas_set_limit(&world.vas, 4 * PAGE);
	UK_EXPECT_EQ(remap(AT, 0, 1, UK_VMA_MAYMOVE, &to), -ENOMEM);
	UK_EXPECT_EQ(common.nareas, 1);
	UK_EXPECT_EQ(to, AT + PAGE);
	end_common();
}

static unsigned int refuse_in;	/* 1: the next request; 0: none */

static bool refuse_nth(void)
{
	return refuse_in && --refuse_in == 0;
}

static bool has_area(uintptr_t vaddr)
{
	struct uk_vma vma;

	return uk_vma_find(&world.vas, vaddr, &vma) == 0 &&
	       vma.start <= vaddr;
}

UK_TEST(vmem_remap, what_is_kept_or_repeated_without_memory_is_not)
{
	unsigned int nfailed = 0;

	for (unsigned int k = 0; k < 2; k++) {
		int rc = -ENOMEM;

		for (unsigned int n = 1; n < 12 && rc < 0; n++) {
			uintptr_t to = 0;

			if (!world_begin() || !begin_common())
				return;
			refuse_in = n;
			world.refuse = refuse_nth;
			rc = k ? remap(AT, 0, 2, UK_VMA_MAYMOVE, &to)
			       : remap(AT, 1, 1, UK_VMA_MAYMOVE | UK_VMA_KEEP,
				       &to);
			world.refuse = NULL;
			nfailed += rc < 0;
			expect_marks(rc < 0 ? AT : to, 1, 1);
			expect_marks(AT, 2, 1);
			UK_EXPECT(rc == 0 || world_nareas() == 1);
			end_common();
		}
		UK_EXPECT_EQ(rc, 0);
	}
	UK_EXPECT_GT(nfailed, 2);
}

UK_TEST(vmem_remap, a_move_without_memory_loses_only_what_was_to_be_unmapped)
{
	unsigned int nfailed = 0, nkept = 0;
	int rc = -ENOMEM;

	for (unsigned int n = 1; n < 9 && rc < 0; n++) {
		uintptr_t to = TO;

		if (!world_begin())
			return;
		(void)world_map(AT, 6 * PAGE, RW, &uk_vma_anon, UK_VMA_EXACT);
		mark(AT, 6, 1);
		(void)world_map(TO - PAGE, 4 * PAGE, RW, &uk_vma_anon,
				UK_VMA_EXACT);
		mark(TO, 2, 50);
		refuse_in = n;
		world.refuse = refuse_nth;
		rc = remap(AT, 6, 2, UK_VMA_MAYMOVE | UK_VMA_FIXED, &to);
		world.refuse = NULL;
		expect_marks(rc < 0 ? AT : TO, 2, 1);
		UK_EXPECT(has_area(TO - PAGE) && has_area(TO + 2 * PAGE));
		UK_EXPECT_EQ(to, TO);
		if (rc < 0) {
			UK_EXPECT_EQ(rc, -ENOMEM);
			nfailed++;
			nkept += has_area(TO) && has_area(AT + 5 * PAGE);
			UK_EXPECT_EQ(has_area(TO), has_area(AT + 5 * PAGE));
		}
		world_end();
	}
	UK_EXPECT_EQ(rc, 0);
	/* Both happens: before anything is lost, and after. */
	UK_EXPECT_GT(nkept, 0);
	UK_EXPECT_GT(nfailed, nkept);
}
