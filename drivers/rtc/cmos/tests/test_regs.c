/* SPDX-License-Identifier: BSD-3-Clause */
#include "../cmos_priv.h"

#include <stddef.h>

#include <uk/acpi_fadt.h>
#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/test.h>

/* 2031-03-04 05:06:07 */
#define TIME		UINT64_C(1930367167)

static const struct cmos_time bcd = {
	.second = 0x07, .minute = 0x06, .hour = 0x05, .weekday = 0x03,
	.day = 0x04, .month = 0x03, .year = 0x31, .century = 0x20,
};

static int decode(const struct cmos_time *t, uint8_t b, uint64_t *seconds)
{
	*seconds = 7;
	return cmos_decode(t, b, true, seconds);
}

/* @seconds are decoded from what they are encoded to, in each format. */
static void both_ways(uint64_t seconds)
{
	static const uint8_t formats[] = {
		0, CMOS_B_24H, CMOS_B_BINARY, CMOS_B_24H | CMOS_B_BINARY,
	};

	for (size_t i = 0; i < UK_ARRAY_SIZE(formats); i++) {
		struct cmos_time t;
		uint64_t back;

		UK_EXPECT_EQ(cmos_encode(seconds, formats[i], true, &t), 0);
		UK_EXPECT_EQ(decode(&t, formats[i], &back), 0);
		UK_EXPECT_EQ(back, seconds);
	}
}

UK_TEST(cmos_regs, bcd_and_binary_with_12_or_24_hours_are_converted_both_ways)
{
	both_ways(0);
	both_ways(68169600);		/* 1972-02-29 */
	both_ways(951782400);		/* 2000-02-29 */
	both_ways(2147483648);		/* past 31 bits */
	both_ways(4107542400);		/* 2100-03-01 */
	both_ways(4294967296);		/* past 32 bits */
	both_ways(UK_RTC_MAX);
	for (uint64_t second = 0; second < 86400; second += 59)
		both_ways(TIME + second);
}

UK_TEST(cmos_regs, the_formats_are_what_the_data_sheet_says)
{
	struct cmos_time t;
	uint64_t seconds;

	UK_EXPECT_EQ(decode(&bcd, CMOS_B_24H, &seconds), 0);
	UK_EXPECT_EQ(seconds, TIME);
	UK_EXPECT_EQ(cmos_encode(TIME, CMOS_B_24H, true, &t), 0);
	UK_EXPECT_MEM_EQ(&t, &bcd, sizeof(t));

	/* 12 is the first hour of each half of the day. */
	t = bcd;
	t.hour = 0x12;
	UK_EXPECT_EQ(decode(&t, 0, &seconds), 0);
	UK_EXPECT_EQ(seconds, TIME - 5 * 3600);
	t.hour = 0x92;
	UK_EXPECT_EQ(decode(&t, 0, &seconds), 0);
	UK_EXPECT_EQ(seconds, TIME + 7 * 3600);
	t.hour = 0x91;
	UK_EXPECT_EQ(decode(&t, 0, &seconds), 0);
	UK_EXPECT_EQ(seconds, TIME + 18 * 3600);
	t = (struct cmos_time){ 7, 6, 0x80 | 11, 3, 4, 3, 31, 20 };
	UK_EXPECT_EQ(decode(&t, CMOS_B_BINARY, &seconds), 0);
	UK_EXPECT_EQ(seconds, TIME + 18 * 3600);
	t.hour = 23;
	UK_EXPECT_EQ(decode(&t, CMOS_B_BINARY | CMOS_B_24H, &seconds), 0);
	UK_EXPECT_EQ(seconds, TIME + 18 * 3600);
}

UK_TEST(cmos_regs, what_is_no_time_is_refused)
{
	static const struct {
		uint8_t at, val, b;
	} bad[] = {
		{ offsetof(struct cmos_time, second), 0x60, CMOS_B_24H },
		{ offsetof(struct cmos_time, second), 0x0a, CMOS_B_24H },
		{ offsetof(struct cmos_time, second), 0xa5, CMOS_B_24H },
		{ offsetof(struct cmos_time, second), 60, CMOS_B_BINARY },
		{ offsetof(struct cmos_time, minute), 0x60, CMOS_B_24H },
		{ offsetof(struct cmos_time, minute), 0xff, CMOS_B_24H },
		{ offsetof(struct cmos_time, hour), 0x24, CMOS_B_24H },
		{ offsetof(struct cmos_time, hour), 0x85, CMOS_B_24H },
		{ offsetof(struct cmos_time, hour), 0x00, 0 },
		{ offsetof(struct cmos_time, hour), 0x13, 0 },
		{ offsetof(struct cmos_time, hour), 0x80, 0 },
		{ offsetof(struct cmos_time, hour), 0xff, 0 },
		{ offsetof(struct cmos_time, day), 0x00, CMOS_B_24H },
		{ offsetof(struct cmos_time, day), 0x32, CMOS_B_24H },
		{ offsetof(struct cmos_time, month), 0x00, CMOS_B_24H },
		{ offsetof(struct cmos_time, month), 0x13, CMOS_B_24H },
		{ offsetof(struct cmos_time, month), 0xa5, CMOS_B_24H },
		{ offsetof(struct cmos_time, year), 0xa5, CMOS_B_24H },
		{ offsetof(struct cmos_time, year), 100, CMOS_B_BINARY },
		{ offsetof(struct cmos_time, century), 0x00, CMOS_B_24H },
		{ offsetof(struct cmos_time, century), 0x18, CMOS_B_24H },
		{ offsetof(struct cmos_time, century), 0xff, CMOS_B_24H },
		{ offsetof(struct cmos_time, century), 100,
		  CMOS_B_BINARY | CMOS_B_24H },
	};

	for (size_t i = 0; i < UK_ARRAY_SIZE(bad); i++) {
		/* The smallest numbers are the same in each format. */
		struct cmos_time t = {
			7, 6, 5, 3, 4, 3, 0x09, 0x20,
		};
		uint64_t seconds;

		((uint8_t *)&t)[bad[i].at] = bad[i].val;
		if (!UK_EXPECT_EQ(decode(&t, bad[i].b, &seconds), -EINVAL))
			UK_EXPECT_EQ(i, SIZE_MAX);
		UK_EXPECT_EQ(seconds, 7);
	}
}

