/* SPDX-License-Identifier: BSD-3-Clause */
/* The real thing: each case takes an exception and comes back. */
#include "../x86_priv.h"

#include <uk/arch/cpu.h>
#include <uk/arch/paging.h>
#include <uk/arch/regs.h>
#include <uk/config.h>
#include <uk/essentials.h>
#include <uk/sections.h>
#include <uk/test.h>

static const int constant = 1;
static int datum;

static void write_to(void *addr)
{
	*(volatile int *)addr = 1;
}

static void read_from(void *addr)
{
	(void)*(volatile int *)addr;
}

static void jump_to(void *addr)
{
	((void (*)(void))addr)();
}

static void undefined(void *arg UK_UNUSED)
{
	__asm__ volatile("ud2");
}

static void breakpoint(void *arg UK_UNUSED)
{
	__asm__ volatile("int3");
}

static void divide(void *arg UK_UNUSED)
{
	__asm__ volatile("divl %0" : : "r"(0), "a"(1), "d"(0));
}

static void use_up_stack(void *arg UK_UNUSED)
{
	__asm__ volatile("1: pushq %rax\n\tjmp 1b");
}

/*
 * A page fault whose gate is not there: the CPU cannot deliver it, and gives a
 * double fault. The gate is repaired by the case.
 */
struct idt_ptr {
	uint16_t limit;
	uint64_t base;
} UK_PACKED;

static uint64_t *page_fault_gate(void)
{
	struct idt_ptr ptr;

	__asm__ volatile("sidt %0" : "=m"(ptr));
	return (uint64_t *)(uintptr_t)ptr.base + 2 * X86_TRAP_PF;
}

#define GATE_PRESENT	(UINT64_C(1) << 47)

static void fault_without_gate(void *arg)
{
	*page_fault_gate() &= ~GATE_PRESENT;
	read_from(arg);
}

static void expect(void (*fn)(void *), void *arg, const char *cause)
{
	UK_EXPECT_CRASH(fn, arg);
	UK_EXPECT_STR_EQ(uk_test_crash_cause(), cause);
}

UK_TEST(traps, text_and_constants_cannot_be_written)
{
	expect(write_to, _text, "page fault: write to a read-only page");
	expect(write_to, (void *)(uintptr_t)&constant,
	       "page fault: write to a read-only page");
}

UK_TEST(traps, nor_can_they_through_the_linear_map)
{
	const uintptr_t off = UKARCH_LINEAR_BASE - UKARCH_IMAGE_BASE;

	expect(write_to, (void *)((uintptr_t)_text + off),
	       "page fault: write to a read-only page");
	expect(write_to, (void *)((uintptr_t)&constant + off),
	       "page fault: write to a read-only page");
}

UK_TEST(traps, data_cannot_be_executed)
{
	expect(jump_to, &datum, "page fault: execution of a no-execute page");
	expect(jump_to, (void *)((uintptr_t)_text + UKARCH_LINEAR_BASE -
				 UKARCH_IMAGE_BASE),
	       "page fault: execution of a no-execute page");
}

/* A trap that overran its stack would be in the tables of the image. */
UK_TEST(traps, below_each_stack_of_the_boot_cpu_is_a_guard)
{
	static char *const stacks[] = {
		ukarch_boot_stack, x86_trap_stack, x86_df_stack,
		x86_nmi_stack, x86_mc_stack,
	};

	for (unsigned int i = 0; i < UK_ARRAY_SIZE(stacks); i++) {
		read_from(stacks[i]);
		UK_EXPECT_CRASH(write_to, stacks[i] - 8);
		UK_EXPECT_CRASH(write_to, stacks[i] - UKARCH_PAGE_SIZE);
	}
}

UK_TEST(traps, address_0_is_not_mapped)
{
	void *volatile null = NULL;

	expect(read_from, null,
	       "page fault: read near address 0, through a NULL pointer");
	expect(write_to, null,
	       "page fault: write near address 0, through a NULL pointer");
	expect(jump_to, null,
	       "page fault: jump near address 0, through a NULL pointer");
}

UK_TEST(traps, the_start_code_is_not_mapped_at_its_physical_address)
{
	expect(read_from, (void *)((uintptr_t)_text - UKARCH_IMAGE_BASE),
	       "page fault: read of unmapped memory");
}

UK_TEST(traps, error_pointers_point_to_nothing)
{
	expect(read_from, (void *)(uintptr_t)-4096,
	       "page fault: read of unmapped memory");
}

UK_TEST(traps, addresses_between_the_halves_fault)
{
	expect(read_from, (void *)UINT64_C(0x1234567800000000),
	       "general protection fault: forbidden operation, or an address "
	       "that is not canonical");
}

UK_TEST(traps, instructions_that_trap_are_told_apart)
{
	expect(undefined, NULL, "invalid instruction");
	expect(breakpoint, NULL, "breakpoint (int3)");
	expect(divide, NULL, "division by zero, or its result does not fit");
}

UK_TEST(traps, stack_overflow_is_caught_below_the_stack)
{
	expect(use_up_stack, NULL,
	       "stack overflow: the page below a stack was accessed");
}

/*
 * Its stack is written to before: KVM gives memory when it is needed, and an
 * emulated SVM (QEMU 7.2) that finds none there when it delivers the second
 * fault tells KVM that it was delivering the first. That comes again then, and
 * what it leads to comes alone.
 */
UK_TEST(traps, a_double_fault_has_a_stack_of_its_own)
{
	uint64_t *const gate = page_fault_gate();

	write_to(x86_df_stack + X86_OTHER_STACK - sizeof(int));
	UK_EXPECT_CRASH(fault_without_gate, NULL);
	*gate |= GATE_PRESENT;
	UK_EXPECT_STR_EQ(uk_test_crash_cause(),
			 "double fault: a trap could not be delivered");
}

UK_TEST(traps, every_stack_has_a_hole_below)
{
	char *const stack[] = {
		ukarch_boot_stack, x86_trap_stack, x86_df_stack,
		x86_nmi_stack, x86_mc_stack,
	};

	for (size_t i = 0; i < sizeof(stack) / sizeof(stack[0]); i++)
		expect(read_from, stack[i] - 1,
		       "stack overflow: the page below a stack was accessed");
}
