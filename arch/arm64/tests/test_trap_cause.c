/* SPDX-License-Identifier: BSD-3-Clause */
#include "../trap_priv.h"

#include <uk/test.h>

#define ESR(ec, iss)	((uint64_t)(ec) << 26 | (iss))
#define DABORT		0x25
#define IABORT		0x21
#define WNR		0x40
#define CM		0x100
#define FNV		0x400
#define TRANSLATION	0x07	/* at level 3 */
#define PERMISSION	0x0f
#define EXTERNAL	0x10

#define HIGH		UINT64_C(0xffffffff80000000)

static const char *cause(uint64_t esr, uint64_t far)
{
	return arm64_trap_cause(TRAP_SYNC, esr, far, false);
}

UK_TEST(trap_cause, data_aborts_tell_reads_from_writes)
{
	UK_EXPECT_STR_EQ(cause(ESR(DABORT, TRANSLATION), HIGH),
			 "page fault: read of unmapped memory");
	UK_EXPECT_STR_EQ(cause(ESR(DABORT, TRANSLATION | WNR), HIGH),
			 "page fault: write to unmapped memory");
	UK_EXPECT_STR_EQ(cause(ESR(DABORT, PERMISSION | WNR), HIGH),
			 "page fault: write to a read-only page");
}

UK_TEST(trap_cause, cache_maintenance_counts_as_a_read)
{
	UK_EXPECT_STR_EQ(cause(ESR(DABORT, TRANSLATION | WNR | CM), HIGH),
			 "page fault: read of unmapped memory");
}

UK_TEST(trap_cause, every_level_of_a_fault_has_the_same_words)
{
	for (uint64_t level = 0; level < 4; level++) {
		UK_EXPECT_STR_EQ(cause(ESR(DABORT, 0x04 | level), HIGH),
				 "page fault: read of unmapped memory");
		UK_EXPECT_STR_EQ(cause(ESR(IABORT, 0x0c | level), HIGH),
				 "page fault: execution of a no-execute page");
	}
}

UK_TEST(trap_cause, low_addresses_are_null_pointers)
{
	UK_EXPECT_STR_EQ(cause(ESR(DABORT, TRANSLATION), 8),
		"page fault: read near address 0, through a NULL pointer");
	UK_EXPECT_STR_EQ(cause(ESR(DABORT, TRANSLATION | WNR), 0xffff),
		"page fault: write near address 0, through a NULL pointer");
	UK_EXPECT_STR_EQ(cause(ESR(IABORT, TRANSLATION), 0),
		"page fault: jump near address 0, through a NULL pointer");
	UK_EXPECT_STR_EQ(cause(ESR(DABORT, TRANSLATION), 0x10000),
			 "page fault: read of unmapped memory");
}

UK_TEST(trap_cause, a_guard_page_is_a_stack_overflow)
{
	UK_EXPECT_STR_EQ(arm64_trap_cause(TRAP_SYNC, ESR(DABORT, TRANSLATION),
					  HIGH, true),
			 "stack overflow: the page below a stack was accessed");
}

UK_TEST(trap_cause, every_syndrome_has_words)
{
	for (uint64_t ec = 0; ec < 64; ec++)
		for (uint64_t iss = 0; iss < 128; iss++)
			UK_EXPECT_NOT_NULL(cause(ESR(ec, iss), HIGH));
	for (unsigned int how = 0; how < 8; how++)
		UK_EXPECT_NOT_NULL(arm64_trap_cause(how, 0, 0, false));
}

UK_TEST(trap_cause, the_address_counts_only_where_it_is_valid)
{
	UK_EXPECT(arm64_trap_has_addr(TRAP_SYNC, ESR(DABORT, TRANSLATION)));
	UK_EXPECT(arm64_trap_has_addr(TRAP_SYNC, ESR(DABORT, EXTERNAL)));
	UK_EXPECT(!arm64_trap_has_addr(TRAP_SYNC,
				       ESR(DABORT, EXTERNAL | FNV)));
	UK_EXPECT(!arm64_trap_has_addr(TRAP_SYNC, ESR(0x3c, 0)));
	UK_EXPECT(!arm64_trap_has_addr(TRAP_SERROR, ESR(DABORT, 0)));
}
