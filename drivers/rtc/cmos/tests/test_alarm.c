/* SPDX-License-Identifier: BSD-3-Clause */
/* What the chip is told; that it interrupts is seen in an image. */
#include "../cmos_priv.h"

#include <uk/errno.h>
#include <uk/test.h>

#include "model.h"

static int set(struct cmos *c, uint64_t seconds)
{
	/* There is no controller to register with. */
	c->has_irq = true;
	return c->rtc.ops->set_alarm(&c->rtc, seconds);
}

UK_TEST(cmos_alarm, it_is_written_in_the_format_of_the_chip_and_read_back)
{
	struct cmos c = model_begin();
	uint64_t seconds = 0;

	UK_EXPECT_EQ(set(&c, MODEL_TIME + 13 * 3600 + 5), 0);
	UK_EXPECT_EQ(model.reg[CMOS_HOUR_AL], 0x18);
	UK_EXPECT_EQ(model.reg[CMOS_MINUTE_AL], 0x06);
	UK_EXPECT_EQ(model.reg[CMOS_SECOND_AL], 0x12);
	UK_EXPECT(model.reg[CMOS_B] & CMOS_B_AIE);
	UK_EXPECT_EQ(c.rtc.ops->get_alarm(&c.rtc, &seconds), 0);
	UK_EXPECT_EQ(seconds, MODEL_TIME + 13 * 3600 + 5);

	/* 12 hours: 6 pm. The time would be another one: 5 is am. */
	model.reg[CMOS_B] = 0;
	UK_EXPECT_EQ(set(&c, MODEL_TIME + 13 * 3600 + 5), 0);
	UK_EXPECT_EQ(model.reg[CMOS_HOUR_AL], 0x86);
	UK_EXPECT_EQ(c.rtc.ops->get_alarm(&c.rtc, &seconds), 0);
	UK_EXPECT_EQ(seconds, MODEL_TIME + 13 * 3600 + 5);
}

UK_TEST(cmos_alarm, it_reaches_less_than_a_day_ahead)
{
	struct cmos c = model_begin();
	uint64_t seconds = 0;

	UK_EXPECT_EQ(set(&c, MODEL_TIME + 86400), -ERANGE);
	UK_EXPECT_EQ(model.reg[CMOS_B] & CMOS_B_AIE, 0);
	UK_EXPECT_EQ(set(&c, MODEL_TIME + 86399), 0);
	UK_EXPECT_EQ(c.rtc.ops->get_alarm(&c.rtc, &seconds), 0);
	UK_EXPECT_EQ(seconds, MODEL_TIME + 86399);
}

UK_TEST(cmos_alarm, one_that_is_stopped_is_off_and_nothing_is_pending)
{
	struct cmos c = model_begin();
	uint64_t seconds = 0;

	UK_EXPECT_EQ(c.rtc.ops->get_alarm(&c.rtc, &seconds), -ENOENT);
	UK_EXPECT_EQ(set(&c, MODEL_TIME + 1), 0);
	model.reg[CMOS_C] = CMOS_C_IRQF | CMOS_C_AF;
	c.rtc.ops->stop_alarm(&c.rtc);
	UK_EXPECT_EQ(model.reg[CMOS_B], CMOS_B_24H);
	UK_EXPECT_EQ(model.reg[CMOS_C], 0);
	UK_EXPECT_EQ(c.rtc.ops->get_alarm(&c.rtc, &seconds), -ENOENT);
}

UK_TEST(cmos_alarm, what_it_holds_may_be_damaged_and_the_clock_broken)
{
	struct cmos c = model_begin();
	uint64_t seconds = 7;

	UK_EXPECT_EQ(set(&c, MODEL_TIME + 1), 0);
	model.reg[CMOS_MINUTE_AL] = 0xa5;
	UK_EXPECT_EQ(c.rtc.ops->get_alarm(&c.rtc, &seconds), -EIO);
	model.uip = FOREVER;
	UK_EXPECT_EQ(c.rtc.ops->get_alarm(&c.rtc, &seconds), -EIO);
	UK_EXPECT_EQ(set(&c, MODEL_TIME + 2), -EIO);
	UK_EXPECT_EQ(seconds, 7);
}
