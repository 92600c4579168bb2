/* SPDX-License-Identifier: BSD-3-Clause */
/* The address space that this CPU uses: memory by access, and by fault. */
#include "world.h"

#include <limits.h>

#include <uk/arch/cpu.h>
#include <uk/arch/ctx.h>
#include <uk/arch/paging.h>
#include <uk/arch/regs.h>
#include <uk/errno.h>
#include <uk/nofault.h>
#include <uk/preempt.h>
#include <uk/string.h>
#include <uk/test.h>

#define AT	((uintptr_t)0x40000000)

/* What is done with faults that nobody can help. */
static struct {
	bool armed;
	struct uk_vmem_fault fault;
	unsigned int seen;
	bool help;		/* map the page */
} want;

static enum uk_event_result on_fault(void *data)
{
	const struct uk_vmem_fault *const fault = data;
	uint64_t paddr;

	if (!want.armed)
		return UK_EVENT_NOT_HANDLED;
	want.seen++;
	want.fault = *fault;
	if (!want.help || uk_falloc(&world.fa, &paddr, 1, 0) < 0 ||
	    uk_paging_map(&world.vas.pt, fault->addr / PAGE * PAGE, paddr,
			  PAGE, RW, 0) < 0)
		return UK_EVENT_NOT_HANDLED;
	return UK_EVENT_HANDLED;
}

UK_EVENT_HANDLER(uk_vmem_fault, on_fault);

/* From here to leave() this CPU uses the address space of the case. */
static void enter(void)
{
	uk_preempt_disable();
	uk_vas_activate(&world.vas);
}

static void leave(void)
{
	uk_vas_activate(NULL);
	uk_preempt_enable();
}

/* What is to be done with the faults that come from here on. */
static void expect_faults(bool help)
{
	want = (__typeof__(want)){ .armed = true, .help = help };
	uk_compiler_barrier();
}

static volatile unsigned char *byte(uintptr_t vaddr)
{
	return (volatile unsigned char *)vaddr;
}

static void read_from(void *addr)
{
	(void)*(volatile char *)addr;
}

static void write_to(void *addr)
{
	*(volatile char *)addr = 1;
}

static void jump_to(void *addr)
{
	((void (*)(void))addr)();
}

UK_TEST(vmem_image, four_pages_of_a_gib_are_all_the_memory_it_takes)
{
	struct uk_vas_stats stats;
	uintptr_t at;

	if (!world_begin())
		return;
	at = world_map(0, 1024 * MIB, RW, &uk_vma_anon, 0);
	enter();
	for (unsigned int i = 0; i < 4; i++) {
		UK_EXPECT_EQ(*byte(at + i * 341 * MIB), 0);
		*byte(at + i * 341 * MIB) = (unsigned char)(i + 1);
	}
	for (unsigned int i = 0; i < 4; i++)
		UK_EXPECT_EQ(*byte(at + i * 341 * MIB), i + 1);
	leave();
	uk_vas_get_stats(&world.vas, &stats);
	UK_EXPECT_EQ(stats.resident, 4 * PAGE);
	world_end();
}

UK_TEST(vmem_image, areas_begin_where_the_low_half_of_the_cpu_ends)
{
	const uintptr_t end = ukarch_low_end(ukarch_pt_levels());
	uintptr_t at;

	if (!world_begin())
		return;
	UK_EXPECT_EQ(world.vas.end, end);
	at = world_map(0, 2 * MIB, RW, &uk_vma_anon, 0);
	UK_EXPECT_GT(at, end - 8 * MIB);
	enter();
	*byte(at) = 1;
	*byte(at + 2 * MIB - 1) = 2;
	UK_EXPECT_EQ(*byte(at), 1);
	UK_EXPECT_CRASH(read_from, (void *)(at - PAGE));
	leave();
	world_end();
}

