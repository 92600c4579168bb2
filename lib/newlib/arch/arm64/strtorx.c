/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Reading a long double of 128 bits (IEEE 754 binary128; AAPCS64, 5.1.2), in
 * the place of newlib's, which makes the 80 bits of another architecture. The
 * digits are made by newlib's general function; here they are put in place.
 */
#include <stdint.h>
#include <string.h>

#include <mprec.h>
#include <gdtoa.h>

#define DIGITS		113	/* the first of a normal number is not stored */
#define BIAS		16383
#define EXP_MAX		0x7fff

/* newlib passes no rounding mode of this architecture: it is the nearest. */
int _strtorx_l(struct _reent *r, const char *s, char **end, int rounding,
	       void *out, locale_t loc)
{
	FPI fpi = {
		.nbits = DIGITS,
		.emin = 1 - BIAS - DIGITS + 1,
		.emax = EXP_MAX - 1 - BIAS - DIGITS + 1,
		.rounding = FPI_Round_near,
	};
	__ULong digits[4] = { 0 };
	uint64_t half[2], exponent = 0;
	Long exp = 0;
	int kind;

	(void)rounding;
	kind = _strtodg_l(r, s, end, &fpi, &exp, digits, loc);
	half[0] = (uint64_t)digits[1] << 32 | digits[0];
	half[1] = (uint64_t)digits[3] << 32 | digits[2];
	switch (kind & STRTOG_Retmask) {
	case STRTOG_Normal:
		exponent = (uint64_t)(exp + BIAS + DIGITS - 1);
		break;
	case STRTOG_Denormal:
		break;
	case STRTOG_NaNbits:
		exponent = EXP_MAX;
		break;
	case STRTOG_Infinite:
	case STRTOG_NaN:
		exponent = EXP_MAX;
		half[0] = 0;
		half[1] = (kind & STRTOG_Retmask) == STRTOG_NaN ?
			  UINT64_C(1) << 47 : 0;
		break;
	default:
		half[0] = half[1] = 0;
	}
	half[1] = (half[1] & (UINT64_MAX >> 16)) | exponent << 48 |
		  (kind & STRTOG_Neg ? UINT64_C(1) << 63 : 0);
	memcpy(out, half, sizeof(half));
	return kind;
}
