/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Text to floating point, exactly rounded.
 *
 * The digits become one whole number and a power of ten (or of two). That
 * product is computed as a whole number of more bits than the type has,
 * together with whether it is a bit less than the truth, and rounded once.
 * Digits beyond max_digits cannot be the middle between two values, so all
 * that matters of them is whether one is not 0.
 */
#include "../scan.h"

#include <ctype.h>
#include <limits.h>

#include "big.h"
#include "float.h"

/* Beyond any exponent that digits could bring back, far from overflow. */
#define EXP_FAR		(LONG_MAX / 16)
#define HEX_MAX_DIGITS	40u

/* The digits as they come in. */
struct mantissa {
	uint32_t *words;
	size_t n;
	unsigned int base;
	unsigned int ndigits;	/* in @words, without leading zeros */
	unsigned int max_digits;
	long exp;		/* the number is words * base^exp */
	bool sticky;		/* and a bit more */
	bool any;		/* there was a digit */
	bool point;
};

static void add_digit(struct mantissa *m, unsigned int digit)
{
	m->any = true;
	if (m->ndigits == m->max_digits) {
		m->sticky |= digit != 0;
		m->exp += !m->point;
		return;
	}
	m->exp -= m->point;
	if (m->ndigits || digit) {
		m->n = nolibc_big_muladd(m->words, m->n, m->base, digit);
		m->ndigits++;
	}
}

static bool is_digit(const struct mantissa *m, int c)
{
	return m->base == 16 ? isxdigit(c) : isdigit(c);
}

/* Takes digits with at most one point; returns the byte after them. */
static int scan_digits(struct nolibc_scan *in, int c, struct mantissa *m,
		       size_t *len)
{
	for (;; c = nolibc_scan_get(in)) {
		if (c == '.' && !m->point)
			m->point = true;
		else if (is_digit(m, c))
			add_digit(m, isdigit(c) ? (unsigned int)c - '0'
				     : (unsigned int)tolower(c) - 'a' + 10);
		else
			return c;
		if (m->any)
			*len = in->taken;
	}
}

/* Takes an exponent if @c begins one; gives the byte after it back. */
static long scan_exponent(struct nolibc_scan *in, int c, int letter,
			  size_t *len)
{
	bool neg = false;
	long exp = 0;

	if (tolower(c) != letter) {
		nolibc_scan_unget(in, c);
		return 0;
	}
	c = nolibc_scan_get(in);
	if (c == '-' || c == '+') {
		neg = c == '-';
		c = nolibc_scan_get(in);
	}
	for (; isdigit(c); c = nolibc_scan_get(in)) {
		if (exp < EXP_FAR)
			exp = exp * 10 + (c - '0');
		*len = in->taken;
	}
	nolibc_scan_unget(in, c);
	return neg ? -exp : exp;
}

/* Bits that 5^@power has, or a few more. */
static unsigned int pow5_bits(unsigned int power)
{
	return (power * 2378 >> 10) + 1;
}

/* Make @m a whole number times 2^(the result). @exp is the power of ten. */
static int to_binary(struct mantissa *m, int exp, unsigned int prec)
{
	unsigned int want, have, shift;

	if (exp >= 0) {
		m->n = nolibc_big_mul5(m->words, m->n, (unsigned int)exp);
		return exp;
	}
	want = prec + 3 + pow5_bits((unsigned int)-exp);
	have = nolibc_big_bits(m->words, m->n);
	shift = want > have ? want - have : 0;
	m->n = nolibc_big_shl(m->words, m->n, shift);
	m->n = nolibc_big_div5(m->words, m->n, (unsigned int)-exp, &m->sticky);
	return exp - (int)shift;
}

static nolibc_u128 big_value(const uint32_t *words, size_t n)
{
	nolibc_u128 val = 0;

	while (n)
		val = val << 32 | words[--n];
	return val;
}

