/* SPDX-License-Identifier: BSD-3-Clause */
/* Areas that grow downwards; marks, and what is in memory. */
#include "world.h"

#include <uk/arch/cpu.h>
#include <uk/errno.h>
#include <uk/test.h>

#define AT	((uintptr_t)0x40000000)
#define GAP	UK_VMA_GROWS_GAP

static bool grow(uintptr_t vaddr)
{
	bool grew;

	uk_mutex_lock(&world.vas.changes);
	grew = vmem_grow_down(&world.vas, vaddr);
	uk_mutex_unlock(&world.vas.changes);
	return grew;
}

static uintptr_t start_of(uintptr_t vaddr)
{
	struct uk_vma vma;

	return uk_vma_find(&world.vas, vaddr, &vma) == 0 ? vma.start : 0;
}

static bool begin(void)
{
	return world_begin() &&
	       world_map(AT, PAGE, RW, &uk_vma_anon,
			 UK_VMA_EXACT | UK_VMA_GROWS) == AT;
}

UK_TEST(vmem_grow, what_is_touched_below_an_area_that_grows_becomes_its_own)
{
	unsigned char *p;

	if (!begin())
		return;
	UK_EXPECT(grow(AT - 3 * PAGE + 5));
	UK_EXPECT_EQ(start_of(AT), AT - 3 * PAGE);
	UK_EXPECT_EQ(world_nareas(), 1);
	p = world_at(AT - 2 * PAGE, UK_TRAP_WRITE);
	if (UK_EXPECT_NOT_NULL(p))
		*p = 9;
	UK_EXPECT(grow(AT - 9 * PAGE));
	p = world_at(AT - 2 * PAGE, UK_TRAP_READ);
	UK_EXPECT(p && *p == 9);
	/* In the area, and above all, nothing grows. */
	UK_EXPECT(!grow(AT));
	UK_EXPECT(!grow(AT + PAGE));
	world_end();
}

UK_TEST(vmem_grow, an_area_grows_only_as_far_as_it_may)
{
	if (!begin())
		return;
	uk_vas_set_grows_max(&world.vas, 4 * PAGE);
	UK_EXPECT(!grow(AT - 4 * PAGE));
	UK_EXPECT(grow(AT - 3 * PAGE));
	UK_EXPECT(!grow(AT - 4 * PAGE));
	uk_vas_set_grows_max(&world.vas, SIZE_MAX);
	uk_vas_set_limit(&world.vas, 5 * PAGE);
	UK_EXPECT(!grow(AT - 5 * PAGE));
	UK_EXPECT(grow(AT - 4 * PAGE));
	UK_EXPECT_EQ(start_of(AT), AT - 4 * PAGE);
	world_end();
}

UK_TEST(vmem_grow, an_area_that_grows_keeps_its_distance)
{
	const uintptr_t other = AT - 3 * GAP;

	if (!begin())
		return;
	(void)world_map(other, PAGE, RW, &uk_vma_anon, UK_VMA_EXACT);
	UK_EXPECT(!grow(other + GAP));
	UK_EXPECT(grow(other + PAGE + GAP));
	UK_EXPECT(!grow(other + GAP));
	/* What nobody can touch is no danger. */
	UK_EXPECT_EQ(uk_vma_protect(&world.vas, other, PAGE, 0), 0);
	UK_EXPECT(grow(other + PAGE));
	UK_EXPECT_EQ(start_of(AT), other + PAGE);
	world_end();
}

UK_TEST(vmem_grow, new_areas_keep_away_from_one_that_grows)
{
	uintptr_t at;

	if (!world_begin())
		return;
	(void)world_map(world.vas.end - PAGE, PAGE, RW, &uk_vma_anon,
			UK_VMA_EXACT | UK_VMA_GROWS);
	at = world_map(0, PAGE, RW, &uk_vma_anon, 0);
	UK_EXPECT_EQ(at, world.vas.end - PAGE - GAP - PAGE);
	/* A wish that is too near is none; who insists gets it. */
	at = world_map(world.vas.end - 2 * PAGE, PAGE, RW, &uk_vma_anon, 0);
	UK_EXPECT_EQ(at, world.vas.end - PAGE - GAP - 2 * PAGE);
	(void)world_map(world.vas.end - 4 * PAGE, PAGE, RW, &uk_vma_anon,
			UK_VMA_EXACT);
	world_end();
}

