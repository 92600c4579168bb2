/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What the registers mean: in binary or in BCD, with 12 or 24 hours, as
 * register B says. Nothing here touches the chip, and nothing that it holds is
 * believed.
 */
#include "cmos_priv.h"

#include <stddef.h>

#include <uk/acpi_fadt.h>
#include <uk/errno.h>

#define NO_NUMBER	UINT32_MAX	/* and not within any range */

/* Of the two digits of a year without a century. */
#define FIRST_YEAR	70u

#define DAY_SECONDS	86400u

static unsigned int number(uint8_t val, uint8_t b)
{
	if (b & CMOS_B_BINARY)
		return val;
	return val % 16 > 9 || val / 16 > 9 ? NO_NUMBER
					    : val / 16 * 10u + val % 16;
}

static uint8_t digits(unsigned int n, uint8_t b)
{
	return (uint8_t)(b & CMOS_B_BINARY ? n : n / 10 * 16 + n % 10);
}

static unsigned int decode_hour(uint8_t val, uint8_t b)
{
	unsigned int hour;

	if (b & CMOS_B_24H)
		return number(val, b);
	hour = number((uint8_t)(val & ~CMOS_HOUR_PM), b);
	if (hour < 1 || hour > 12)
		return NO_NUMBER;
	return hour % 12 + (val & CMOS_HOUR_PM ? 12 : 0);
}

static uint8_t encode_hour(unsigned int hour, uint8_t b)
{
	if (b & CMOS_B_24H)
		return digits(hour, b);
	return (uint8_t)(digits(hour % 12 ? hour % 12 : 12, b) |
			 (hour >= 12 ? CMOS_HOUR_PM : 0));
}

/* Returns NO_NUMBER if it is none, or none of four digits. */
static unsigned int decode_year(const struct cmos_time *t, uint8_t b,
				bool has_century)
{
	const unsigned int year = number(t->year, b);
	const unsigned int century = number(t->century, b);

	if (year > 99 || (has_century && century > 99))
		return NO_NUMBER;
	if (has_century)
		return century * 100 + year;
	return year < FIRST_YEAR ? 2000 + year : 1900 + year;
}

static bool decode_hms(const struct cmos_time *t, uint8_t b,
		       struct uk_rtc_date *date)
{
	const unsigned int hour = decode_hour(t->hour, b);
	const unsigned int minute = number(t->minute, b);
	const unsigned int second = number(t->second, b);

	if (hour > 23 || minute > 59 || second > 59)
		return false;
	date->hour = (uint8_t)hour;
	date->minute = (uint8_t)minute;
	date->second = (uint8_t)second;
	return true;
}

int cmos_decode(const struct cmos_time *t, uint8_t b, bool has_century,
		uint64_t *seconds)
{
	const unsigned int year = decode_year(t, b, has_century);
	const unsigned int month = number(t->month, b);
	const unsigned int day = number(t->day, b);
	struct uk_rtc_date date;

	if (year == NO_NUMBER || month > 12 || day > 31 ||
	    !decode_hms(t, b, &date))
		return -EINVAL;
	date.year = (uint16_t)year;
	date.month = (uint8_t)month;
	date.day = (uint8_t)day;
	return uk_rtc_seconds(&date, seconds);
}

int cmos_encode(uint64_t seconds, uint8_t b, bool has_century,
		struct cmos_time *t)
{
	struct uk_rtc_date date;

	uk_rtc_date(seconds, &date);
	if (!has_century && date.year >= 2000 + FIRST_YEAR)
		return -ERANGE;
	*t = (struct cmos_time){
		.second = digits(date.second, b),
		.minute = digits(date.minute, b),
		.hour = encode_hour(date.hour, b),
		.weekday = digits(date.weekday + 1u, b),
		.day = digits(date.day, b),
		.month = digits(date.month, b),
		.year = digits(date.year % 100u, b),
		.century = digits(date.year / 100u, b),
	};
	return 0;
}

int cmos_next(const struct cmos_time *t, uint8_t b, uint64_t now,
	      uint64_t *seconds)
{
	const uint64_t midnight = now - now % DAY_SECONDS;
	struct uk_rtc_date date;

	if (!decode_hms(t, b, &date))
		return -EINVAL;
	*seconds = midnight + date.hour * 3600u + date.minute * 60u +
		   date.second;
	if (*seconds <= now)
		*seconds += DAY_SECONDS;
	return 0;
}

bool cmos_guess_century(const struct cmos_time *t, uint8_t b)
{
	const unsigned int year = decode_year(t, b, true);

	return year >= 1900 + FIRST_YEAR && year < 3000;
}

int cmos_fadt(const struct uk_acpi_fadt *fadt, uint8_t *century)
{
	*century = 0;
	if (!fadt)
		return 0;
	if (fadt->boot_arch & UK_ACPI_FADT_NO_CMOS_RTC)
		return -ENODEV;
	/* One of the clock's own registers is not the century. */
	if (fadt->century > CMOS_D && fadt->century < 0x80)
		*century = fadt->century;
	return 0;
}
