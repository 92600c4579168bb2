/* SPDX-License-Identifier: BSD-3-Clause */
#include <uk/rtc.h>

#include <stdbool.h>
#include <stddef.h>

#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/test.h>

#define DAY	UINT64_C(86400)

struct moment {
	uint64_t seconds;
	struct uk_rtc_date date;
};

/* Numbers by GNU date -u -d @SECONDS. */
static const struct moment known[] = {
	{ 0,		{ 1970, 1, 1, 0, 0, 0, 4 } },
	{ 68169599,	{ 1972, 2, 28, 23, 59, 59, 1 } },
	{ 68169600,	{ 1972, 2, 29, 0, 0, 0, 2 } },
	{ 946684799,	{ 1999, 12, 31, 23, 59, 59, 5 } },
	{ 951782400,	{ 2000, 2, 29, 0, 0, 0, 2 } },
	{ 951868800,	{ 2000, 3, 1, 0, 0, 0, 3 } },
	{ 1930367167,	{ 2031, 3, 4, 5, 6, 7, 2 } },
	{ 2147483647,	{ 2038, 1, 19, 3, 14, 7, 2 } },
	{ 2147483648,	{ 2038, 1, 19, 3, 14, 8, 2 } },
	{ 4107542399,	{ 2100, 2, 28, 23, 59, 59, 0 } },
	{ 4107542400,	{ 2100, 3, 1, 0, 0, 0, 1 } },
	{ 4294967295,	{ 2106, 2, 7, 6, 28, 15, 0 } },
	{ 4294967296,	{ 2106, 2, 7, 6, 28, 16, 0 } },
	{ 13574563200,	{ 2400, 2, 29, 0, 0, 0, 2 } },
	{ UK_RTC_MAX,	{ 9999, 12, 31, 23, 59, 59, 5 } },
};

static bool same(const struct uk_rtc_date *a, const struct uk_rtc_date *b)
{
	return a->year == b->year && a->month == b->month &&
	       a->day == b->day && a->hour == b->hour &&
	       a->minute == b->minute && a->second == b->second &&
	       a->weekday == b->weekday;
}

UK_TEST(rtc_date, known_moments_are_converted_both_ways)
{
	for (size_t i = 0; i < UK_ARRAY_SIZE(known); i++) {
		struct uk_rtc_date date;
		uint64_t seconds = 0;

		uk_rtc_date(known[i].seconds, &date);
		if (!UK_EXPECT(same(&date, &known[i].date)))
			UK_EXPECT_EQ(known[i].seconds, 0);
		UK_EXPECT_EQ(uk_rtc_seconds(&known[i].date, &seconds), 0);
		UK_EXPECT_EQ(seconds, known[i].seconds);
	}
}

static unsigned int length(unsigned int year, unsigned int month)
{
	if (month == 2)
		return year % 400 == 0 || (year % 4 == 0 && year % 100) ? 29
									: 28;
	return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

/* From one month to the next by their lengths, over all the years. */
UK_TEST(rtc_date, each_month_begins_and_ends_where_the_one_before_it_ended)
{
	uint64_t day = 0;

	for (unsigned int month = 0; month < (9999 - 1969) * 12; month++) {
		struct uk_rtc_date date = {
			.year = (uint16_t)(1970 + month / 12),
			.month = (uint8_t)(1 + month % 12),
			.day = 1,
		};
		struct uk_rtc_date back;
		uint64_t seconds = 0;

		if (!UK_EXPECT_EQ(uk_rtc_seconds(&date, &seconds), 0) ||
		    !UK_EXPECT_EQ(seconds, day * DAY))
			return;
		date.weekday = (uint8_t)((4 + day) % 7);
		uk_rtc_date(seconds, &back);
		if (!UK_EXPECT(same(&back, &date)))
			return;

		day += length(date.year, date.month);
		uk_rtc_date(day * DAY - 1, &back);
		if (!UK_EXPECT_EQ(back.month, date.month) ||
		    !UK_EXPECT_EQ(back.year, date.year) ||
		    !UK_EXPECT_EQ(back.day, length(date.year, date.month)))
			return;
	}
	UK_EXPECT_EQ(day * DAY - 1, UK_RTC_MAX);
}

UK_TEST(rtc_date, what_is_no_date_is_refused)
{
	static const struct uk_rtc_date none[] = {
		{ 1969, 12, 31, 23, 59, 59, 3 },
		{ 0, 1, 1, 0, 0, 0, 0 },
		{ 10000, 1, 1, 0, 0, 0, 6 },
		{ 2031, 0, 4, 5, 6, 7, 2 },
		{ 2031, 13, 4, 5, 6, 7, 2 },
		{ 2031, 255, 4, 5, 6, 7, 2 },
		{ 2031, 3, 0, 5, 6, 7, 2 },
		{ 2031, 3, 32, 5, 6, 7, 2 },
		{ 2031, 4, 31, 5, 6, 7, 2 },
		{ 2031, 2, 29, 5, 6, 7, 2 },
		{ 2100, 2, 29, 5, 6, 7, 2 },
		{ 2000, 2, 30, 5, 6, 7, 2 },
		{ 2031, 3, 4, 24, 6, 7, 2 },
		{ 2031, 3, 4, 5, 60, 7, 2 },
		{ 2031, 3, 4, 5, 6, 60, 2 },
	};

	for (size_t i = 0; i < UK_ARRAY_SIZE(none); i++) {
		uint64_t seconds = 7;

		if (!UK_EXPECT_EQ(uk_rtc_seconds(&none[i], &seconds), -EINVAL))
			UK_EXPECT_EQ(i, SIZE_MAX);
		UK_EXPECT_EQ(seconds, 7);
	}
}

UK_TEST(rtc_date, the_weekday_does_not_matter)
{
	const struct uk_rtc_date date = { 2031, 3, 4, 5, 6, 7, 99 };
	uint64_t seconds = 0;

	UK_EXPECT_EQ(uk_rtc_seconds(&date, &seconds), 0);
	UK_EXPECT_EQ(seconds, 1930367167);
}

static void past_the_end(void *arg)
{
	uk_rtc_date(UK_RTC_MAX + 1, arg);
}

UK_TEST(rtc_date, seconds_past_the_year_9999_are_a_bug)
{
	struct uk_rtc_date date;

	UK_EXPECT_CRASH(past_the_end, &date);
}
