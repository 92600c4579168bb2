/* SPDX-License-Identifier: BSD-3-Clause */
/* Areas: where they go, how they are cut and joined, what is in them. */
#include "world.h"

#include <limits.h>

#include <uk/arch/cpu.h>
#include <uk/errno.h>
#include <uk/test.h>

#define AT	((uintptr_t)0x40000000)
#define R	UK_TRAP_READ
#define W	UK_TRAP_WRITE
#define X	UK_TRAP_EXEC

static int touch(uintptr_t vaddr, enum uk_trap_access access)
{
	return uk_vma_touch(&world.vas, vaddr, access);
}

static struct uk_vas_stats stats(void)
{
	struct uk_vas_stats s;

	uk_vas_get_stats(&world.vas, &s);
	return s;
}

static int map(struct uk_vma_request rq)
{
	return uk_vma_map(&world.vas, &rq);
}

UK_TEST(vmem, memory_is_there_and_zero_when_it_is_touched_and_not_before)
{
	uintptr_t at;

	if (!world_begin())
		return;
	at = world_map(0, 1024 * MIB, RW, &uk_vma_anon, 0);
	UK_EXPECT_EQ(stats().resident, 0);
	for (unsigned int i = 0; i < 4; i++) {
		const uintptr_t here = at + i * 300 * MIB + 17;
		const unsigned char *const p = world_at(here, i % 2 ? R : W);

		if (UK_EXPECT_NOT_NULL(p))
			UK_EXPECT_EQ(*p, 0);
	}
	UK_EXPECT_EQ(stats().resident, 4 * PAGE);
	UK_EXPECT_EQ(stats().nfaults, 4);
	UK_EXPECT(!world_is_mapped(at + PAGE));
	world_end();
}

UK_TEST(vmem, what_is_written_stays_and_what_is_unmapped_is_gone)
{
	unsigned char *p;

	if (!world_begin())
		return;
	(void)world_map(AT, 3 * PAGE, RW, &uk_vma_anon, UK_VMA_EXACT);
	p = world_at(AT + PAGE, W);
	if (UK_EXPECT_NOT_NULL(p))
		*p = 7;
	p = world_at(AT + PAGE, R);
	UK_EXPECT(p && *p == 7);
	UK_EXPECT_EQ(uk_vma_unmap(&world.vas, AT + PAGE, PAGE), 0);
	UK_EXPECT_EQ(touch(AT + PAGE, R), -EFAULT);
	UK_EXPECT_EQ(touch(AT, R), 0);
	UK_EXPECT_EQ(touch(AT + 2 * PAGE, R), 0);
	UK_EXPECT_EQ(world_nareas(), 2);
	(void)world_map(AT + PAGE, PAGE, RW, &uk_vma_anon, UK_VMA_EXACT);
	UK_EXPECT_EQ(world_nareas(), 1);
	p = world_at(AT + PAGE, R);
	UK_EXPECT(p && *p == 0);
	world_end();
}

UK_TEST(vmem, accesses_outside_or_against_the_rights_are_errors)
{
	if (!world_begin())
		return;
	(void)world_map(AT, PAGE, UK_PAGE_READ, &uk_vma_anon, UK_VMA_EXACT);
	(void)world_map(AT + PAGE, PAGE, RX, &uk_vma_anon, UK_VMA_EXACT);
	(void)world_map(AT + 2 * PAGE, PAGE, 0, &uk_vma_anon, UK_VMA_EXACT);
	(void)world_map(AT + 3 * PAGE, PAGE, 0, &uk_vma_reserved,
			UK_VMA_EXACT);
	UK_EXPECT_EQ(touch(AT, R), 0);
	UK_EXPECT_EQ(touch(AT, W), -EACCES);
	UK_EXPECT_EQ(touch(AT, X), -EACCES);
	UK_EXPECT_EQ(touch(AT + PAGE, X), 0);
	UK_EXPECT_EQ(touch(AT + PAGE, W), -EACCES);
	UK_EXPECT_EQ(touch(AT + 2 * PAGE, R), -EACCES);
	UK_EXPECT_EQ(touch(AT + 3 * PAGE, R), -EACCES);
	UK_EXPECT_EQ(touch(AT - 1, R), -EFAULT);
	UK_EXPECT_EQ(touch(AT + 4 * PAGE, R), -EFAULT);
	UK_EXPECT_EQ(touch(0, R), -EFAULT);
	world_end();
}

