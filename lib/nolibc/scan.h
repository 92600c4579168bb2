/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Numbers in text that comes byte by byte, for strtol() and strtod(), which
 * have a string, and for scanf(), which has a stream and a field width.
 *
 * A reader looks at one byte beyond what it takes and gives that one back.
 */
struct nolibc_scan {
	/* The next byte, or -1 at the end. */
	int (*get)(struct nolibc_scan *in);
	/* Gives @c, the last one got (not -1), back. */
	void (*unget)(struct nolibc_scan *in, int c);
	const char *str;	/* of the string kind: what is left */
	size_t taken;		/* bytes got and not given back */
	size_t width;		/* get() beyond that many is the end */
};

int nolibc_scan_get(struct nolibc_scan *in);
void nolibc_scan_unget(struct nolibc_scan *in, int c);

/* Make @in read the string @str. */
void nolibc_scan_string(struct nolibc_scan *in, const char *str);

/* Take white space. */
void nolibc_scan_space(struct nolibc_scan *in);

struct nolibc_scan_int {
	uint64_t mag;
	bool neg;
	bool overflow;		/* beyond 64 bits; @mag is UINT64_MAX */
	size_t len;		/* bytes that are the number, 0: none */
};

/*
 * Take a number as strtol() reads it, but for the white space before it.
 * @base is 0 or 2 to 36. What was taken may be longer than the number ("0x"
 * without a digit).
 */
void nolibc_scan_int(struct nolibc_scan *in, unsigned int base,
		     struct nolibc_scan_int *num);

struct nolibc_float;
struct nolibc_float_type;

/*
 * Take a number as strtod() reads it, rounded for @type, into @val. @words
 * is NOLIBC_…_WORDS of memory. Returns the bytes that are the number, 0 if
 * there is none, which may be less than what was taken; @range becomes true
 * if it overflowed, or underflowed to a denormal or 0 that is not exact.
 */
size_t nolibc_scan_float(struct nolibc_scan *in,
			 const struct nolibc_float_type *type, uint32_t *words,
			 struct nolibc_float *val, bool *range);
