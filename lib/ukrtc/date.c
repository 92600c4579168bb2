/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The Gregorian calendar, by counting: the days before a year are 365 for each
 * one and those of the leap years among them, and the year of a day is guessed
 * from the mean length, 146,097 days in 400 years, and put right by one.
 */
#include <uk/rtc.h>

#include <stdbool.h>

#include <uk/assert.h>
#include <uk/errno.h>

#define EPOCH_YEAR	1970u
#define LAST_YEAR	9999u

#define DAY_SECONDS	86400u

/* 1970-01-01 was a Thursday. */
#define EPOCH_WEEKDAY	4u

static bool is_leap(unsigned int year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

/* Days from the epoch to January 1. */
static unsigned int days_before_year(unsigned int year)
{
	const unsigned int n = year - 1, e = EPOCH_YEAR - 1;

	return (year - EPOCH_YEAR) * 365 + (n / 4 - e / 4) -
	       (n / 100 - e / 100) + (n / 400 - e / 400);
}

/* Days from January 1 to the first of @month, 1 to 13. */
static unsigned int days_before_month(unsigned int year, unsigned int month)
{
	static const uint16_t days[] = { 0,   31,  59,	90,  120, 151, 181,
					 212, 243, 273, 304, 334, 365 };

	return days[month - 1] + (month > 2 && is_leap(year));
}

void uk_rtc_date(uint64_t seconds, struct uk_rtc_date *date)
{
	unsigned int days, second, year, month;

	UK_ASSERT(seconds <= UK_RTC_MAX);
	days = (unsigned int)(seconds / DAY_SECONDS);
	second = (unsigned int)(seconds % DAY_SECONDS);

	date->weekday = (uint8_t)((days + EPOCH_WEEKDAY) % 7);
	date->hour = (uint8_t)(second / 3600);
	date->minute = (uint8_t)(second / 60 % 60);
	date->second = (uint8_t)(second % 60);

	year = EPOCH_YEAR + (unsigned int)(days * UINT64_C(400) / 146097);
	if (days < days_before_year(year))
		year--;
	else if (days >= days_before_year(year + 1))
		year++;
	days -= days_before_year(year);

	month = 1;
	while (days >= days_before_month(year, month + 1))
		month++;
	date->year = (uint16_t)year;
	date->month = (uint8_t)month;
	date->day = (uint8_t)(days - days_before_month(year, month) + 1);
}

int uk_rtc_seconds(const struct uk_rtc_date *date, uint64_t *seconds)
{
	const unsigned int year = date->year, month = date->month;
	unsigned int before;

	if (year < EPOCH_YEAR || year > LAST_YEAR || month < 1 || month > 12 ||
	    date->hour > 23 || date->minute > 59 || date->second > 59)
		return -EINVAL;

	before = days_before_month(year, month);
	if (date->day < 1 ||
	    date->day > days_before_month(year, month + 1) - before)
		return -EINVAL;

	*seconds = (uint64_t)(days_before_year(year) + before + date->day - 1) *
			   DAY_SECONDS +
		   date->hour * 3600u + date->minute * 60u + date->second;
	return 0;
}
