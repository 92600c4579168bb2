/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Interrupts that nobody claims or that do not cease. The limits are the
 * parameters' defaults.
 */
#include "fake.h"

#define LINE	41u
#define ROW	1000u		/* ukintctlr.unclaimed_limit */
#define BURST	0x4000u		/* see dispatch.c */

static unsigned int a;

static bool is_stopped(uint32_t *unclaimed)
{
	struct uk_intctlr_stat stat;

	UK_EXPECT_EQ(uk_intctlr_stat(LINE, &stat), 0);
	*unclaimed = stat.unclaimed;
	return stat.stopped;
}

static void begin(uk_irq_fn fn)
{
	a = 0;
	fake_begin();
	UK_EXPECT_EQ(uk_intctlr_irq_register(LINE, fn, &a, "a"), 0);
}

static void dispatch(unsigned int n)
{
	for (unsigned int i = 0; i < n; i++)
		uk_intctlr_dispatch(LINE);
}

UK_TEST(intctlr_storm, an_interrupt_that_nobody_claims_is_counted)
{
	uint32_t unclaimed;

	begin(fake_declines);
	dispatch(3);
	UK_EXPECT(!is_stopped(&unclaimed));
	UK_EXPECT_EQ(unclaimed, 3);
	UK_EXPECT_EQ(a, 3);
	fake_end();
}

UK_TEST(intctlr_storm, so_many_in_a_row_stop_the_line)
{
	uint32_t unclaimed;

	begin(fake_declines);
	dispatch(ROW - 1);
	UK_EXPECT(!is_stopped(&unclaimed));
	UK_EXPECT(fake.open[LINE]);
	dispatch(1);
	UK_EXPECT(is_stopped(&unclaimed));
	UK_EXPECT(!fake.open[LINE]);

	/* What is in flight still, or cannot be masked. */
	dispatch(5);
	UK_EXPECT_EQ(a, ROW);
	UK_EXPECT_EQ(fake.retriggered, 0);
	fake_end();
}

UK_TEST(intctlr_storm, one_that_is_claimed_ends_the_row)
{
	unsigned int claimed = 0;
	uint32_t unclaimed;

	begin(fake_declines);
	dispatch(ROW - 1);
	UK_EXPECT_EQ(uk_intctlr_irq_register(LINE, fake_claims, &claimed, "c"),
		     0);
	dispatch(1);
	uk_intctlr_irq_unregister(LINE, fake_claims, &claimed);
	dispatch(ROW - 1);
	UK_EXPECT(!is_stopped(&unclaimed));
	UK_EXPECT_EQ(unclaimed, 2 * (ROW - 1));
	fake_end();
}

UK_TEST(intctlr_storm, a_stopped_line_goes_on_after_it_was_rearmed)
{
	uint32_t unclaimed;

	begin(fake_declines);
	dispatch(ROW);
	uk_intctlr_irq_rearm(LINE);
	UK_EXPECT(!is_stopped(&unclaimed));
	UK_EXPECT(fake.open[LINE]);
	dispatch(ROW - 1);
	UK_EXPECT(!is_stopped(&unclaimed));
	dispatch(1);
	UK_EXPECT(is_stopped(&unclaimed));
	fake_end();
}

UK_TEST(intctlr_storm, masks_do_not_open_a_stopped_line)
{
	begin(fake_declines);
	dispatch(ROW);
	uk_intctlr_irq_mask(LINE);
	uk_intctlr_irq_unmask(LINE);
	UK_EXPECT(!fake.open[LINE]);
	fake_end();
}

UK_TEST(intctlr_storm, a_new_handler_of_a_line_without_one_starts_afresh)
{
	uint32_t unclaimed;

	begin(fake_declines);
	dispatch(ROW);
	uk_intctlr_irq_unregister(LINE, fake_declines, &a);
	UK_EXPECT_EQ(uk_intctlr_irq_register(LINE, fake_declines, &a, "a"), 0);
	UK_EXPECT(!is_stopped(&unclaimed));
	UK_EXPECT(fake.open[LINE]);
	fake_end();
}

UK_TEST(intctlr_storm, claimed_interrupts_that_come_too_often_are_stopped)
{
	uint32_t unclaimed;

	/* A clock so fast that no time passes, then a slow one. */
	begin(fake_claims);
	intctlr.hz = UINT64_C(1) << 40;
	dispatch(2 * BURST);
	UK_EXPECT(is_stopped(&unclaimed));
	UK_EXPECT(!fake.open[LINE]);
	UK_EXPECT_EQ(unclaimed, 0);
	UK_EXPECT_EQ(a, 2 * BURST);
	fake_end();

	begin(fake_claims);
	intctlr.hz = 1;
	dispatch(3 * BURST);
	UK_EXPECT(!is_stopped(&unclaimed));
	UK_EXPECT_EQ(a, 3 * BURST);
	fake_end();
}
