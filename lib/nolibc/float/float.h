/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/*
 * Floating-point values taken apart, the same for each type: what printf()
 * and strtod() work on, so that neither does arithmetic in the type itself.
 */

__extension__ typedef unsigned __int128 nolibc_u128;

enum nolibc_float_kind {
	NOLIBC_FLOAT_FINITE,
	NOLIBC_FLOAT_INF,
	NOLIBC_FLOAT_NAN,
};

/* The value is mant * 2^exp, and 0 if mant is 0. */
struct nolibc_float {
	nolibc_u128 mant;
	int exp;
	bool neg;
	enum nolibc_float_kind kind;
};

/* A type: its precision, and the exponents of mantissas of that many bits. */
struct nolibc_float_type {
	unsigned int prec;	/* bits, with the leading one */
	int exp_min;		/* of denormals, too */
	int exp_max;		/* above it is infinity */
	/*
	 * The decimal digits that decide how a number is rounded, at least:
	 * no value in the middle between two has more (and not much fewer
	 * are enough, so this is rounded up).
	 */
	unsigned int max_digits;
};

extern const struct nolibc_float_type nolibc_float_type;
extern const struct nolibc_float_type nolibc_double_type;
extern const struct nolibc_float_type nolibc_ldouble_type;

/* Words of memory that the conversions below need for each type. */
#define NOLIBC_DOUBLE_WORDS	96
#define NOLIBC_LDOUBLE_WORDS	1328

struct nolibc_float nolibc_double_unpack(double val);
struct nolibc_float nolibc_ldouble_unpack(long double val);

/*
 * The value of @parts, which scan rounded for the type: the mantissa has its
 * precision (or the next power of two), or the exponent is exp_min.
 */
float nolibc_float_pack(const struct nolibc_float *parts);
double nolibc_double_pack(const struct nolibc_float *parts);
long double nolibc_ldouble_pack(const struct nolibc_float *parts);
