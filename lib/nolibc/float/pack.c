/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * float and double, IEEE 754 binary32 and binary64.
 *
 * The leading bit of a mantissa is added to the exponent's field as a carry,
 * not masked out: then denormals (no leading bit) and a mantissa that was
 * rounded up to the next power of two come out right by themselves.
 */
#include "float.h"

#include <string.h>

#define FLOAT_FIELD	23
#define DOUBLE_FIELD	52
#define DOUBLE_EXPS	0x7ffu
#define FLOAT_EXPS	0xffu

const struct nolibc_float_type nolibc_float_type = {
	.prec = 24, .exp_min = -149, .exp_max = 104, .max_digits = 120,
};

const struct nolibc_float_type nolibc_double_type = {
	.prec = 53, .exp_min = -1074, .exp_max = 971, .max_digits = 780,
};

struct nolibc_float nolibc_double_unpack(double val)
{
	struct nolibc_float parts = { .kind = NOLIBC_FLOAT_FINITE };
	uint64_t bits, mant;
	unsigned int exp;

	memcpy(&bits, &val, sizeof(bits));
	mant = bits & ((UINT64_C(1) << DOUBLE_FIELD) - 1);
	exp = bits >> DOUBLE_FIELD & DOUBLE_EXPS;

	parts.neg = bits >> 63;
	if (exp == DOUBLE_EXPS) {
		parts.kind = mant ? NOLIBC_FLOAT_NAN : NOLIBC_FLOAT_INF;
		return parts;
	}
	if (exp)
		mant |= UINT64_C(1) << DOUBLE_FIELD;
	parts.mant = mant;
	parts.exp = nolibc_double_type.exp_min + (int)exp - (exp != 0);
	return parts;
}

/* The fields without the sign; @field bits of mantissa, @exps all ones. */
static uint64_t fields(const struct nolibc_float *parts, unsigned int field,
		       unsigned int exps, int exp_min)
{
	if (parts->kind == NOLIBC_FLOAT_INF)
		return (uint64_t)exps << field;
	if (parts->kind == NOLIBC_FLOAT_NAN)
		return (uint64_t)exps << field | UINT64_C(1) << (field - 1);
	if (parts->mant == 0)
		return 0;
	return (uint64_t)parts->mant +
	       ((uint64_t)(parts->exp - exp_min) << field);
}

double nolibc_double_pack(const struct nolibc_float *parts)
{
	const uint64_t bits = fields(parts, DOUBLE_FIELD, DOUBLE_EXPS,
				     nolibc_double_type.exp_min) |
			      (uint64_t)parts->neg << 63;
	double val;

	memcpy(&val, &bits, sizeof(val));
	return val;
}

float nolibc_float_pack(const struct nolibc_float *parts)
{
	const uint32_t bits = (uint32_t)fields(parts, FLOAT_FIELD, FLOAT_EXPS,
					       nolibc_float_type.exp_min) |
			      (uint32_t)parts->neg << 31;
	float val;

	memcpy(&val, &bits, sizeof(val));
	return val;
}