UK_TEST(vmem, neighbours_that_are_alike_are_one_area)
{
	if (!world_begin())
		return;
	(void)world_map(AT, PAGE, RW, &uk_vma_anon, UK_VMA_EXACT);
	(void)world_map(AT + 2 * PAGE, PAGE, RW, &uk_vma_anon, UK_VMA_EXACT);
	UK_EXPECT_EQ(world_nareas(), 2);
	(void)world_map(AT + PAGE, PAGE, RW, &uk_vma_anon, UK_VMA_EXACT);
	UK_EXPECT_EQ(world_nareas(), 1);
	(void)world_map(AT + 3 * PAGE, PAGE, UK_PAGE_READ, &uk_vma_anon,
			UK_VMA_EXACT);
	(void)world_map(AT + 4 * PAGE, PAGE, RW, &uk_vma_stack, UK_VMA_EXACT);
	(void)world_map(AT + 5 * PAGE, PAGE, RW, &uk_vma_stack, UK_VMA_EXACT);
	UK_EXPECT_EQ(world_nareas(), 4);
	UK_EXPECT_EQ(uk_vma_protect(&world.vas, AT + 3 * PAGE, PAGE, RW), 0);
	UK_EXPECT_EQ(world_nareas(), 3);
	world_end();
}

UK_TEST(vmem, rights_of_a_part_are_its_own_and_come_back)
{
	unsigned char *p;

	if (!world_begin())
		return;
	(void)world_map(AT, 8 * PAGE, RW, &uk_vma_anon, UK_VMA_EXACT);
	p = world_at(AT + 3 * PAGE, W);
	if (UK_EXPECT_NOT_NULL(p))
		*p = 9;
	UK_EXPECT_EQ(uk_vma_protect(&world.vas, AT + 2 * PAGE, 4 * PAGE,
				    UK_PAGE_READ), 0);
	UK_EXPECT_EQ(world_nareas(), 3);
	UK_EXPECT_EQ(touch(AT + 3 * PAGE, W), -EACCES);
	UK_EXPECT_EQ(touch(AT + PAGE, W), 0);
	UK_EXPECT_EQ(touch(AT + 6 * PAGE, W), 0);

	/* No rights at all: what was written is not lost. */
	UK_EXPECT_EQ(uk_vma_protect(&world.vas, AT + 2 * PAGE, 4 * PAGE, 0),
		     0);
	UK_EXPECT_EQ(touch(AT + 3 * PAGE, R), -EACCES);
	UK_EXPECT_EQ(uk_vma_protect(&world.vas, AT + 2 * PAGE, 4 * PAGE, RW),
		     0);
	UK_EXPECT_EQ(world_nareas(), 1);
	p = world_at(AT + 3 * PAGE, W);
	UK_EXPECT(p && *p == 9);
	world_end();
}

UK_TEST(vmem, rights_are_changed_where_there_are_areas_only)
{
	if (!world_begin())
		return;
	(void)world_map(AT, PAGE, RW, &uk_vma_anon, UK_VMA_EXACT);
	(void)world_map(AT + 2 * PAGE, PAGE, RW, &uk_vma_anon, UK_VMA_EXACT);
	UK_EXPECT_EQ(uk_vma_protect(&world.vas, AT, 3 * PAGE, UK_PAGE_READ),
		     -ENOMEM);
	UK_EXPECT_EQ(uk_vma_protect(&world.vas, AT, PAGE, RW | UK_PAGE_EXEC),
		     -EACCES);
	UK_EXPECT_EQ(uk_vma_protect(&world.vas, AT, PAGE, 0x100), -EINVAL);
	UK_EXPECT_EQ(uk_vma_protect(&world.vas, AT + 1, PAGE, RW), -EINVAL);
	UK_EXPECT_EQ(uk_vma_protect(&world.vas, AT, 0, RW), -EINVAL);
	UK_EXPECT_EQ(touch(AT, W), 0);
	world_end();
}

