/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * printf()'s a, e, f and g: the layout of digits that digits.c computes.
 *
 * All decimal forms are one: digits beside the decimal point at some place,
 * zeros where there are none. Rounding is to nearest, ties to even, at any
 * precision, whatever rounding mode the CPU is in.
 */
#include "print.h"

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "digits.h"
#include "float.h"

#define PREC_DEFAULT	6
#define CHUNK		32

/* Bits of mantissa after the leading one, and digits of four bits. */
#define HEX_BITS	112u
#define HEX_DIGITS	28

/* One conversion at work. */
struct job {
	struct uk_fmt_out *out;
	const struct uk_fmt_spec *spec;
	const struct nolibc_float *val;
	uint32_t *words;	/* for digits.c */
	size_t nwords;
	bool upper;
	char prefix[3];		/* sign, "0x" */
	size_t nprefix;
	char suffix[8];		/* "e+300", "p-16445" */
	size_t nsuffix;
};

static void add_exponent(struct job *job, char letter, int exp,
			 unsigned int min_digits)
{
	unsigned int rest = exp < 0 ? (unsigned int)-exp : (unsigned int)exp;
	char text[6];
	unsigned int n = 0;

	do {
		text[n++] = (char)('0' + rest % 10);
		rest /= 10;
	} while (rest || n < min_digits);

	job->suffix[job->nsuffix++] = letter;
	job->suffix[job->nsuffix++] = exp < 0 ? '-' : '+';
	while (n)
		job->suffix[job->nsuffix++] = text[--n];
}

/* @count digits from number @from on; those before number 0 are zeros. */
static int put_digits(struct uk_fmt_out *out,
		      const struct nolibc_digits *digits, long from,
		      long count)
{
	while (count > 0) {
		char chunk[CHUNK];
		size_t n = 0;
		int rc;

		/* Zeros beyond the digits may be very many. */
		if (from >= (long)digits->n)
			return uk_fmt_fill(out, '0', (size_t)count);
		for (; n < CHUNK && (long)n < count; n++, from++)
			chunk[n] = from < 0 ? '0'
				 : nolibc_digit(digits, (unsigned int)from);
		rc = out->put(out, chunk, n);
		if (rc < 0)
			return rc;
		count -= (long)n;
	}
	return 0;
}

/*
 * Put the number whose digit 10^0 is number @unit of @digits, with the digits
 * before it (at least one) and @places after the point.
 */
static int put_number(const struct job *job,
		      const struct nolibc_digits *digits, long unit,
		      long places)
{
	const bool point = places || (job->spec->flags & UK_FMT_HASH);
	const long whole = unit > 0 ? unit + 1 : 1;
	const size_t nbody = (size_t)whole + point + (size_t)places +
			     job->nsuffix;
	int before, after, rc;

	before = uk_fmt_before(job->out, job->spec, job->prefix, job->nprefix,
			       nbody);
	if (before < 0)
		return before;
	rc = put_digits(job->out, digits, unit - (whole - 1), whole);
	if (rc == 0 && point)
		rc = job->out->put(job->out, ".", 1);
	if (rc == 0)
		rc = put_digits(job->out, digits, unit + 1, places);
	if (rc == 0 && job->nsuffix)
		rc = job->out->put(job->out, job->suffix, job->nsuffix);
	if (rc < 0)
		return rc;
	after = uk_fmt_after(job->out, job->spec, job->nprefix, nbody);
	return after < 0 ? after : before + (int)nbody + after;
}

/* A body that is ready, with @zeros zeros between it and the suffix. */
static int put_text(const struct job *job, const char *text, size_t len,
		    size_t zeros)
{
	const size_t nbody = len + zeros + job->nsuffix;
	int before, after, rc;

	before = uk_fmt_before(job->out, job->spec, job->prefix, job->nprefix,
			       nbody);
	if (before < 0)
		return before;
	rc = job->out->put(job->out, text, len);
	if (rc == 0)
		rc = uk_fmt_fill(job->out, '0', zeros);
	if (rc == 0 && job->nsuffix)
		rc = job->out->put(job->out, job->suffix, job->nsuffix);
	if (rc < 0)
		return rc;
	after = uk_fmt_after(job->out, job->spec, job->nprefix, nbody);
	return after < 0 ? after : before + (int)nbody + after;
}

static int print_f(struct job *job, int prec)
{
	struct nolibc_digits digits;

	nolibc_digits_fixed(job->val, prec, job->words, job->nwords, &digits);
	return put_number(job, &digits, digits.exp, prec);
}

static int print_e(struct job *job, int prec)
{
	struct nolibc_digits digits;

	nolibc_digits_first(job->val, prec < INT32_MAX ? prec + 1 : prec,
			    job->words, job->nwords, &digits);
	add_exponent(job, job->upper ? 'E' : 'e', digits.exp, 2);
	return put_number(job, &digits, 0, prec);
}

/* @prec digits in all, without the zeros at the end unless the flag is #. */
static int print_g(struct job *job, int prec)
{
	struct nolibc_digits digits;
	bool with_exp;

	prec = prec ? prec : 1;
	nolibc_digits_first(job->val, prec, job->words, job->nwords, &digits);
	with_exp = digits.exp < -4 || digits.exp >= prec;
	if (!(job->spec->flags & UK_FMT_HASH)) {
		nolibc_digits_strip(&digits);
		if (prec > (int)digits.n)
			prec = digits.n ? (int)digits.n : 1;
	}

	if (with_exp) {
		add_exponent(job, job->upper ? 'E' : 'e', digits.exp, 2);
		return put_number(job, &digits, 0, prec - 1);
	}
	return put_number(job, &digits, digits.exp,
			  prec - 1 > digits.exp ? prec - 1l - digits.exp : 0);
}

