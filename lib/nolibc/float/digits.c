/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A value is mant * 2^exp. Its digits down to 10^-places are those of the
 * whole number mant * 2^exp * 10^places, rounded once, to nearest and ties to
 * even; that number is computed exactly as mant * 5^places shifted by exp +
 * places bits (for negative places divided by a power of five, which keeps
 * two bits more than needed so that rounding still sees a tie). So the cost
 * follows the digits asked for and the exponent, and no case is special.
 *
 * The words of the number and the groups of digits share one array: the
 * number shrinks from its top while the groups grow down from the array's
 * end, and 32 bits are more than nine digits.
 */
#include "digits.h"

#include "big.h"

#define GROUP		1000000000u
#define GROUP_DIGITS	9u
/* More than any value has, see max_digits. */
#define COUNT_MAX	16384

static const uint32_t pow10[GROUP_DIGITS + 1] = {
	1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000,
	1000000000,
};

static size_t big_from(uint32_t *words, nolibc_u128 val)
{
	size_t n = 0;

	for (; val; val >>= 32)
		words[n++] = (uint32_t)val;
	return n;
}

/* @val * 10^@places, rounded to a whole number; returns its words. */
static size_t scaled(const struct nolibc_float *val, int places,
		     uint32_t *words)
{
	size_t n = big_from(words, val->mant);
	int shift = val->exp + places;
	bool sticky = false;

	if (places >= 0) {
		n = nolibc_big_mul5(words, n, (unsigned int)places);
	} else {
		const int extra = shift > -2 ? shift + 2 : 0;

		n = nolibc_big_shl(words, n, (unsigned int)extra);
		n = nolibc_big_div5(words, n, (unsigned int)-places, &sticky);
		shift -= extra;
	}
	if (shift >= 0)
		return nolibc_big_shl(words, n, (unsigned int)shift);
	return nolibc_big_shr(words, n, (unsigned int)-shift, &sticky);
}

static unsigned int decimal_len(uint32_t group)
{
	unsigned int len = 1;

	while (len < GROUP_DIGITS && group >= pow10[len])
		len++;
	return len;
}

/* Decimal places after which @val has none but zeros. */
static int places_exact(const struct nolibc_float *val)
{
	return val->exp < 0 ? -val->exp : 0;
}

static void digits_at(const struct nolibc_float *val, int places,
		      uint32_t *words, size_t nwords,
		      struct nolibc_digits *digits)
{
	size_t n = scaled(val, places, words);
	size_t first = nwords;

	while (n)
		n = nolibc_big_div(words, n, GROUP, &words[--first]);

	*digits = (struct nolibc_digits){ .groups = words + first };
	if (first == nwords)
		return;
	digits->head = decimal_len(words[first]);
	digits->n = digits->head +
		    (unsigned int)(nwords - first - 1) * GROUP_DIGITS;
	digits->exp = (int)digits->n - 1 - places;
}

void nolibc_digits_fixed(const struct nolibc_float *val, int places,
			 uint32_t *words, size_t nwords,
			 struct nolibc_digits *digits)
{
	const int exact = places_exact(val);

	digits_at(val, places < exact ? places : exact, words, nwords, digits);
}

/*
 * floor(log10(@val)), or one less. The factor is log10(2) * 2^32, rounded
 * down; up to 2^16 bits the product is wrong by less than any power of two is
 * away from a power of ten.
 */
static int log10_floor(const struct nolibc_float *val)
{
	nolibc_u128 mant = val->mant;
	int64_t bits = val->exp - 1;

	for (; mant; mant >>= 1)
		bits++;
	return (int)(bits * INT64_C(1292913986) >> 32);
}

void nolibc_digits_first(const struct nolibc_float *val, int count,
			 uint32_t *words, size_t nwords,
			 struct nolibc_digits *digits)
{
	const int exact = places_exact(val);
	int exp;

	if (val->mant == 0) {
		*digits = (struct nolibc_digits){ .groups = words };
		return;
	}
	/*
	 * The second round comes when the estimate was one too low or
	 * rounding made 10 out of 9.99: then one digit too many came out.
	 */
	if (count > COUNT_MAX)
		count = COUNT_MAX;
	exp = log10_floor(val);
	do {
		int places = exact;

		if (count - 1 - exp < exact)
			places = count - 1 - exp;
		digits_at(val, places, words, nwords, digits);
	} while (digits->exp != exp++);
}

char nolibc_digit(const struct nolibc_digits *digits, unsigned int i)
{
	unsigned int group = 0, in = digits->head;

	if (i >= digits->n)
		return '0';
	if (i >= in) {
		group = 1 + (i - in) / GROUP_DIGITS;
		i = (i - in) % GROUP_DIGITS;
		in = GROUP_DIGITS;
	}
	return (char)('0' + digits->groups[group] / pow10[in - 1 - i] % 10);
}

void nolibc_digits_strip(struct nolibc_digits *digits)
{
	while (digits->n && nolibc_digit(digits, digits->n - 1) == '0')
		digits->n--;
}
