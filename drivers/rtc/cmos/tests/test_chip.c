/* SPDX-License-Identifier: BSD-3-Clause */
#include "../cmos_priv.h"

#include <uk/errno.h>
#include <uk/test.h>

#include "model.h"

static uint8_t nothing_in(uint16_t port UK_UNUSED)
{
	return 0xff;
}

static void nothing_out(uint16_t port UK_UNUSED, uint8_t val UK_UNUSED)
{
}

static const struct cmos_io nothing = { .in = nothing_in, .out = nothing_out };

UK_TEST(cmos_chip, the_time_is_read_and_set)
{
	struct cmos c = model_begin();
	uint64_t seconds = 0;

	UK_EXPECT_EQ(cmos_start(&c), 0);
	UK_EXPECT_EQ(cmos_get_time(&c.rtc, &seconds), 0);
	UK_EXPECT_EQ(seconds, MODEL_TIME);
	/* 2100-02-28 23:59:59 */
	UK_EXPECT_EQ(cmos_set_time(&c.rtc, 4107542399), 0);
	UK_EXPECT_EQ(model.reg[CMOS_CENTURY], 0x21);
	UK_EXPECT_EQ(model.reg[CMOS_YEAR], 0x00);
	UK_EXPECT_EQ(model.reg[CMOS_WEEKDAY], 1);
	UK_EXPECT_EQ(model.reg[CMOS_B] & CMOS_B_SET, 0);
	UK_EXPECT_EQ(cmos_get_time(&c.rtc, &seconds), 0);
	UK_EXPECT_EQ(seconds, 4107542399);
}

UK_TEST(cmos_chip, its_interrupts_are_off_and_its_format_stays)
{
	struct cmos c = model_begin();

	model.reg[CMOS_B] = 0x7f;
	model.reg[CMOS_C] = 0xf0;
	UK_EXPECT_EQ(cmos_start(&c), 0);
	UK_EXPECT_EQ(model.reg[CMOS_B], 0x0f);
	UK_EXPECT_EQ(model.reg[CMOS_C], 0);
	/* The clock keeps UTC: it must not put itself forward. */
	UK_EXPECT_EQ(cmos_set_time(&c.rtc, MODEL_TIME), 0);
	UK_EXPECT_EQ(model.reg[CMOS_B], 0x0e);
}

UK_TEST(cmos_chip, nmis_stay_on)
{
	struct cmos c = model_begin();
	uint64_t seconds;

	UK_EXPECT_EQ(cmos_start(&c), 0);
	UK_EXPECT_EQ(cmos_get_time(&c.rtc, &seconds), 0);
	UK_EXPECT_EQ(cmos_set_time(&c.rtc, seconds), 0);
	UK_EXPECT_LT(model.highest_index, 0x80);
}

UK_TEST(cmos_chip, a_machine_without_one_is_told_by_all_ones)
{
	struct cmos c = model_begin();

	c.io = &nothing;
	UK_EXPECT_EQ(cmos_start(&c), -ENODEV);
}

UK_TEST(cmos_chip, who_reads_waits_until_it_has_ticked)
{
	struct cmos c = model_begin();
	uint64_t seconds = 0;

	model.uip = 30;
	UK_EXPECT_EQ(cmos_get_time(&c.rtc, &seconds), 0);
	UK_EXPECT_EQ(seconds, MODEL_TIME);
	UK_EXPECT_EQ(model.uip, 0);
}

/* Wherever the tick comes between the readings of one time. */
UK_TEST(cmos_chip, a_tick_between_two_registers_is_seen)
{
	const uint64_t before = MODEL_TIME - 7 + 59;

	for (unsigned int at = 1; at <= 20; at++) {
		struct cmos c = model_begin();
		uint64_t seconds = 0;

		model.reg[CMOS_SECOND] = 0x59;
		model.tick_at = at;
		UK_EXPECT_EQ(cmos_get_time(&c.rtc, &seconds), 0);
		UK_EXPECT(seconds == before || seconds == before + 1);
	}
}

UK_TEST(cmos_chip, one_that_never_stops_ticking_is_given_up)
{
	struct cmos c = model_begin();
	uint64_t seconds = 7;

	model.uip = FOREVER;
	UK_EXPECT_EQ(cmos_start(&c), 0);
	model.nreads = 0;
	UK_EXPECT_EQ(cmos_get_time(&c.rtc, &seconds), -EIO);
	UK_EXPECT_EQ(seconds, 7);
	UK_EXPECT_EQ(model.nreads, CMOS_PATIENCE);
	UK_EXPECT_EQ(cmos_set_time(&c.rtc, MODEL_TIME), -EIO);
}

