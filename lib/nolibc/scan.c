/* SPDX-License-Identifier: BSD-3-Clause */
#include "scan.h"

#include <ctype.h>

int nolibc_scan_get(struct nolibc_scan *in)
{
	int c;

	if (in->taken == in->width)
		return -1;
	c = in->get(in);
	if (c >= 0)
		in->taken++;
	return c;
}

void nolibc_scan_unget(struct nolibc_scan *in, int c)
{
	if (c < 0)
		return;
	in->taken--;
	in->unget(in, c);
}

static int string_get(struct nolibc_scan *in)
{
	return *in->str ? (unsigned char)*in->str++ : -1;
}

static void string_unget(struct nolibc_scan *in, int c)
{
	(void)c;
	in->str--;
}

void nolibc_scan_string(struct nolibc_scan *in, const char *str)
{
	*in = (struct nolibc_scan){
		.get = string_get, .unget = string_unget,
		.str = str, .width = SIZE_MAX,
	};
}

void nolibc_scan_space(struct nolibc_scan *in)
{
	int c;

	do
		c = nolibc_scan_get(in);
	while (isspace(c));
	nolibc_scan_unget(in, c);
}

static unsigned int digit_of(int c)
{
	if (isdigit(c))
		return (unsigned int)c - '0';
	if (isalpha(c))
		return (unsigned int)tolower(c) - 'a' + 10;
	return 255;
}

/*
 * "0x" and "0": what they say about the base. Returns the byte after them; a
 * 0 counts as a digit.
 */
static int scan_prefix(struct nolibc_scan *in, int c, unsigned int *base,
		       struct nolibc_scan_int *num)
{
	if (c != '0' || (*base != 0 && *base != 16)) {
		*base = *base ? *base : 10;
		return c;
	}
	num->len = in->taken;
	c = nolibc_scan_get(in);
	if (c == 'x' || c == 'X') {
		*base = 16;
		return nolibc_scan_get(in);
	}
	*base = *base ? *base : 8;
	return c;
}

void nolibc_scan_int(struct nolibc_scan *in, unsigned int base,
		     struct nolibc_scan_int *num)
{
	int c = nolibc_scan_get(in);

	*num = (struct nolibc_scan_int){ .mag = 0 };
	if (c == '-' || c == '+') {
		num->neg = c == '-';
		c = nolibc_scan_get(in);
	}
	c = scan_prefix(in, c, &base, num);
	for (; digit_of(c) < base; c = nolibc_scan_get(in)) {
		num->overflow |= __builtin_mul_overflow(num->mag,
							(uint64_t)base,
							&num->mag);
		num->overflow |= __builtin_add_overflow(num->mag,
							(uint64_t)digit_of(c),
							&num->mag);
		num->len = in->taken;
	}
	nolibc_scan_unget(in, c);
	if (num->overflow)
		num->mag = UINT64_MAX;
}
