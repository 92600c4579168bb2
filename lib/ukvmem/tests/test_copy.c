/* SPDX-License-Identifier: BSD-3-Clause */
/* Copies of address spaces, and frames that several have. */
#include "world.h"

#include <limits.h>

#include <uk/arch/cpu.h>
#include <uk/errno.h>
#include <uk/string.h>
#include <uk/test.h>

#define AT	((uintptr_t)0x40000000)
#define R	UK_TRAP_READ
#define W	UK_TRAP_WRITE

static struct uk_vas copy, second;

static void write_at(struct uk_vas *vas, uintptr_t vaddr, unsigned char val)
{
	unsigned char *const p = world_at_of(vas, vaddr, W);

	if (UK_EXPECT_NOT_NULL(p))
		*p = val;
}

static int read_at(struct uk_vas *vas, uintptr_t vaddr)
{
	const unsigned char *const p = world_at_of(vas, vaddr, R);

	return p ? *p : -1;
}

static uint64_t paddr_at(struct uk_vas *vas, uintptr_t vaddr)
{
	struct uk_paging_leaf leaf = { 0 };

	UK_EXPECT_EQ(uk_paging_find(&vas->pt, vaddr, &leaf), 0);
	return leaf.paddr + (vaddr - leaf.vaddr);
}

static uint64_t ncopies(struct uk_vas *vas)
{
	struct uk_vas_stats stats;

	uk_vas_get_stats(vas, &stats);
	return stats.ncopies;
}

/* @npages pages at AT, the first of which hold 1, 2, … */
static bool begin(size_t npages)
{
	if (!world_begin())
		return false;
	(void)world_map(AT, npages * PAGE, RW, &uk_vma_anon, UK_VMA_EXACT);
	for (unsigned int i = 0; i < 4; i++)
		write_at(&world.vas, AT + i * PAGE, (unsigned char)(i + 1));
	return true;
}

UK_TEST(vmem_copy, both_begin_with_the_same_and_see_what_they_write)
{
	if (!begin(8))
		return;
	UK_EXPECT_EQ(uk_vas_copy(&copy, &world.vas), 0);
	write_at(&world.vas, AT, 11);
	write_at(&copy, AT + PAGE, 22);
	write_at(&copy, AT + 5 * PAGE, 66);
	UK_EXPECT_EQ(read_at(&world.vas, AT), 11);
	UK_EXPECT_EQ(read_at(&copy, AT), 1);
	UK_EXPECT_EQ(read_at(&world.vas, AT + PAGE), 2);
	UK_EXPECT_EQ(read_at(&copy, AT + PAGE), 22);
	UK_EXPECT_EQ(read_at(&world.vas, AT + 2 * PAGE), 3);
	UK_EXPECT_EQ(read_at(&copy, AT + 2 * PAGE), 3);
	UK_EXPECT_EQ(read_at(&world.vas, AT + 5 * PAGE), 0);
	UK_EXPECT_EQ(uk_vas_destroy(&copy), 0);
	world_end();
}

UK_TEST(vmem_copy, frames_are_shared_until_one_writes_who_pays_for_it)
{
	long frames;

	if (!begin(8))
		return;
	UK_EXPECT_EQ(uk_vas_copy(&copy, &world.vas), 0);
	for (unsigned int i = 0; i < 4; i++)
		UK_EXPECT_EQ(paddr_at(&copy, AT + i * PAGE),
			     paddr_at(&world.vas, AT + i * PAGE));
	frames = world.frames;
	write_at(&copy, AT, 7);
	UK_EXPECT_EQ(world.frames, frames + 1);
	UK_EXPECT_NE(paddr_at(&copy, AT), paddr_at(&world.vas, AT));
	UK_EXPECT_EQ(ncopies(&copy), 1);
	/* Nobody else has the old one now. */
	write_at(&world.vas, AT, 8);
	UK_EXPECT_EQ(world.frames, frames + 1);
	UK_EXPECT_EQ(ncopies(&world.vas), 0);
	UK_EXPECT_EQ(uk_vas_destroy(&copy), 0);
	write_at(&world.vas, AT + PAGE, 9);
	UK_EXPECT_EQ(ncopies(&world.vas), 0);
	world_end();
}

UK_TEST(vmem_copy, copies_of_copies_outlive_what_they_are_from)
{
	if (!begin(8))
		return;
	UK_EXPECT_EQ(uk_vas_copy(&copy, &world.vas), 0);
	write_at(&copy, AT, 7);
	UK_EXPECT_EQ(uk_vas_copy(&second, &copy), 0);
	UK_EXPECT_EQ(uk_vas_destroy(&copy), 0);
	UK_EXPECT_EQ(uk_vma_unmap(&world.vas, AT, 8 * PAGE), 0);
	UK_EXPECT_EQ(read_at(&second, AT), 7);
	UK_EXPECT_EQ(read_at(&second, AT + PAGE), 2);
	write_at(&second, AT + PAGE, 9);
	UK_EXPECT_EQ(ncopies(&second), 0);
	UK_EXPECT_EQ(uk_vas_destroy(&second), 0);
	world_end();
}