UK_TEST(vmem_image, accesses_that_an_area_forbids_crash)
{
	if (!world_begin())
		return;
	(void)world_map(AT, PAGE, UK_PAGE_READ, &uk_vma_anon, UK_VMA_EXACT);
	(void)world_map(AT + PAGE, PAGE, RW, &uk_vma_anon, UK_VMA_EXACT);
	(void)world_map(AT + 2 * PAGE, PAGE, RW, &uk_vma_anon, UK_VMA_EXACT);
	UK_EXPECT_EQ(uk_vma_touch(&world.vas, AT + 2 * PAGE, UK_TRAP_WRITE),
		     0);
	UK_EXPECT_EQ(uk_vma_protect(&world.vas, AT + 2 * PAGE, PAGE, 0), 0);
	enter();
	read_from((void *)AT);
	UK_EXPECT_CRASH(write_to, (void *)AT);
	UK_EXPECT_STR_EQ(uk_test_crash_cause(),
			 "page fault: write to a read-only page");
	write_to((void *)(AT + PAGE));
	UK_EXPECT_CRASH(jump_to, (void *)(AT + PAGE));
	UK_EXPECT_STR_EQ(uk_test_crash_cause(),
			 "page fault: execution of a no-execute page");
	UK_EXPECT_CRASH(read_from, (void *)(AT + 2 * PAGE));
	UK_EXPECT_CRASH(write_to, (void *)(AT + 2 * PAGE));
	UK_EXPECT_CRASH(read_from, (void *)(AT + 3 * PAGE));
	UK_EXPECT_STR_EQ(uk_test_crash_cause(),
			 "page fault: read of unmapped memory");
	leave();
	world_end();
}

UK_TEST(vmem_image, rights_that_are_taken_are_gone_at_once)
{
	if (!world_begin())
		return;
	(void)world_map(AT, PAGE, RW, &uk_vma_anon, UK_VMA_EXACT);
	enter();
	write_to((void *)AT);
	leave();
	UK_EXPECT_EQ(uk_vma_protect(&world.vas, AT, PAGE, UK_PAGE_READ), 0);
	enter();
	UK_EXPECT_EQ(*byte(AT), 1);
	UK_EXPECT_CRASH(write_to, (void *)AT);
	leave();
	UK_EXPECT_EQ(uk_vma_protect(&world.vas, AT, PAGE, RW), 0);
	enter();
	write_to((void *)AT);
	leave();
	UK_EXPECT_EQ(uk_vma_unmap(&world.vas, AT, PAGE), 0);
	enter();
	UK_EXPECT_CRASH(read_from, (void *)AT);
	leave();
	world_end();
}

UK_TEST(vmem_image, a_fault_tells_address_access_and_reason)
{
	if (!world_begin())
		return;
	(void)world_map(AT, PAGE, UK_PAGE_READ, &uk_vma_anon, UK_VMA_EXACT);
	enter();
	expect_faults(false);
	UK_EXPECT_CRASH(write_to, (void *)(AT + 5));
	UK_EXPECT_EQ(want.fault.addr, AT + 5);
	UK_EXPECT_EQ(want.fault.access, UK_TRAP_WRITE);
	UK_EXPECT_EQ(want.fault.reason, UK_VMEM_NO_RIGHT);
	UK_EXPECT_CRASH(jump_to, (void *)(AT + PAGE));
	UK_EXPECT_EQ(want.fault.addr, AT + PAGE);
	UK_EXPECT_EQ(want.fault.access, UK_TRAP_EXEC);
	UK_EXPECT_EQ(want.fault.reason, UK_VMEM_NO_AREA);
	world.left = 0;
	UK_EXPECT_CRASH(read_from, (void *)AT);
	UK_EXPECT_EQ(want.fault.reason, UK_VMEM_NO_MEMORY);
	UK_EXPECT_EQ(want.fault.error, -ENOMEM);
	UK_EXPECT_EQ(want.seen, 3);
	world.left = LONG_MAX;
	want.armed = false;
	leave();
	world_end();
}

UK_TEST(vmem_image, who_handles_a_fault_may_put_memory_there)
{
	if (!world_begin())
		return;
	enter();
	expect_faults(true);
	write_to((void *)(AT + 5));
	UK_EXPECT_EQ(*byte(AT + 5), 1);
	UK_EXPECT_EQ(want.seen, 1);
	want.armed = false;
	leave();
	UK_EXPECT_EQ(uk_paging_unmap(&world.vas.pt, AT, PAGE, UK_PAGING_FREE,
				     NULL), 0);
	world_end();
}

/* A copy of the page at data, one more in its first byte. */
static int copy_of_other(const struct uk_vma *vma, struct uk_vma_fault *fault)
{
	unsigned char *to;
	const int rc = uk_falloc(&world.fa, &fault->paddr, 1, 0);

	if (rc < 0)
		return rc;
	to = uk_phys_to_virt(fault->paddr);
	memcpy(to, vma->data, PAGE);
	to[0]++;
	fault->level = 0;
	return 0;
}