UK_TEST(vmem, areas_in_front_of_one_that_refuses_may_have_the_new_rights)
{
	const unsigned int rwx = RW | UK_PAGE_EXEC;
	struct uk_vma vma;

	if (!world_begin())
		return;
	(void)world_map(AT, PAGE, RW, &uk_vma_anon,
			UK_VMA_EXACT | UK_VMA_WX);
	(void)world_map(AT + PAGE, PAGE, RW, &uk_vma_anon, UK_VMA_EXACT);
	UK_EXPECT_EQ(uk_vma_protect(&world.vas, AT, 2 * PAGE, rwx), -EACCES);
	UK_EXPECT_EQ(uk_vma_find(&world.vas, AT, &vma), 0);
	UK_EXPECT_EQ(vma.prot, rwx);
	UK_EXPECT_EQ(uk_vma_find(&world.vas, AT + PAGE, &vma), 0);
	UK_EXPECT_EQ(vma.prot, RW);
	/* A hole is seen before anything changes. */
	UK_EXPECT_EQ(uk_vma_protect(&world.vas, AT, 3 * PAGE, UK_PAGE_READ),
		     -ENOMEM);
	UK_EXPECT_EQ(uk_vma_find(&world.vas, AT, &vma), 0);
	UK_EXPECT_EQ(vma.prot, rwx);
	world_end();
}

UK_TEST(vmem, a_wish_is_granted_if_it_can_be)
{
	if (!world_begin())
		return;
	UK_EXPECT_EQ(world_map(AT, PAGE, RW, &uk_vma_anon, 0), AT);
	UK_EXPECT_NE(world_map(AT, PAGE, UK_PAGE_READ, &uk_vma_anon, 0), AT);
	UK_EXPECT_EQ(map((struct uk_vma_request){
			.vaddr = AT, .len = PAGE, .prot = RW,
			.ops = &uk_vma_anon, .flags = UK_VMA_EXACT }),
		     -EEXIST);
	UK_EXPECT_EQ(touch(AT, W), 0);
	UK_EXPECT_EQ(world_map(AT, PAGE, UK_PAGE_READ, &uk_vma_anon,
			       UK_VMA_FIXED), AT);
	UK_EXPECT_EQ(touch(AT, W), -EACCES);
	world_end();
}

UK_TEST(vmem, without_a_wish_areas_go_down_from_the_top)
{
	uintptr_t a, b, c;

	if (!world_begin())
		return;
	a = world_map(0, PAGE, RW, &uk_vma_anon, 0);
	b = world_map(0, 2 * PAGE, UK_PAGE_READ, &uk_vma_anon, 0);
	UK_EXPECT_EQ(a, world.vas.end - PAGE);
	UK_EXPECT_EQ(b, a - 2 * PAGE);
	UK_EXPECT_EQ(uk_vma_unmap(&world.vas, a, PAGE), 0);
	c = world_map(0, 2 * PAGE, RW, &uk_vma_anon, 0);
	UK_EXPECT_EQ(c, b - 2 * PAGE);
	UK_EXPECT_EQ(world_map(0, PAGE, RX, &uk_vma_anon, 0), a);
	UK_EXPECT_LT(world_map(0, PAGE, RW, &uk_vma_anon, UK_VMA_LOW),
		     (uintptr_t)1 << 31);
	world_end();
}

UK_TEST(vmem, requests_that_make_no_sense_are_refused)
{
	const struct uk_vma_request good = {
		.vaddr = AT, .len = PAGE, .prot = RW, .ops = &uk_vma_anon,
	};
	struct uk_vma_request rq;

	if (!world_begin())
		return;
#define BAD(field, value, error)					\
	do {								\
		rq = good;						\
		rq.field = (value);					\
		UK_EXPECT_EQ(uk_vma_map(&world.vas, &rq), (error));	\
	} while (0)
	BAD(len, 0, -EINVAL);
	BAD(len, PAGE + 1, -EINVAL);
	BAD(len, world.vas.end, -ENOMEM);
	BAD(len, (size_t)-PAGE, -ENOMEM);
	BAD(ops, NULL, -EINVAL);
	BAD(flags, 0x8000, -EINVAL);
	BAD(flags, UK_VMA_FIXED | UK_VMA_EXACT, -EINVAL);
	BAD(align, 3 * PAGE, -EINVAL);
	BAD(prot, RW | UK_PAGE_EXEC, -EACCES);
#undef BAD
	rq = good;
	rq.flags = UK_VMA_EXACT;
	rq.vaddr = 0;
	UK_EXPECT_EQ(uk_vma_map(&world.vas, &rq), -EINVAL);
	rq.vaddr = AT + 1;
	UK_EXPECT_EQ(uk_vma_map(&world.vas, &rq), -EINVAL);
	rq.vaddr = world.vas.end;
	UK_EXPECT_EQ(uk_vma_map(&world.vas, &rq), -EINVAL);
	UK_EXPECT_EQ(world_nareas(), 0);
	world_end();
}

