/* SPDX-License-Identifier: BSD-3-Clause */
#include "../x86_priv.h"

#include <uk/test.h>

#define PRESENT		0x01
#define WRITE		0x02
#define RESERVED	0x08
#define EXEC		0x10
#define HIGH		UINT64_C(0xffffffff80000000)

static const char *pf(uint64_t error, uint64_t addr)
{
	return x86_trap_cause(X86_TRAP_PF, error, addr, false);
}

UK_TEST(trap_cause, page_faults_tell_the_access_from_what_was_there)
{
	UK_EXPECT_STR_EQ(pf(0, HIGH), "page fault: read of unmapped memory");
	UK_EXPECT_STR_EQ(pf(WRITE, HIGH),
			 "page fault: write to unmapped memory");
	UK_EXPECT_STR_EQ(pf(EXEC, HIGH),
			 "page fault: execution of unmapped memory");
	UK_EXPECT_STR_EQ(pf(PRESENT | WRITE, HIGH),
			 "page fault: write to a read-only page");
	UK_EXPECT_STR_EQ(pf(PRESENT | EXEC, HIGH),
			 "page fault: execution of a no-execute page");
}

UK_TEST(trap_cause, low_addresses_are_null_pointers)
{
	UK_EXPECT_STR_EQ(pf(0, 8),
		"page fault: read near address 0, through a NULL pointer");
	UK_EXPECT_STR_EQ(pf(WRITE, 0xffff),
		"page fault: write near address 0, through a NULL pointer");
	UK_EXPECT_STR_EQ(pf(EXEC, 0),
		"page fault: jump near address 0, through a NULL pointer");
	UK_EXPECT_STR_EQ(pf(0, 0x10000),
			 "page fault: read of unmapped memory");
}

UK_TEST(trap_cause, a_guard_page_is_a_stack_overflow)
{
	UK_EXPECT_STR_EQ(x86_trap_cause(X86_TRAP_PF, WRITE, HIGH, true),
			 "stack overflow: the page below a stack was accessed");
	/* But what is mapped there is not. */
	UK_EXPECT_STR_EQ(x86_trap_cause(X86_TRAP_PF, PRESENT | WRITE, HIGH,
					true),
			 "page fault: write to a read-only page");
}

UK_TEST(trap_cause, a_damaged_page_table_is_named)
{
	UK_EXPECT_STR_EQ(pf(PRESENT | RESERVED, HIGH),
			 "page fault: damaged page table (reserved bit set)");
}

UK_TEST(trap_cause, protection_faults_tell_vectors_from_selectors)
{
	UK_EXPECT_STR_EQ(x86_trap_cause(X86_TRAP_GP, 0x80 * 8 + 2, 0, false),
			 "interrupt without a handler (its number: error / 8; "
			 "in QEMU's emulation error / 16)");
	UK_EXPECT_STR_EQ(x86_trap_cause(X86_TRAP_GP, 0x30, 0, false),
			 "general protection fault: wrong segment selector");
}

UK_TEST(trap_cause, every_vector_has_words)
{
	for (uint64_t vector = 0; vector < 256; vector++)
		UK_EXPECT_NOT_NULL(x86_trap_cause(vector, 0, 0, false));
	for (uint64_t error = 0; error < 128; error++)
		UK_EXPECT_NOT_NULL(pf(error, HIGH));
	UK_EXPECT_STR_EQ(x86_trap_cause(15, 0, 0, false),
			 "exception with a reserved number");
}
