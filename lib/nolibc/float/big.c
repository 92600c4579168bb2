/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Schoolbook arithmetic, one word at a time against one small factor.
 *
 * Nothing here divides one long number by another: a division by 5^n is a row
 * of divisions by 5^13, the largest power in a word. Rounding each of them
 * down gives the same as rounding once at the end, and whether anything was
 * lost is whether any remainder was not 0.
 */
#include "big.h"

#define WORD_BITS	32u
#define POW5_STEP	13u

static const uint32_t pow5[POW5_STEP + 1] = {
	1, 5, 25, 125, 625, 3125, 15625, 78125, 390625, 1953125, 9765625,
	48828125, 244140625, 1220703125,
};

static size_t trim(const uint32_t *num, size_t n)
{
	while (n && num[n - 1] == 0)
		n--;
	return n;
}

size_t nolibc_big_muladd(uint32_t *num, size_t n, uint32_t mul, uint32_t add)
{
	uint64_t carry = add;

	for (size_t i = 0; i < n; i++) {
		carry += (uint64_t)num[i] * mul;
		num[i] = (uint32_t)carry;
		carry >>= WORD_BITS;
	}
	if (carry)
		num[n++] = (uint32_t)carry;
	return n;
}

size_t nolibc_big_div(uint32_t *num, size_t n, uint32_t div, uint32_t *rem)
{
	uint64_t part = 0;

	for (size_t i = n; i--;) {
		part = part << WORD_BITS | num[i];
		num[i] = (uint32_t)(part / div);
		part %= div;
	}
	*rem = (uint32_t)part;
	return trim(num, n);
}

size_t nolibc_big_mul5(uint32_t *num, size_t n, unsigned int power)
{
	for (; power > POW5_STEP; power -= POW5_STEP)
		n = nolibc_big_muladd(num, n, pow5[POW5_STEP], 0);
	return nolibc_big_muladd(num, n, pow5[power], 0);
}

size_t nolibc_big_div5(uint32_t *num, size_t n, unsigned int power,
		       bool *sticky)
{
	while (power) {
		const unsigned int step = power < POW5_STEP ? power : POW5_STEP;
		uint32_t rem;

		n = nolibc_big_div(num, n, pow5[step], &rem);
		if (rem)
			*sticky = true;
		power -= step;
	}
	return n;
}

size_t nolibc_big_shl(uint32_t *num, size_t n, unsigned int bits)
{
	const size_t words = bits / WORD_BITS;

	if (n == 0)
		return 0;

	n = nolibc_big_muladd(num, n, UINT32_C(1) << bits % WORD_BITS, 0);
	for (size_t i = n; words && i--;)
		num[i + words] = num[i];
	for (size_t i = 0; i < words; i++)
		num[i] = 0;
	return n + words;
}

/* Is any of the lowest @bits bits set? */
static bool any_below(const uint32_t *num, size_t n, unsigned int bits)
{
	const size_t words = bits / WORD_BITS;

	for (size_t i = 0; i < words && i < n; i++) {
		if (num[i])
			return true;
	}
	return words < n &&
	       (num[words] & ((UINT32_C(1) << bits % WORD_BITS) - 1));
}

static bool bit_at(const uint32_t *num, size_t n, unsigned int bit)
{
	return bit / WORD_BITS < n &&
	       (num[bit / WORD_BITS] >> bit % WORD_BITS & 1);
}

size_t nolibc_big_shr(uint32_t *num, size_t n, unsigned int bits,
		      bool *sticky)
{
	const size_t words = bits / WORD_BITS;
	const unsigned int low = bits % WORD_BITS;
	bool half, up;

	if (bits == 0)
		return n;

	half = bit_at(num, n, bits - 1);
	*sticky |= any_below(num, n, bits - 1);
	up = half && (*sticky || bit_at(num, n, bits));
	*sticky |= half;

	for (size_t i = 0; i + words < n; i++) {
		uint64_t pair = num[i + words];

		if (i + words + 1 < n)
			pair |= (uint64_t)num[i + words + 1] << WORD_BITS;
		num[i] = (uint32_t)(pair >> low);
	}
	n = trim(num, words < n ? n - words : 0);
	return nolibc_big_muladd(num, n, 1, up);
}

unsigned int nolibc_big_bits(const uint32_t *num, size_t n)
{
	if (n == 0)
		return 0;
	return (unsigned int)n * WORD_BITS -
	       (unsigned int)__builtin_clz(num[n - 1]);
}