UK_TEST(vmem, a_limit_is_kept_and_what_is_replaced_does_not_count)
{
	if (!world_begin())
		return;
	uk_vas_set_limit(&world.vas, 4 * PAGE);
	(void)world_map(AT, 3 * PAGE, RW, &uk_vma_anon, UK_VMA_EXACT);
	UK_EXPECT_EQ(map((struct uk_vma_request){
			.len = 2 * PAGE, .prot = RW, .ops = &uk_vma_anon }),
		     -ENOMEM);
	(void)world_map(AT, 4 * PAGE, RX, &uk_vma_anon, UK_VMA_FIXED);
	UK_EXPECT_EQ(stats().len, 4 * PAGE);
	world_end();
}

UK_TEST(vmem, the_guard_of_a_stack_is_never_there)
{
	const size_t len = 4 * PAGE;

	if (!world_begin())
		return;
	(void)world_map(AT, len, RW, &uk_vma_stack,
			UK_VMA_EXACT | UK_VMA_POPULATE);
	UK_EXPECT_EQ(stats().resident, len - UK_VMA_GUARD_LEN);
	UK_EXPECT_EQ(touch(AT + UK_VMA_GUARD_LEN - 1, W), -EFAULT);
	UK_EXPECT_EQ(touch(AT + UK_VMA_GUARD_LEN, W), 0);
	/* The upper half of a stack that was cut has no guard of its own. */
	UK_EXPECT_EQ(uk_vma_unmap(&world.vas, AT, 2 * PAGE), 0);
	UK_EXPECT_EQ(uk_vma_advise(&world.vas, AT + 2 * PAGE, 2 * PAGE,
				   UK_VMA_DONTNEED), 0);
	UK_EXPECT_EQ(touch(AT + 2 * PAGE, W), 0);
	world_end();
}

UK_TEST(vmem, advice_puts_memory_there_and_takes_it_away)
{
	unsigned char *p;

	if (!world_begin())
		return;
	(void)world_map(AT, 4 * PAGE, RW, &uk_vma_anon, UK_VMA_EXACT);
	UK_EXPECT_EQ(uk_vma_advise(&world.vas, AT + PAGE, 2 * PAGE,
				   UK_VMA_WILLNEED), 0);
	UK_EXPECT_EQ(stats().resident, 2 * PAGE);
	p = world_at(AT + PAGE, W);
	if (UK_EXPECT_NOT_NULL(p))
		*p = 3;
	UK_EXPECT_EQ(uk_vma_advise(&world.vas, AT, 4 * PAGE,
				   UK_VMA_DONTNEED), 0);
	UK_EXPECT_EQ(stats().resident, 0);
	p = world_at(AT + PAGE, R);
	UK_EXPECT(p && *p == 0);
	UK_EXPECT_EQ(uk_vma_advise(&world.vas, AT, 5 * PAGE,
				   UK_VMA_DONTNEED), -ENOMEM);
	UK_EXPECT_EQ(uk_vma_advise(&world.vas, AT, PAGE, 9), -EINVAL);
	UK_EXPECT_EQ(uk_vma_advise(&world.vas, AT, PAGE + 1,
				   UK_VMA_WILLNEED), -EINVAL);
	world_end();
}

UK_TEST(vmem, what_nobody_may_touch_is_passed_over_however_long_it_is)
{
	const size_t len = (size_t)1 << 46;	/* 64 TiB */
	uintptr_t at;

	if (!world_begin())
		return;
	at = world_map(0, len, 0, &uk_vma_anon, UK_VMA_POPULATE);
	UK_EXPECT_EQ(uk_vma_protect(&world.vas, at + len - PAGE, PAGE, RW),
		     0);
	UK_EXPECT_EQ(uk_vma_advise(&world.vas, at, len, UK_VMA_WILLNEED), 0);
	UK_EXPECT_EQ(stats().resident, PAGE);
	UK_EXPECT(world_is_mapped(at + len - PAGE));
	world_end();
}

