/* SPDX-License-Identifier: BSD-3-Clause */
/* Where the stacks of other CPUs end, nothing is mapped. */
#include <uk/lcpu.h>

#include <stdbool.h>

#include <uk/arch/cpu.h>
#include <uk/arch/ctx.h>
#include <uk/arch/paging.h>
#include <uk/arch/percpu.h>
#include <uk/errno.h>
#include <uk/pagetable.h>
#include <uk/test.h>

#define PAGE	((uintptr_t)UKARCH_PAGE_SIZE)

static bool is_mapped(uintptr_t vaddr)
{
	struct uk_paging_leaf leaf;

	return uk_paging_find(uk_paging_kernel(), vaddr, &leaf) == 0;
}

/* A call arrives on the trap stack of what it interrupts. */
static void where(void *arg)
{
	*(uintptr_t *)arg = ukarch_current()->trap_stack_top;
}

UK_TEST(stacks, those_of_each_cpu_have_a_hole_below_and_between)
{
	const unsigned int n = uk_lcpu_start_all();

	if (n < 2)
		UK_TEST_SKIP("this machine has one CPU");
	for (unsigned int i = 1; i < n; i++) {
		const uintptr_t slot = UKARCH_KMAP_BASE + i * 16 * PAGE;
		unsigned int npages = 0;

		UK_EXPECT(!is_mapped(slot));
		UK_EXPECT(!is_mapped(slot + PAGE));
		UK_EXPECT(is_mapped(slot + 2 * PAGE));
		UK_EXPECT(!is_mapped(slot + 4 * PAGE));
		UK_EXPECT(is_mapped(slot + 5 * PAGE));
		for (unsigned int p = 9; p < 16; p += 2)
			UK_EXPECT(!is_mapped(slot + p * PAGE));
		for (unsigned int p = 0; p < 16; p++)
			npages += is_mapped(slot + p * PAGE);
		UK_EXPECT_EQ(npages, 6 + UKARCH_LCPU_EXTRA);
	}
}

UK_TEST(stacks, a_cpu_that_runs_nothing_else_takes_traps_on_its_own)
{
	uintptr_t top = 0;

	if (uk_lcpu_start_all() < 2)
		UK_TEST_SKIP("this machine has one CPU");
	uk_lcpu_run(1, where, &top);
	/* With a scheduler it is the idle thread's. */
	if (top - UKARCH_KMAP_BASE >= (uintptr_t)1 << 30)
		UK_TEST_SKIP("the CPU runs a thread");
	UK_EXPECT_EQ(top, UKARCH_KMAP_BASE + (16 + 4) * PAGE);
	UK_EXPECT(!is_mapped(top - UKARCH_TRAP_STACK_SIZE - 1));
}
