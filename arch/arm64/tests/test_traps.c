/* SPDX-License-Identifier: BSD-3-Clause */
/* The real thing: each case takes an exception and comes back. */
#include <uk/arch/cpu.h>
#include <uk/arch/paging.h>
#include <uk/arch/regs.h>
#include <uk/bits/arch/stack.h>
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
	__asm__ volatile(".inst 0");
}

static void breakpoint(void *arg UK_UNUSED)
{
	__asm__ volatile("brk #0");
}

static void system_call(void *arg UK_UNUSED)
{
	__asm__ volatile("svc #1");
}

static void use_up_stack(void *arg UK_UNUSED)
{
	__asm__ volatile("1: str xzr, [sp, #-16]!\n\tb 1b");
}

/* On SP_EL1, as in a trap handler. */
static void use_up_trap_stack(void *arg UK_UNUSED)
{
	__asm__ volatile("msr SPSel, #1\n\t1: str xzr, [sp, #-16]!\n\tb 1b");
}

UK_TEST(traps, the_image_has_no_writable_code_or_constants)
{
	UK_EXPECT_CRASH(write_to, _text);
	UK_EXPECT_STR_EQ(uk_test_crash_cause(),
			 "page fault: write to a read-only page");
	UK_EXPECT_CRASH(write_to, (void *)(uintptr_t)&constant);
	UK_EXPECT_STR_EQ(uk_test_crash_cause(),
			 "page fault: write to a read-only page");
}

UK_TEST(traps, data_and_constants_do_not_execute)
{
	UK_EXPECT_CRASH(jump_to, &datum);
	UK_EXPECT_STR_EQ(uk_test_crash_cause(),
			 "page fault: execution of a no-execute page");
	UK_EXPECT_CRASH(jump_to, _rodata);
	UK_EXPECT_STR_EQ(uk_test_crash_cause(),
			 "page fault: execution of a no-execute page");
}

UK_TEST(traps, the_low_half_is_empty)
{
	UK_EXPECT_CRASH(read_from, NULL);
	UK_EXPECT_STR_EQ(uk_test_crash_cause(),
		"page fault: read near address 0, through a NULL pointer");
	UK_EXPECT_CRASH(read_from, (void *)0x40200000);
	UK_EXPECT_STR_EQ(uk_test_crash_cause(),
			 "page fault: read of unmapped memory");
	UK_EXPECT_CRASH(jump_to, NULL);
}

UK_TEST(traps, an_invalid_instruction_is_told)
{
	UK_EXPECT_CRASH(undefined, NULL);
	UK_EXPECT_STR_EQ(uk_test_crash_cause(), "invalid instruction");
}

UK_TEST(traps, a_breakpoint_and_a_system_call_are_told)
{
	UK_EXPECT_CRASH(breakpoint, NULL);
	UK_EXPECT_STR_EQ(uk_test_crash_cause(),
			 "breakpoint instruction (BRK)");
	UK_EXPECT_CRASH(system_call, NULL);
	UK_EXPECT_STR_EQ(uk_test_crash_cause(),
		"system call instruction (SVC) with a number other than 0, "
		"or where no system call can be made");
}

UK_TEST(traps, a_stack_that_is_used_up_is_told)
{
	UK_EXPECT_CRASH(use_up_stack, NULL);
	UK_EXPECT_STR_EQ(uk_test_crash_cause(),
			 "stack overflow: the page below a stack was accessed");
}

UK_TEST(traps, a_trap_stack_that_is_used_up_is_told)
{
	UK_EXPECT_CRASH(use_up_trap_stack, NULL);
	UK_EXPECT_STR_EQ(uk_test_crash_cause(),
			 "stack overflow: in a trap handler");
}

UK_TEST(traps, registers_are_captured_as_the_caller_has_them)
{
	struct ukarch_regs regs;
	uintptr_t here = (uintptr_t)__builtin_frame_address(0);

	ukarch_regs_capture(&regs);
	UK_EXPECT(ukarch_regs_sp(&regs) <= here);
	UK_EXPECT(here - ukarch_regs_sp(&regs) < 4096);
	UK_EXPECT(ukarch_regs_ip(&regs) >= (uintptr_t)_text);
	UK_EXPECT(ukarch_regs_ip(&regs) < (uintptr_t)_etext);
	UK_EXPECT_EQ(regs.x[0], (uintptr_t)&regs);
	UK_EXPECT_EQ(regs.esr, 0);
	/* EL1 on SP_EL0. */
	UK_EXPECT_EQ(regs.pstate & 0xf, 4);
}

UK_TEST(traps, every_register_has_a_name_and_a_place)
{
	UK_EXPECT_EQ(ukarch_nreg_names, UKARCH_REGS_TRACE / 8);
	for (size_t i = 0; i < ukarch_nreg_names; i++) {
		UK_EXPECT(ukarch_reg_names[i].offset % 8 == 0);
		UK_EXPECT(ukarch_reg_names[i].offset < UKARCH_REGS_TRACE);
		UK_EXPECT_NE(ukarch_reg_names[i].name[0], '\0');
	}
}

UK_TEST(traps, page_table_entries_say_what_was_asked)
{
	const uint64_t rx = ukarch_pte_leaf(0x1000, 0,
					    UK_PAGE_READ | UK_PAGE_EXEC |
					    UK_PAGE_GLOBAL);
	const uint64_t rw = ukarch_pte_leaf(0x200000, 1,
					    UK_PAGE_READ | UK_PAGE_WRITE);
	const uint64_t dev = ukarch_pte_leaf(0, 0, UK_PAGE_READ |
					     UK_PAGE_EXEC | UK_PAGE_DEVICE);

	UK_EXPECT_EQ(rx, 0x0040000000001783);
	UK_EXPECT_EQ(rw, 0x0060000000200f01);
	UK_EXPECT_EQ(dev, 0x0060000000000f87);
	UK_EXPECT(ukarch_pte_is_leaf(rx, 0));
	UK_EXPECT(ukarch_pte_is_leaf(rw, 1));
	UK_EXPECT(!ukarch_pte_is_leaf(ukarch_pte_table(0x1000), 1));
	UK_EXPECT_EQ(ukarch_pte_paddr(rx), 0x1000);
}