UK_TEST(cmos_chip, one_that_is_never_twice_the_same_is_given_up)
{
	struct cmos c = model_begin();
	uint64_t seconds = 7;

	model.shaky = true;
	model.nreads = 0;
	UK_EXPECT_EQ(cmos_get_time(&c.rtc, &seconds), -EIO);
	UK_EXPECT_EQ(seconds, 7);
	UK_EXPECT_LE(model.nreads, 2 * CMOS_PATIENCE);
}

UK_TEST(cmos_chip, one_that_cannot_be_set_says_so)
{
	struct cmos c = model_begin();
	uint64_t seconds = 0;

	model.deaf = true;
	UK_EXPECT_EQ(cmos_set_time(&c.rtc, 4107542399), -EIO);
	UK_EXPECT_EQ(cmos_get_time(&c.rtc, &seconds), 0);
	UK_EXPECT_EQ(seconds, MODEL_TIME);
}

UK_TEST(cmos_chip, an_empty_battery_means_no_date_until_it_is_set)
{
	struct cmos c = model_begin();
	uint64_t seconds = 0;

	model.reg[CMOS_D] = 0;
	UK_EXPECT_EQ(cmos_get_time(&c.rtc, &seconds), -EINVAL);
	UK_EXPECT_EQ(cmos_set_time(&c.rtc, MODEL_TIME + 100), 0);
	UK_EXPECT_EQ(cmos_get_time(&c.rtc, &seconds), 0);
	UK_EXPECT_EQ(seconds, MODEL_TIME + 100);
}

UK_TEST(cmos_chip, one_that_stands_still_has_no_date_until_it_is_set)
{
	struct cmos c = model_begin();
	uint64_t seconds = 0;

	/* Somebody stopped while he set it. */
	model.reg[CMOS_B] |= CMOS_B_SET;
	UK_EXPECT_EQ(cmos_get_time(&c.rtc, &seconds), -EINVAL);
	UK_EXPECT_EQ(cmos_set_time(&c.rtc, MODEL_TIME), 0);
	UK_EXPECT_EQ(cmos_get_time(&c.rtc, &seconds), 0);

	/* Its divider is held. */
	model.reg[CMOS_A] = 0x76;
	UK_EXPECT_EQ(cmos_get_time(&c.rtc, &seconds), -EINVAL);
	UK_EXPECT_EQ(cmos_set_time(&c.rtc, MODEL_TIME), 0);
	UK_EXPECT_EQ(model.reg[CMOS_A], 0x26);
	UK_EXPECT_EQ(cmos_get_time(&c.rtc, &seconds), 0);
}

UK_TEST(cmos_chip, what_is_no_date_is_refused)
{
	struct cmos c = model_begin();
	uint64_t seconds = 7;

	model.reg[CMOS_MONTH] = 0x13;
	UK_EXPECT_EQ(cmos_get_time(&c.rtc, &seconds), -EINVAL);
	model.reg[CMOS_MONTH] = 0xa5;
	UK_EXPECT_EQ(cmos_get_time(&c.rtc, &seconds), -EINVAL);
	UK_EXPECT_EQ(seconds, 7);
}

UK_TEST(cmos_chip, a_century_that_nobody_tells_is_guessed_or_done_without)
{
	struct cmos c = model_begin();
	uint64_t seconds = 0;

	c.century = 0;
	UK_EXPECT_EQ(cmos_start(&c), 0);
	UK_EXPECT_EQ(c.century, CMOS_CENTURY);
	UK_EXPECT_EQ(cmos_set_time(&c.rtc, 4107542399), 0);

	c = model_begin();
	c.century = 0;
	model.reg[CMOS_CENTURY] = 0x5a;
	UK_EXPECT_EQ(cmos_start(&c), 0);
	UK_EXPECT_EQ(c.century, 0);
	UK_EXPECT_EQ(cmos_get_time(&c.rtc, &seconds), 0);
	UK_EXPECT_EQ(seconds, MODEL_TIME);
	UK_EXPECT_EQ(cmos_set_time(&c.rtc, MODEL_TIME + 60), 0);
	/* 2100: there is no place for it, and nothing is changed. */
	UK_EXPECT_EQ(cmos_set_time(&c.rtc, 4107542399), -ERANGE);
	UK_EXPECT_EQ(cmos_get_time(&c.rtc, &seconds), 0);
	UK_EXPECT_EQ(seconds, MODEL_TIME + 60);
	UK_EXPECT_EQ(model.reg[CMOS_CENTURY], 0x5a);
}
