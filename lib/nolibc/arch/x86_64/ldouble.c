/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * long double is the x87's 80-bit format (Intel SDM vol. 1, 4.2.2): 64 bits
 * of mantissa with the leading one written out, 15 of exponent, the sign.
 */
#include "../../float/float.h"

#include <string.h>

#define EXPS		0x7fffu
#define INTEGER_BIT	(UINT64_C(1) << 63)

const struct nolibc_float_type nolibc_ldouble_type = {
	.prec = 64, .exp_min = -16445, .exp_max = 16320, .max_digits = 11560,
};

struct x87 {
	uint64_t mant;
	uint16_t sign_exp;
};

struct nolibc_float nolibc_ldouble_unpack(long double val)
{
	struct nolibc_float parts = { .kind = NOLIBC_FLOAT_FINITE };
	struct x87 raw;
	unsigned int exp;

	memcpy(&raw, &val, 10);
	exp = raw.sign_exp & EXPS;
	parts.neg = raw.sign_exp >> 15;
	if (exp == EXPS) {
		parts.kind = raw.mant << 1 ? NOLIBC_FLOAT_NAN
					   : NOLIBC_FLOAT_INF;
		return parts;
	}
	parts.mant = raw.mant;
	parts.exp = nolibc_ldouble_type.exp_min + (int)exp - (exp != 0);
	return parts;
}

static struct x87 raw_of(const struct nolibc_float *parts)
{
	struct x87 raw = { 0 };
	nolibc_u128 mant = parts->mant;
	int exp = parts->exp;

	if (parts->kind != NOLIBC_FLOAT_FINITE) {
		raw.mant = INTEGER_BIT;
		if (parts->kind == NOLIBC_FLOAT_NAN)
			raw.mant |= INTEGER_BIT >> 1;
		raw.sign_exp = EXPS;
		return raw;
	}
	/* Rounded up to 2^64. */
	if (mant >> 64) {
		mant >>= 1;
		exp++;
	}
	raw.mant = (uint64_t)mant;
	if (raw.mant & INTEGER_BIT)
		raw.sign_exp = (uint16_t)(exp + 1 -
					  nolibc_ldouble_type.exp_min);
	return raw;
}

long double nolibc_ldouble_pack(const struct nolibc_float *parts)
{
	struct x87 raw = raw_of(parts);
	long double val = 0;

	if (parts->neg)
		raw.sign_exp |= 0x8000;
	memcpy(&val, &raw, 10);
	return val;
}