/* Round @m * 2^@exp for @type into @val. Returns true if out of range. */
static bool round_to(const struct nolibc_float_type *type, struct mantissa *m,
		     int exp, struct nolibc_float *val)
{
	const unsigned int bits = nolibc_big_bits(m->words, m->n);
	int to = exp + (int)bits - (int)type->prec;
	bool inexact = m->sticky;

	if (to < type->exp_min)
		to = type->exp_min;
	if (to >= exp)
		m->n = nolibc_big_shr(m->words, m->n, (unsigned int)(to - exp),
				      &inexact);
	else
		m->n = nolibc_big_shl(m->words, m->n, (unsigned int)(exp - to));

	val->mant = big_value(m->words, m->n);
	val->exp = to;
	/* Rounded up to the next power of two. */
	if (val->mant >> type->prec) {
		val->mant >>= 1;
		val->exp++;
	}
	if (val->exp > type->exp_max) {
		val->kind = NOLIBC_FLOAT_INF;
		return true;
	}
	return inexact && !(val->mant >> (type->prec - 1));
}

/* @m * base^@exp into @val. Returns true if out of range. */
static bool convert(const struct nolibc_float_type *type, struct mantissa *m,
		    long exp, struct nolibc_float *val)
{
	long top, max = type->exp_max + (long)type->prec, min = type->exp_min;

	if (m->n == 0)
		return false;

	/* One more than the power of two or ten of the first digit. */
	exp += m->exp;
	if (m->base == 16) {
		exp += m->exp * 3;
		top = exp + (long)nolibc_big_bits(m->words, m->n);
	} else {
		top = exp + (long)m->ndigits;
		max = max * 30103 / 100000;
		min = min * 30103 / 100000;
	}
	if (top > max + 2) {
		val->kind = NOLIBC_FLOAT_INF;
		return true;
	}
	if (top < min - 2)
		return true;
	return round_to(type, m, m->base == 16 ? (int)exp
			: to_binary(m, (int)exp, type->prec), val);
}

/* Takes what follows of @word; true if that is all of it. */
static bool scan_word(struct nolibc_scan *in, const char *word)
{
	for (; *word; word++) {
		const int c = nolibc_scan_get(in);

		if (tolower(c) != *word) {
			nolibc_scan_unget(in, c);
			return false;
		}
	}
	return true;
}

static size_t scan_inf(struct nolibc_scan *in, struct nolibc_float *val)
{
	size_t len;

	if (!scan_word(in, "nf"))
		return 0;
	val->kind = NOLIBC_FLOAT_INF;
	len = in->taken;
	return scan_word(in, "inity") ? in->taken : len;
}

/* "nan", and letters and digits between parentheses, which mean nothing. */
static size_t scan_nan(struct nolibc_scan *in, struct nolibc_float *val)
{
	size_t len;
	int c;

	if (!scan_word(in, "an"))
		return 0;
	val->kind = NOLIBC_FLOAT_NAN;
	len = in->taken;
	c = nolibc_scan_get(in);
	if (c == '(') {
		do
			c = nolibc_scan_get(in);
		while (isalnum(c) || c == '_');
		if (c == ')')
			return in->taken;
	}
	nolibc_scan_unget(in, c);
	return len;
}

size_t nolibc_scan_float(struct nolibc_scan *in,
			 const struct nolibc_float_type *type, uint32_t *words,
			 struct nolibc_float *val, bool *range)
{
	struct mantissa m = {
		.words = words, .base = 10, .max_digits = type->max_digits,
	};
	size_t len = 0;
	long exp;
	int c = nolibc_scan_get(in);

	*val = (struct nolibc_float){ .kind = NOLIBC_FLOAT_FINITE };
	if (c == '-' || c == '+') {
		val->neg = c == '-';
		c = nolibc_scan_get(in);
	}
	if (tolower(c) == 'i')
		return scan_inf(in, val);
	if (tolower(c) == 'n')
		return scan_nan(in, val);
	if (c == '0') {
		m.any = true;
		len = in->taken;
		c = nolibc_scan_get(in);
		if (tolower(c) == 'x') {
			m.any = false;
			m.base = 16;
			m.max_digits = HEX_MAX_DIGITS;
			c = nolibc_scan_get(in);
		}
	}
	c = scan_digits(in, c, &m, &len);
	if (!m.any) {
		nolibc_scan_unget(in, c);
		return len;
	}
	exp = scan_exponent(in, c, m.base == 16 ? 'p' : 'e', &len);
	if (convert(type, &m, exp, val))
		*range = true;
	return len;
}
