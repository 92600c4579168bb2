/* SPDX-License-Identifier: BSD-3-Clause */
/* Numbers from text. */
#include <uk/string.h>

#include <uk/errno.h>

/* The value of digit @c, or 36. */
static unsigned int digit(char c)
{
	if (c >= '0' && c <= '9')
		return (unsigned int)(c - '0');
	c |= 0x20;
	if (c >= 'a' && c <= 'z')
		return (unsigned int)(c - 'a') + 10;
	return 36;
}

/*
 * Length of the prefix that belongs to *@base, which it settles if it is 0.
 * A prefix counts only before a digit: "0x" alone is the number 0.
 */
static size_t prefix(const char *str, size_t max, unsigned int *base)
{
	unsigned int told = 10;

	if (max >= 3 && str[0] == '0' && (str[1] | 0x20) == 'x')
		told = 16;
	else if (max >= 3 && str[0] == '0' && (str[1] | 0x20) == 'b')
		told = 2;

	if (told != 10 && (*base == 0 || *base == told) &&
	    digit(str[2]) < told) {
		*base = told;
		return 2;
	}
	if (*base == 0)
		*base = max && str[0] == '0' ? 8 : 10;
	return 0;
}

int uk_strtou64_head(const char *str, size_t max, unsigned int base,
		     uint64_t *val, size_t *used)
{
	size_t at = prefix(str, max, &base);
	const size_t first = at;
	uint64_t sum = 0;
	bool over = false;

	for (; at < max && digit(str[at]) < base; at++) {
		over |= __builtin_mul_overflow(sum, (uint64_t)base, &sum);
		over |= __builtin_add_overflow(sum, (uint64_t)digit(str[at]),
					       &sum);
	}
	if (at == first)
		return -EINVAL;

	*used = at;
	if (over)
		return -ERANGE;
	*val = sum;
	return 0;
}

int uk_strtou64(const char *str, size_t len, unsigned int base, uint64_t *val)
{
	uint64_t num = 0;
	size_t used = 0;
	const int rc = uk_strtou64_head(str, len, base, &num, &used);

	if (used != len)
		return -EINVAL;
	if (rc < 0)
		return rc;
	*val = num;
	return 0;
}