UK_TEST(vmem_grow, no_area_comes_below_where_areas_may_begin)
{
	struct uk_vma_request rq = {
		.vaddr = AT - 4 * PAGE, .len = PAGE, .prot = RW,
		.ops = &uk_vma_anon, .flags = UK_VMA_FIXED,
	};
	static struct uk_vas copy;
	uintptr_t to = AT - 3 * PAGE;

	if (!begin())
		return;
	uk_vas_set_lowest(&world.vas, AT - 2 * PAGE);
	UK_EXPECT_EQ(uk_vma_map(&world.vas, &rq), -EINVAL);
	UK_EXPECT_EQ(uk_vma_remap(&world.vas, AT, PAGE, PAGE,
				  UK_VMA_MAYMOVE | UK_VMA_FIXED, &to),
		     -EINVAL);
	UK_EXPECT(!grow(AT - 3 * PAGE));
	uk_vas_set_grows_max(&world.vas, 2 * PAGE);
	rq.flags = 0;
	UK_EXPECT_EQ(uk_vma_map(&world.vas, &rq), 0);
	UK_EXPECT_GT(rq.vaddr, AT);
	/* Nor if there is no other place. */
	(void)world_map(AT + PAGE, AT - PAGE, 0, &uk_vma_anon, UK_VMA_EXACT);
	rq.vaddr = 0;
	rq.flags = UK_VMA_LOW;
	UK_EXPECT_EQ(uk_vma_map(&world.vas, &rq), -ENOMEM);
	/* A copy has the same bounds. */
	UK_EXPECT_EQ(uk_vas_copy(&copy, &world.vas), 0);
	UK_EXPECT_EQ(copy.lowest, AT - 2 * PAGE);
	UK_EXPECT_EQ(copy.grows_max, 2 * PAGE);
	UK_EXPECT(copy.any_grows);
	UK_EXPECT_EQ(uk_vas_destroy(&copy), 0);
	UK_EXPECT(grow(AT - PAGE));
	world_end();
}

UK_TEST(vmem_grow, only_memory_of_its_own_grows)
{
	struct uk_vma_request rq = {
		.len = PAGE, .prot = RW, .ops = &uk_vma_stack,
		.flags = UK_VMA_GROWS,
	};

	if (!world_begin())
		return;
	UK_EXPECT_EQ(uk_vma_map(&world.vas, &rq), -EINVAL);
	(void)world_map(AT, PAGE, RW, &uk_vma_anon, UK_VMA_EXACT);
	UK_EXPECT(!grow(AT - PAGE));
	world_end();
}

UK_TEST(vmem_grow, a_mark_is_kept_where_it_was_made)
{
	struct uk_vma vma;

	if (!world_begin())
		return;
	(void)world_map(AT, 8 * PAGE, RW, &uk_vma_anon, UK_VMA_EXACT);
	UK_EXPECT_EQ(uk_vma_advise(&world.vas, AT + 2 * PAGE, 3 * PAGE,
				   UK_VMA_LOCK_ON), 0);
	UK_EXPECT_EQ(world_nareas(), 3);
	UK_EXPECT_EQ(uk_vma_find(&world.vas, AT + 3 * PAGE, &vma), 0);
	UK_EXPECT_EQ(vma.start, AT + 2 * PAGE);
	UK_EXPECT_EQ(vma.flags, UK_VMA_LOCKED);
	UK_EXPECT_EQ(uk_vma_advise(&world.vas, AT, 8 * PAGE,
				   UK_VMA_LOCK_OFF), 0);
	UK_EXPECT_EQ(world_nareas(), 1);
	UK_EXPECT_EQ(uk_vma_advise(&world.vas, AT, 9 * PAGE, UK_VMA_LOCK_ON),
		     -ENOMEM);
	UK_EXPECT_EQ(world_nareas(), 1);
	world_end();
}

UK_TEST(vmem_grow, pages_in_memory_are_told_from_those_that_are_not)
{
	const uintptr_t large = 2 * MIB;
	unsigned char vec[9] = { [8] = 77 };

	if (!world_begin())
		return;
	(void)world_map(AT, 8 * PAGE, RW, &uk_vma_anon, UK_VMA_EXACT);
	UK_EXPECT_NOT_NULL(world_at(AT + 2 * PAGE, UK_TRAP_WRITE));
	UK_EXPECT_NOT_NULL(world_at(AT + 7 * PAGE, UK_TRAP_WRITE));
	UK_EXPECT_EQ(uk_vma_resident(&world.vas, AT, 8 * PAGE, vec), 0);
	UK_EXPECT_MEM_EQ(vec, "\0\0\1\0\0\0\0\1\115", 9);
	UK_EXPECT_EQ(uk_vma_resident(&world.vas, AT, 9 * PAGE, vec), -ENOMEM);
	UK_EXPECT_EQ(uk_vma_resident(&world.vas, AT + 1, PAGE, vec), -EINVAL);
	UK_EXPECT_EQ(uk_vma_resident(&world.vas, AT, 0, vec), -EINVAL);
	/* A part of a large page. */
	(void)world_map(AT + large, large, RW, &uk_vma_anon,
			UK_VMA_EXACT | UK_VMA_HUGE | UK_VMA_POPULATE);
	UK_EXPECT_EQ(uk_vma_resident(&world.vas, AT + large + 3 * PAGE,
				     2 * PAGE, vec), 0);
	UK_EXPECT_MEM_EQ(vec, "\1\1\0", 3);
	world_end();
}