/* @mant with @keep digits of four bits below the leading one. */
static nolibc_u128 round_hex(nolibc_u128 mant, int keep)
{
	const unsigned int cut = (unsigned int)(HEX_DIGITS - keep) * 4;
	const nolibc_u128 unit = (nolibc_u128)1 << cut;
	const nolibc_u128 rest = mant & (unit - 1);

	mant -= rest;
	if (rest > unit / 2 || (rest == unit / 2 && (mant & unit)))
		mant += unit;
	return mant;
}

static unsigned int hex_digit(nolibc_u128 mant, int place)
{
	return (unsigned int)(mant >> (HEX_BITS - 4 * (unsigned int)place)) &
	       15;
}

/* Numbers are normalised, denormals too: "0x1." and the rest. @prec -1: all. */
static int print_a(struct job *job, int prec)
{
	const char *set = job->upper ? "0123456789ABCDEF" : "0123456789abcdef";
	nolibc_u128 mant = job->val->mant;
	int exp = mant ? job->val->exp + (int)HEX_BITS : 0;
	int ndigits = HEX_DIGITS;
	char text[HEX_DIGITS + 2];
	size_t len = 0;

	for (; mant && !(mant >> HEX_BITS); exp--)
		mant <<= 1;
	if (prec >= 0 && prec < HEX_DIGITS) {
		mant = round_hex(mant, prec);
		ndigits = prec;
	}
	while (prec < 0 && ndigits && hex_digit(mant, ndigits) == 0)
		ndigits--;

	text[len++] = set[hex_digit(mant, 0)];
	if (ndigits || (job->spec->flags & UK_FMT_HASH))
		text[len++] = '.';
	for (int i = 1; i <= ndigits; i++)
		text[len++] = set[hex_digit(mant, i)];
	job->prefix[job->nprefix++] = '0';
	job->prefix[job->nprefix++] = job->upper ? 'X' : 'x';
	add_exponent(job, job->upper ? 'P' : 'p', exp, 1);
	return put_text(job, text, len,
			prec > ndigits ? (size_t)(prec - ndigits) : 0);
}

/* Not a number of digits: padded with blanks, never with zeros. */
static int print_word(struct job *job)
{
	struct uk_fmt_spec spec = *job->spec;
	const char *word = job->val->kind == NOLIBC_FLOAT_NAN
		? (job->upper ? "NAN" : "nan") : (job->upper ? "INF" : "inf");

	spec.flags &= ~UK_FMT_ZERO;
	job->spec = &spec;
	return put_text(job, word, 3, 0);
}

static int print(struct job *job)
{
	const unsigned int flags = job->spec->flags;
	const int prec = job->spec->prec;
	const char conv = (char)(job->spec->conv | 0x20);

	job->upper = conv != job->spec->conv;
	if (job->val->neg)
		job->prefix[job->nprefix++] = '-';
	else if (flags & UK_FMT_PLUS)
		job->prefix[job->nprefix++] = '+';
	else if (flags & UK_FMT_SPACE)
		job->prefix[job->nprefix++] = ' ';

	if (job->val->kind != NOLIBC_FLOAT_FINITE)
		return print_word(job);
	switch (conv) {
	case 'a':
		return print_a(job, prec);
	case 'e':
		return print_e(job, prec < 0 ? PREC_DEFAULT : prec);
	case 'f':
		return print_f(job, prec < 0 ? PREC_DEFAULT : prec);
	default:
		return print_g(job, prec < 0 ? PREC_DEFAULT : prec);
	}
}

static int print_double(struct uk_fmt_out *out, const struct uk_fmt_spec *spec,
			double val)
{
	const struct nolibc_float parts = nolibc_double_unpack(val);
	uint32_t words[NOLIBC_DOUBLE_WORDS];
	struct job job = {
		.out = out, .spec = spec, .val = &parts,
		.words = words, .nwords = NOLIBC_DOUBLE_WORDS,
	};

	return print(&job);
}

/* A function of its own: the words are 5 KiB of stack. */
__attribute__((noinline))
static int print_ldouble(struct uk_fmt_out *out,
			 const struct uk_fmt_spec *spec, long double val)
{
	const struct nolibc_float parts = nolibc_ldouble_unpack(val);
	uint32_t words[NOLIBC_LDOUBLE_WORDS];
	struct job job = {
		.out = out, .spec = spec, .val = &parts,
		.words = words, .nwords = NOLIBC_LDOUBLE_WORDS,
	};

	return print(&job);
}

static int conv(const struct uk_fmt_ext *ext, struct uk_fmt_out *out,
		const struct uk_fmt_spec *spec, va_list *ap)
{
	(void)ext;
	switch (spec->conv | 0x20) {
	case 'a':
	case 'e':
	case 'f':
	case 'g':
		break;
	default:
		return -EINVAL;
	}

	switch (spec->len) {
	case UK_FMT_LEN_NONE:
	case UK_FMT_LEN_L:
		return print_double(out, spec, va_arg(*ap, double));
	case UK_FMT_LEN_CAPL:
		return print_ldouble(out, spec, va_arg(*ap, long double));
	default:
		return -EINVAL;
	}
}

static const struct uk_fmt_ext print_float = { .conv = conv };

const struct uk_fmt_ext *const nolibc_print_float = &print_float;
