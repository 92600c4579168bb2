/* SPDX-License-Identifier: BSD-3-Clause */
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>

#include "../scan.h"

/* Reads one number of any type; sets *@end, and EINVAL for a bad base. */
static struct nolibc_scan_int parse(const char *str, char **end, int base)
{
	struct nolibc_scan_int num = { .mag = 0 };
	struct nolibc_scan in;

	if (base == 1 || base < 0 || base > 36) {
		errno = EINVAL;
	} else {
		nolibc_scan_string(&in, str);
		nolibc_scan_space(&in);
		nolibc_scan_int(&in, (unsigned int)base, &num);
	}
	if (end)
		*end = (char *)(uintptr_t)(str + num.len);
	return num;
}

long long strtoll(const char *restrict str, char **restrict end, int base)
{
	const struct nolibc_scan_int num = parse(str, end, base);
	const uint64_t limit = (uint64_t)LLONG_MAX + num.neg;

	if (num.mag > limit) {
		errno = ERANGE;
		return num.neg ? LLONG_MIN : LLONG_MAX;
	}
	return (long long)(num.neg ? -num.mag : num.mag);
}

unsigned long long strtoull(const char *restrict str, char **restrict end,
			    int base)
{
	const struct nolibc_scan_int num = parse(str, end, base);

	if (num.overflow) {
		errno = ERANGE;
		return ULLONG_MAX;
	}
	return num.neg ? -num.mag : num.mag;
}

_Static_assert(sizeof(long) == sizeof(long long), "the same functions");

long strtol(const char *restrict str, char **restrict end, int base)
{
	return (long)strtoll(str, end, base);
}

unsigned long strtoul(const char *restrict str, char **restrict end, int base)
{
	return (unsigned long)strtoull(str, end, base);
}

intmax_t strtoimax(const char *str, char **end, int base)
{
	return strtoll(str, end, base);
}

uintmax_t strtoumax(const char *str, char **end, int base)
{
	return strtoull(str, end, base);
}

int atoi(const char *str)
{
	return (int)strtoll(str, NULL, 10);
}

long atol(const char *str)
{
	return strtol(str, NULL, 10);
}

long long atoll(const char *str)
{
	return strtoll(str, NULL, 10);
}