UK_TEST(cmos_regs, a_day_that_its_month_does_not_have_is_refused)
{
	struct cmos_time t = bcd;
	uint64_t seconds;

	t.day = 0x29;
	t.month = 0x02;
	UK_EXPECT_EQ(decode(&t, CMOS_B_24H, &seconds), -EINVAL);
	t.year = 0x32;
	UK_EXPECT_EQ(decode(&t, CMOS_B_24H, &seconds), 0);
	t.year = 0x00;
	UK_EXPECT_EQ(decode(&t, CMOS_B_24H, &seconds), 0);
	t.century = 0x21;
	UK_EXPECT_EQ(decode(&t, CMOS_B_24H, &seconds), -EINVAL);
}

UK_TEST(cmos_regs, without_a_century_years_are_1970_to_2069)
{
	struct cmos_time t = bcd, other;
	uint64_t seconds = 0;

	t.century = 0xff;
	UK_EXPECT_EQ(cmos_decode(&t, CMOS_B_24H, false, &seconds), 0);
	UK_EXPECT_EQ(seconds, TIME);
	t = (struct cmos_time){ 0x59, 0x59, 0x23, 5, 0x31, 0x12, 0x69, 0 };
	UK_EXPECT_EQ(cmos_decode(&t, CMOS_B_24H, false, &seconds), 0);
	UK_EXPECT_EQ(seconds, 3155759999);
	UK_EXPECT_EQ(cmos_encode(3155759999, CMOS_B_24H, false, &other), 0);
	UK_EXPECT_EQ(cmos_encode(3155760000, CMOS_B_24H, false, &other),
		     -ERANGE);
	t = (struct cmos_time){ 0, 0, 0, 5, 0x01, 0x01, 0x70, 0 };
	UK_EXPECT_EQ(cmos_decode(&t, CMOS_B_24H, false, &seconds), 0);
	UK_EXPECT_EQ(seconds, 0);
}

UK_TEST(cmos_regs, a_century_is_guessed_from_1970_to_2999_only)
{
	struct cmos_time t = bcd;

	for (unsigned int val = 0; val < 256; val++) {
		t.century = (uint8_t)val;
		UK_EXPECT_EQ(cmos_guess_century(&t, CMOS_B_24H),
			     val >= 0x20 && val <= 0x29);
	}
	t.year = 0x70;
	t.century = 0x19;
	UK_EXPECT(cmos_guess_century(&t, CMOS_B_24H));
}

UK_TEST(cmos_regs, the_next_time_of_day_is_less_than_a_day_ahead)
{
	struct cmos_time t = bcd;
	uint64_t next;

	UK_EXPECT_EQ(cmos_next(&t, CMOS_B_24H, TIME - 1, &next), 0);
	UK_EXPECT_EQ(next, TIME);
	UK_EXPECT_EQ(cmos_next(&t, CMOS_B_24H, TIME, &next), 0);
	UK_EXPECT_EQ(next, TIME + 86400);
	/* From the last second of a day to the first one of the next. */
	t.hour = t.minute = t.second = 0;
	UK_EXPECT_EQ(cmos_next(&t, CMOS_B_24H, 86399, &next), 0);
	UK_EXPECT_EQ(next, 86400);
	t.second = 0xc0;	/* "don't care" */
	UK_EXPECT_EQ(cmos_next(&t, CMOS_B_24H, 86399, &next), -EINVAL);
}

UK_TEST(cmos_regs, the_fadt_tells_of_the_clock_and_its_century)
{
	struct uk_acpi_fadt fadt = { .century = 0x37 };
	uint8_t century = 1;

	UK_EXPECT_EQ(cmos_fadt(NULL, &century), 0);
	UK_EXPECT_EQ(century, 0);
	UK_EXPECT_EQ(cmos_fadt(&fadt, &century), 0);
	UK_EXPECT_EQ(century, 0x37);
	fadt.century = CMOS_D;
	UK_EXPECT_EQ(cmos_fadt(&fadt, &century), 0);
	UK_EXPECT_EQ(century, 0);
	fadt.century = 0x80;	/* it would mask NMIs */
	UK_EXPECT_EQ(cmos_fadt(&fadt, &century), 0);
	UK_EXPECT_EQ(century, 0);
	fadt.boot_arch = UK_ACPI_FADT_NO_CMOS_RTC;
	UK_EXPECT_EQ(cmos_fadt(&fadt, &century), -ENODEV);
}