UK_TEST(vmem, memory_for_devices_is_one_run_and_known)
{
	struct uk_vma_request rq = {
		.len = 5 * PAGE, .prot = RW, .ops = &uk_vma_dma,
		.falloc_flags = UK_FALLOC_ALIGN(16),
	};
	struct uk_paging_leaf leaf;

	if (!world_begin())
		return;
	UK_EXPECT_EQ(uk_vma_map(&world.vas, &rq), 0);
	UK_EXPECT_EQ(rq.offset % (64 * 1024), 0);
	for (unsigned int i = 0; i < 5; i++) {
		UK_EXPECT_EQ(uk_paging_find(&world.vas.pt,
					    rq.vaddr + i * PAGE, &leaf), 0);
		UK_EXPECT_EQ(leaf.paddr, rq.offset + i * PAGE);
	}
	UK_EXPECT_EQ(stats().resident, 5 * PAGE);
	UK_EXPECT_EQ(uk_vma_advise(&world.vas, rq.vaddr, PAGE,
				   UK_VMA_DONTNEED), -EINVAL);
	rq.prot = 0;
	UK_EXPECT_EQ(uk_vma_map(&world.vas, &rq), -EINVAL);
	world_end();
}

UK_TEST(vmem, a_devices_memory_is_mapped_and_never_given_back)
{
	struct uk_vma_request rq = {
		.len = 2 * PAGE, .prot = RW | UK_PAGE_DEVICE,
		.ops = &uk_vma_device, .offset = UINT64_C(0xfe000000),
	};
	struct uk_paging_leaf leaf;

	if (!world_begin())
		return;
	UK_EXPECT_EQ(uk_vma_map(&world.vas, &rq), 0);
	UK_EXPECT_EQ(uk_paging_find(&world.vas.pt, rq.vaddr + PAGE, &leaf),
		     0);
	UK_EXPECT_EQ(leaf.paddr, 0xfe001000);
	UK_EXPECT_EQ(leaf.prot & UK_PAGE_DEVICE, UK_PAGE_DEVICE);
	UK_EXPECT_EQ(stats().resident, 0);
	rq.offset++;
	UK_EXPECT_EQ(uk_vma_map(&world.vas, &rq), -EINVAL);
	world_end();
}

UK_TEST(vmem, large_pages_are_used_where_asked_for_and_split_by_need)
{
	struct uk_paging_leaf leaf;
	uintptr_t at;

	if (!world_begin())
		return;
	at = world_map(0, 4 * MIB, RW, &uk_vma_anon, UK_VMA_HUGE);
	UK_EXPECT_EQ(at % (2 * MIB), 0);
	UK_EXPECT_EQ(touch(at + MIB, W), 0);
	UK_EXPECT_EQ(uk_paging_find(&world.vas.pt, at, &leaf), 0);
	UK_EXPECT_EQ(leaf.len, 2 * MIB);
	UK_EXPECT_EQ(stats().resident, 2 * MIB);
	UK_EXPECT_EQ(uk_vma_unmap(&world.vas, at + PAGE, PAGE), 0);
	UK_EXPECT_EQ(stats().resident, 2 * MIB - PAGE);
	UK_EXPECT_EQ(touch(at, W), 0);
	UK_EXPECT_EQ(touch(at + PAGE, W), -EFAULT);

	/* A small page in the way, or no large frame: small ones. */
	UK_EXPECT_EQ(uk_vma_advise(&world.vas, at + 2 * MIB, 2 * MIB,
				   UK_VMA_HUGE_OFF), 0);
	UK_EXPECT_EQ(touch(at + 2 * MIB, W), 0);
	UK_EXPECT_EQ(uk_vma_advise(&world.vas, at + 2 * MIB, 2 * MIB,
				   UK_VMA_HUGE_ON), 0);
	UK_EXPECT_EQ(touch(at + 3 * MIB, W), 0);
	UK_EXPECT_EQ(stats().resident, 2 * MIB + PAGE);
	world_end();
}

static int count_large(void *arg, const struct uk_paging_leaf *leaf)
{
	*(unsigned int *)arg += leaf->len == 2 * MIB;
	return 0;
}

static unsigned int nlarge(uintptr_t vaddr, size_t len)
{
	unsigned int n = 0;

	UK_EXPECT_EQ(uk_paging_walk(&world.vas.pt, vaddr, len, count_large,
				    &n), 0);
	return n;
}

static unsigned int rights_meanwhile;

/* The table for the parts of the large page: what are the area's rights? */
static bool look_and_refuse(void)
{
	struct uk_vma vma;

	UK_EXPECT_EQ(uk_vma_find(&world.vas, AT + PAGE, &vma), 0);
	rights_meanwhile = vma.prot;
	return true;
}