UK_TEST(vmem_copy, rights_that_come_later_do_not_open_a_shared_frame)
{
	if (!begin(4))
		return;
	UK_EXPECT_EQ(uk_vas_copy(&copy, &world.vas), 0);
	UK_EXPECT_EQ(uk_vma_protect(&copy, AT, PAGE, UK_PAGE_READ), 0);
	UK_EXPECT_EQ(uk_vma_touch(&copy, AT, W), -EACCES);
	UK_EXPECT_EQ(uk_vma_protect(&copy, AT, PAGE, RW), 0);
	write_at(&copy, AT, 7);
	UK_EXPECT_EQ(read_at(&world.vas, AT), 1);
	UK_EXPECT_EQ(uk_vas_destroy(&copy), 0);
	world_end();
}

UK_TEST(vmem_copy, a_large_page_is_shared_page_by_page)
{
	const size_t len = 2 * MIB;
	uintptr_t at;

	if (!world_begin())
		return;
	at = world_map(0, len, RW, &uk_vma_anon, UK_VMA_HUGE);
	for (uintptr_t v = at; v < at + len; v += PAGE)
		write_at(&world.vas, v, (unsigned char)(v / PAGE));
	UK_EXPECT_EQ(uk_vas_copy(&copy, &world.vas), 0);
	/* Every other frame has one owner, of either, when it is unmapped. */
	for (uintptr_t v = at; v < at + len; v += 4 * PAGE) {
		write_at(&world.vas, v, 7);
		write_at(&copy, v + 2 * PAGE, 8);
	}
	UK_EXPECT_EQ(uk_vma_unmap(&world.vas, at, len), 0);
	for (uintptr_t v = at; v < at + len; v += 4 * PAGE) {
		UK_EXPECT_EQ(read_at(&copy, v), (unsigned char)(v / PAGE));
		UK_EXPECT_EQ(read_at(&copy, v + 2 * PAGE), 8);
	}
	UK_EXPECT_EQ(uk_vas_destroy(&copy), 0);
	world_end();
}

UK_TEST(vmem_copy, a_copy_has_the_areas_but_not_the_memory_of_devices_frames)
{
	struct uk_vma_request dma = {
		.len = 2 * PAGE, .prot = RW, .ops = &uk_vma_dma,
	};
	struct uk_vma_request device = {
		.len = PAGE, .prot = RW | UK_PAGE_DEVICE,
		.ops = &uk_vma_device, .offset = UINT64_C(0xfe000000),
	};
	struct uk_vas_stats stats;

	if (!begin(4))
		return;
	uk_vas_set_limit(&world.vas, 64 * PAGE);
	UK_EXPECT_EQ(uk_vma_map(&world.vas, &dma), 0);
	UK_EXPECT_EQ(uk_vma_map(&world.vas, &device), 0);
	UK_EXPECT_EQ(uk_vas_copy(&copy, &world.vas), 0);
	uk_vas_get_stats(&copy, &stats);
	UK_EXPECT_EQ(stats.nareas, 2);
	UK_EXPECT_EQ(stats.len, 5 * PAGE);
	UK_EXPECT_EQ(stats.resident, 4 * PAGE);
	UK_EXPECT_EQ(uk_vma_touch(&copy, dma.vaddr, R), -EFAULT);
	UK_EXPECT_EQ(paddr_at(&copy, device.vaddr), device.offset);
	dma.len = 64 * PAGE;
	UK_EXPECT_EQ(uk_vma_map(&copy, &dma), -ENOMEM);
	UK_EXPECT_EQ(uk_vas_destroy(&copy), 0);
	world_end();
}

/* The request that is refused, counted down; and all after it. */
static long countdown;

static bool refuse_from(void)
{
	return countdown-- <= 0;
}

UK_TEST(vmem_copy, without_memory_there_is_no_copy_and_nothing_is_lost)
{
	long n = 0;
	int rc;

	if (!begin(8))
		return;
	(void)world_map(AT + 16 * PAGE, PAGE, RW, &uk_vma_anon,
			UK_VMA_EXACT | UK_VMA_POPULATE);
	do {
		const long frames = world.frames;

		countdown = n++;
		world.refuse = refuse_from;
		rc = uk_vas_copy(&copy, &world.vas);
		world.refuse = NULL;
		/* The counts' tables stay, for the next time. */
		UK_EXPECT(rc == 0 || (rc == -ENOMEM &&
				      world.frames <= frames + 3));
		write_at(&world.vas, AT, (unsigned char)n);
		UK_EXPECT_EQ(read_at(&world.vas, AT + PAGE), 2);
	} while (rc == -ENOMEM && n < 100);
	UK_EXPECT_EQ(rc, 0);
	UK_EXPECT_GE(n, 7);
	UK_EXPECT_EQ(read_at(&copy, AT), n - 1);
	UK_EXPECT_EQ(ncopies(&world.vas), 1);
	UK_EXPECT_EQ(uk_vas_destroy(&copy), 0);
	world_end();
}

UK_TEST(vmem_copy, without_memory_a_shared_page_can_still_be_read)
{
	if (!begin(4))
		return;
	UK_EXPECT_EQ(uk_vas_copy(&copy, &world.vas), 0);
	world.left = 0;
	UK_EXPECT_EQ(uk_vma_touch(&copy, AT, W), -ENOMEM);
	UK_EXPECT_EQ(read_at(&copy, AT), 1);
	world.left = LONG_MAX;
	write_at(&copy, AT, 5);
	UK_EXPECT_EQ(read_at(&world.vas, AT), 1);
	UK_EXPECT_EQ(uk_vas_destroy(&copy), 0);
	world_end();
}