UK_TEST(vmem_image, a_fault_while_a_fault_is_served_is_served_too)
{
	static const struct uk_vma_ops copies = {
		.name = "copies", .fault = copy_of_other,
	};
	struct uk_vma_request rq = {
		.len = PAGE, .prot = RW, .ops = &copies, .flags = UK_VMA_EXACT,
	};
	struct uk_vas_stats stats;

	if (!world_begin())
		return;
	(void)world_map(AT, PAGE, RW, &uk_vma_anon, UK_VMA_EXACT);
	for (uintptr_t i = 1; i <= 3; i++) {
		rq.vaddr = AT + 2 * i * PAGE;
		rq.data = (void *)(rq.vaddr - 2 * PAGE);
		UK_EXPECT_EQ(uk_vma_map(&world.vas, &rq), 0);
	}
	enter();
	/* The last needs the one before it, and so on: four on one stack. */
	UK_EXPECT_EQ(*byte(AT + 6 * PAGE), 3);
	UK_EXPECT_EQ(*byte(AT + 2 * PAGE), 1);
	leave();
	uk_vas_get_stats(&world.vas, &stats);
	UK_EXPECT_EQ(stats.nfaults, 4);
	world_end();
}

UK_TEST(vmem_image, an_image_without_an_active_address_space_has_no_low_half)
{
	if (!world_begin())
		return;
	(void)world_map(AT, PAGE, RW, &uk_vma_anon,
			UK_VMA_EXACT | UK_VMA_POPULATE);
	UK_EXPECT_NE(uk_vas_get_active(), &world.vas);
	UK_EXPECT_CRASH(read_from, (void *)AT);
	enter();
	UK_EXPECT_EQ(uk_vas_get_active(), &world.vas);
	read_from((void *)AT);
	leave();
	UK_EXPECT_CRASH(read_from, (void *)AT);
	world_end();
}

UK_TEST(vmem_image, address_spaces_are_apart)
{
	static struct uk_vas other;
	struct uk_vma_request rq = {
		.vaddr = AT, .len = PAGE, .prot = RW, .ops = &uk_vma_anon,
		.flags = UK_VMA_EXACT,
	};

	if (!world_begin())
		return;
	UK_EXPECT_EQ(uk_vas_create(&other, world.a, &world.fa), 0);
	(void)world_map(AT, PAGE, RW, &uk_vma_anon, UK_VMA_EXACT);
	UK_EXPECT_EQ(uk_vma_map(&other, &rq), 0);
	enter();
	*byte(AT) = 1;
	uk_vas_activate(&other);
	UK_EXPECT_EQ(*byte(AT), 0);
	*byte(AT) = 2;
	uk_vas_activate(&world.vas);
	UK_EXPECT_EQ(*byte(AT), 1);
	uk_vas_activate(&other);
	UK_EXPECT_EQ(*byte(AT), 2);
	leave();
	UK_EXPECT_EQ(uk_vas_destroy(&other), 0);
	world_end();
}

UK_TEST(vmem_image, a_copy_from_a_bad_address_has_pages_put_there_if_it_may)
{
	char bytes[8] = { 1 };

	if (!world_begin())
		return;
	(void)world_map(AT, PAGE, RW, &uk_vma_anon, UK_VMA_EXACT);
	enter();
	UK_EXPECT_EQ(uk_nofault_memcpy(bytes, (void *)(AT + PAGE - 3), 8,
				       UK_NOFAULT_NOPAGING), 0);
	UK_EXPECT(!world_is_mapped(AT));
	UK_EXPECT_EQ(uk_nofault_memcpy(bytes, (void *)(AT + PAGE - 3), 8, 0),
		     3);
	UK_EXPECT_EQ(bytes[0], 0);
	UK_EXPECT_EQ(uk_nofault_probe_rw(AT, 2 * PAGE, 0), PAGE);
	leave();
	world_end();
}

/*
 * A stack on demand
 */
static struct ukarch_ctx here, there;
static unsigned long sum;

/* @depth frames of more than 512 bytes each, all in use at the deepest call. */
static UK_NOINLINE unsigned long deep(unsigned int depth)
{
	volatile unsigned char local[512];
	unsigned long below = 0;

	for (size_t i = 0; i < sizeof(local); i++)
		local[i] = (unsigned char)depth;
	if (depth)
		below = deep(depth - 1);
	return below + local[depth % sizeof(local)];
}