UK_TEST(vmem, rights_that_cannot_be_given_were_never_there)
{
	struct uk_vma vma;

	if (!world_begin())
		return;
	(void)world_map(AT, 2 * MIB, UK_PAGE_READ, &uk_vma_anon,
			UK_VMA_EXACT | UK_VMA_HUGE);
	UK_EXPECT_EQ(touch(AT, R), 0);
	/* So there is a seam already, and nothing but the table to take. */
	UK_EXPECT_EQ(uk_vma_advise(&world.vas, AT + PAGE, PAGE,
				   UK_VMA_LOCK_ON), 0);
	rights_meanwhile = 99;
	world.refuse = look_and_refuse;
	UK_EXPECT_EQ(uk_vma_protect(&world.vas, AT + PAGE, PAGE, RW), -ENOMEM);
	world.refuse = NULL;
	UK_EXPECT_EQ(rights_meanwhile, UK_PAGE_READ);
	UK_EXPECT_EQ(uk_vma_find(&world.vas, AT + PAGE, &vma), 0);
	UK_EXPECT_EQ(vma.prot, UK_PAGE_READ);
	UK_EXPECT_EQ(uk_vma_protect(&world.vas, AT + PAGE, PAGE, RW), 0);
	UK_EXPECT_EQ(touch(AT + PAGE, W), 0);
	UK_EXPECT_EQ(touch(AT, W), -EACCES);
	world_end();
}

UK_TEST(vmem, a_range_of_16_mib_is_8_large_pages_and_7_when_one_is_split)
{
	const size_t len = 16 * MIB;
	uintptr_t at;

	if (!world_begin())
		return;
	at = world_map(0, len, RW | UK_PAGE_DEVICE, &uk_vma_device,
		       UK_VMA_HUGE);
	UK_EXPECT_EQ(nlarge(at, len), 8);
	UK_EXPECT_EQ(uk_vma_protect(&world.vas, at + 5 * MIB, PAGE,
				    UK_PAGE_READ), 0);
	UK_EXPECT_EQ(nlarge(at, len), 7);
	world_end();
}

UK_TEST(vmem, no_memory_is_an_error_and_nothing_is_half_done)
{
	if (!world_begin())
		return;
	for (long left = 0; left < 12; left++) {
		struct uk_vma_request rq = {
			.vaddr = AT, .len = 4 * PAGE, .prot = RW,
			.ops = &uk_vma_anon,
			.flags = UK_VMA_EXACT | UK_VMA_POPULATE,
		};
		int rc;

		world.left = left;
		rc = uk_vma_map(&world.vas, &rq);
		world.left = LONG_MAX;
		if (rc == 0) {
			/* Four, and tables below the root. */
			UK_EXPECT_EQ(left, 3 + ukarch_pt_levels());
			break;
		}
		UK_EXPECT_EQ(rc, -ENOMEM);
		UK_EXPECT_EQ(world_nareas(), 0);
		UK_EXPECT_EQ(world.frames, 1);
	}
	world_end();
}

/* Frames for the world that somebody keeps; 0: nobody. */
static long kept;

static enum uk_event_result on_short(void *data)
{
	const struct uk_falloc_short *const s = data;

	if (s->fa != &world.fa || kept == 0)
		return UK_EVENT_NOT_HANDLED;
	world.left = kept;
	kept = 0;
	return UK_EVENT_HANDLED_CONT;
}

UK_EVENT_HANDLER(uk_falloc_short, on_short);

UK_TEST(vmem, a_page_that_is_touched_gets_a_frame_that_somebody_keeps)
{
	uintptr_t at;

	if (!ukarch_irq_enabled())
		UK_TEST_SKIP("here interrupts are never on");
	if (!world_begin())
		return;
	at = world_map(0, 4 * PAGE, RW, &uk_vma_anon, 0);
	UK_EXPECT_EQ(uk_vma_touch(&world.vas, at, UK_TRAP_WRITE), 0);
	world.left = 0;
	UK_EXPECT_EQ(uk_vma_touch(&world.vas, at + PAGE, UK_TRAP_WRITE),
		     -ENOMEM);
	kept = 1;
	UK_EXPECT_EQ(uk_vma_touch(&world.vas, at + PAGE, UK_TRAP_WRITE), 0);
	UK_EXPECT_EQ(kept, 0);
	UK_EXPECT_EQ(uk_vma_touch(&world.vas, at + 2 * PAGE, UK_TRAP_WRITE),
		     -ENOMEM);
	kept = 2;
	UK_EXPECT_EQ(uk_vma_advise(&world.vas, at, 4 * PAGE,
				   UK_VMA_WILLNEED), 0);
	world.left = LONG_MAX;
	world_end();
}
