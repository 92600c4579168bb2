/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * long double is IEEE 754 binary128: 112 bits of mantissa below a leading one
 * that is not written, 15 of exponent, the sign. See ../../float/pack.c for
 * why the leading bit is added.
 */
#include "../../float/float.h"

#include <string.h>

#define FIELD	112
#define EXPS	0x7fffu

const struct nolibc_float_type nolibc_ldouble_type = {
	.prec = 113, .exp_min = -16494, .exp_max = 16271, .max_digits = 11600,
};

_Static_assert(sizeof(long double) == sizeof(nolibc_u128), "binary128");

struct nolibc_float nolibc_ldouble_unpack(long double val)
{
	struct nolibc_float parts = { .kind = NOLIBC_FLOAT_FINITE };
	nolibc_u128 bits, mant;
	unsigned int exp;

	memcpy(&bits, &val, sizeof(bits));
	mant = bits & (((nolibc_u128)1 << FIELD) - 1);
	exp = (unsigned int)(bits >> FIELD) & EXPS;

	parts.neg = (bool)(bits >> 127);
	if (exp == EXPS) {
		parts.kind = mant ? NOLIBC_FLOAT_NAN : NOLIBC_FLOAT_INF;
		return parts;
	}
	if (exp)
		mant |= (nolibc_u128)1 << FIELD;
	parts.mant = mant;
	parts.exp = nolibc_ldouble_type.exp_min + (int)exp - (exp != 0);
	return parts;
}

static nolibc_u128 fields(const struct nolibc_float *parts)
{
	const int exp = parts->exp - nolibc_ldouble_type.exp_min;

	switch (parts->kind) {
	case NOLIBC_FLOAT_INF:
		return (nolibc_u128)EXPS << FIELD;
	case NOLIBC_FLOAT_NAN:
		return (nolibc_u128)(EXPS << 1 | 1) << (FIELD - 1);
	case NOLIBC_FLOAT_FINITE:
		break;
	}
	if (parts->mant == 0)
		return 0;
	return parts->mant + ((nolibc_u128)(unsigned int)exp << FIELD);
}

long double nolibc_ldouble_pack(const struct nolibc_float *parts)
{
	const nolibc_u128 bits = fields(parts) |
				 (nolibc_u128)parts->neg << 127;
	long double val;

	memcpy(&val, &bits, sizeof(val));
	return val;
}