static void run_deep(void *a, void *b UK_UNUSED)
{
	sum = deep((unsigned int)(uintptr_t)a);
	ukarch_ctx_switch(&there, &here);
}

static unsigned long call_on(uintptr_t stack_top, unsigned int depth)
{
	unsigned long irq;

	ukarch_ctx_init(&there, stack_top, run_deep, (void *)(uintptr_t)depth,
			NULL);
	irq = ukarch_irq_save();
	ukarch_ctx_switch(&here, &there);
	ukarch_irq_restore(irq);
	return sum;
}

UK_TEST(vmem_image, a_stack_comes_page_by_page_as_calls_go_deeper)
{
	const size_t len = 32 * PAGE;
	struct uk_vas_stats stats;

	if (!world_begin())
		return;
	(void)world_map(AT, len, RW, &uk_vma_stack, UK_VMA_EXACT);
	enter();
	/* From just below and just above the edge of a page. */
	UK_EXPECT_EQ(call_on(AT + len, 10), 55);
	uk_vas_get_stats(&world.vas, &stats);
	UK_EXPECT_GE(stats.resident, 2 * PAGE);
	UK_EXPECT_LE(stats.resident, 3 * PAGE);
	UK_EXPECT_EQ(call_on(AT + len - PAGE + 16, 100), 5050);
	UK_EXPECT_EQ(call_on(AT + len - PAGE - 16, 100), 5050);
	leave();
	uk_vas_get_stats(&world.vas, &stats);
	UK_EXPECT_GE(stats.resident, 14 * PAGE);
	UK_EXPECT_LE(stats.resident, 24 * PAGE);
	world_end();
}

static void overrun(void *arg)
{
	(void)call_on((uintptr_t)arg, 1000);
}

UK_TEST(vmem_image, an_area_that_grows_does_so_by_a_fault_of_who_may_wait)
{
	struct uk_vas_stats stats;
	unsigned long irq;

	if (!world_begin())
		return;
	(void)world_map(AT, PAGE, RW, &uk_vma_anon,
			UK_VMA_EXACT | UK_VMA_GROWS);
	uk_vas_activate(&world.vas);
	*byte(AT - 5 * PAGE) = 1;
	UK_EXPECT_EQ(*byte(AT - 5 * PAGE), 1);
	UK_EXPECT_EQ(*byte(AT - 2 * PAGE), 0);
	UK_EXPECT_CRASH(write_to, (void *)(AT + PAGE));
	UK_EXPECT_CRASH(write_to, (void *)(AT - UK_VMA_GROWS_GAP * 16));
	irq = ukarch_irq_save();
	UK_EXPECT_CRASH(write_to, (void *)(AT - 6 * PAGE));
	ukarch_irq_restore(irq);
	uk_vas_activate(NULL);
	uk_vas_get_stats(&world.vas, &stats);
	UK_EXPECT_EQ(stats.nareas, 1);
	UK_EXPECT_EQ(stats.len, 6 * PAGE);
	UK_EXPECT_EQ(stats.resident, 2 * PAGE);
	world_end();
}

UK_TEST(vmem_image, a_stack_that_overflows_is_caught_at_its_guard)
{
	const size_t len = 8 * PAGE;
	struct uk_vma_request rq = {
		.vaddr = AT, .len = len, .prot = RW, .ops = &uk_vma_stack,
		.flags = UK_VMA_EXACT, .name = "worker",
	};
	char text[128];

	if (!world_begin())
		return;
	UK_EXPECT_EQ(uk_vma_map(&world.vas, &rq), 0);
	enter();
	expect_faults(false);
	UK_EXPECT_CRASH(overrun, (void *)(AT + len));
	UK_EXPECT_GE(want.fault.addr, AT);
	UK_EXPECT_LT(want.fault.addr, AT + UK_VMA_GUARD_LEN);
	want.armed = false;
	UK_EXPECT(vmem_describe(&world.vas, want.fault.addr, 0, text,
				sizeof(text)));
	UK_EXPECT_STR_EQ(uk_strchr(text, ' '),
			 " bytes below the stack 'worker': it overflowed");
	/* With the stack pointer, it is known whose it is. */
	UK_EXPECT(vmem_describe(&world.vas, want.fault.addr, want.fault.addr,
				text, sizeof(text)));
	UK_EXPECT_STR_EQ(uk_strchr(text, ' '),
			 " bytes below the stack of thread 'main': it "
			 "overflowed");
	leave();
	world_end();
}
