/* SPDX-License-Identifier: BSD-3-Clause */
/* What the chip is told; that it interrupts is seen in an image. */
#include "../pl031_priv.h"

#include <uk/errno.h>
#include <uk/test.h>

#include "model.h"

UK_TEST(pl031_alarm, it_is_set_read_back_and_stopped)
{
	struct pl031 c = model_begin();
	uint64_t seconds = 7;

	c.has_irq = true;	/* there is no controller to register with */
	UK_EXPECT_EQ(c.rtc.ops->get_alarm(&c.rtc, &seconds), -ENOENT);
	UK_EXPECT_EQ(c.rtc.ops->set_alarm(&c.rtc, MODEL_TIME + 5), 0);
	UK_EXPECT_EQ(model.regs[PL031_MR / 4], MODEL_TIME + 5);
	UK_EXPECT_EQ(model.regs[PL031_IMSC / 4], ALARM);
	UK_EXPECT_EQ(c.rtc.ops->get_alarm(&c.rtc, &seconds), 0);
	UK_EXPECT_EQ(seconds, MODEL_TIME + 5);
	model.regs[PL031_ICR / 4] = 0;
	c.rtc.ops->stop_alarm(&c.rtc);
	UK_EXPECT_EQ(model.regs[PL031_IMSC / 4], 0);
	UK_EXPECT_EQ(model.regs[PL031_ICR / 4], ALARM);
	UK_EXPECT_EQ(c.rtc.ops->get_alarm(&c.rtc, &seconds), -ENOENT);
}

UK_TEST(pl031_alarm, it_ends_with_32_bits)
{
	struct pl031 c = model_begin();

	c.has_irq = true;
	UK_EXPECT_EQ(c.rtc.ops->set_alarm(&c.rtc, UINT32_MAX), 0);
	UK_EXPECT_EQ(c.rtc.ops->set_alarm(&c.rtc, (uint64_t)UINT32_MAX + 1),
		     -ERANGE);
	UK_EXPECT_EQ(model.regs[PL031_MR / 4], UINT32_MAX);
}

UK_TEST(pl031_alarm, one_that_the_tree_gives_no_interrupt_has_none)
{
	struct pl031 c = model_begin();

	UK_EXPECT_EQ(c.rtc.ops->set_alarm(&c.rtc, MODEL_TIME + 5), -ENOTSUP);
	UK_EXPECT_EQ(model.regs[PL031_IMSC / 4], 0);
}
