/* SPDX-License-Identifier: BSD-3-Clause */
/* Integers and pointers: C11 7.21.6.1, d i o u x X p. */
#include <stdbool.h>
#include <stdint.h>

#include <uk/errno.h>

#include "fmt_priv.h"

/* Octal digits of 64 bits, the longest there are, and a two-byte prefix. */
#define NDIGITS		22
#define NPREFIX		2

/* l, ll, j, z and t are all of 64 bits. */
_Static_assert(sizeof(long) == 8 && sizeof(long long) == 8 &&
	       sizeof(size_t) == 8 && sizeof(ptrdiff_t) == 8 &&
	       sizeof(intmax_t) == 8, "one width for all of them");

/* The next argument, in the upper bits of the result; *@unused below it. */
static uint64_t take_arg(enum uk_fmt_len len, va_list *ap,
			 unsigned int *unused)
{
	const unsigned int bits = len == UK_FMT_LEN_NONE ? 32 :
				  len == UK_FMT_LEN_HH ? 8 :
				  len == UK_FMT_LEN_H ? 16 : 64;
	const uint64_t val = bits == 64 ? va_arg(*ap, uint64_t) :
					  va_arg(*ap, unsigned int);

	*unused = 64 - bits;
	return val << *unused;
}

static int64_t take_signed(enum uk_fmt_len len, va_list *ap)
{
	unsigned int unused;
	const uint64_t val = take_arg(len, ap, &unused);

	return (int64_t)val >> unused;
}

static uint64_t take_unsigned(enum uk_fmt_len len, va_list *ap)
{
	unsigned int unused;
	const uint64_t val = take_arg(len, ap, &unused);

	return val >> unused;
}

/* Write @val so that its last digit is at @end[-1]; returns the first. */
static char *write_digits(char *end, uint64_t val, char conv)
{
	const char *digits = conv == 'X' ? "0123456789ABCDEF" :
					   "0123456789abcdef";

	switch (conv) {
	case 'x':
	case 'X':
	case 'p':
		for (; val; val >>= 4)
			*--end = digits[val & 15];
		break;
	case 'o':
		for (; val; val >>= 3)
			*--end = (char)('0' + (val & 7));
		break;
	default:
		for (; val; val /= 10)
			*--end = (char)('0' + val % 10);
		break;
	}
	return end;
}

/*
 * The argument of @spec, as a magnitude, and its prefix of *@nprefix bytes:
 * a sign, or 0x. Returns false, and takes no argument, if it is no integer.
 */
static bool take(const struct uk_fmt_spec *spec, va_list *ap, uint64_t *val,
		 char *prefix, size_t *nprefix)
{
	int64_t num;

	if (spec->len == UK_FMT_LEN_CAPL)
		return false;

	switch (spec->conv) {
	case 'd':
	case 'i':
		num = take_signed(spec->len, ap);
		*val = num < 0 ? -(uint64_t)num : (uint64_t)num;
		prefix[0] = num < 0 ? '-' :
			    spec->flags & UK_FMT_PLUS ? '+' : ' ';
		*nprefix = num < 0 ||
			   (spec->flags & (UK_FMT_PLUS | UK_FMT_SPACE));
		return true;
	case 'u':
	case 'o':
		*val = take_unsigned(spec->len, ap);
		return true;
	case 'x':
	case 'X':
		*val = take_unsigned(spec->len, ap);
		if (!(spec->flags & UK_FMT_HASH) || !*val)
			return true;
		break;
	case 'p':
		*val = (uintptr_t)va_arg(*ap, void *);
		break;
	default:
		return false;
	}
	prefix[0] = '0';
	prefix[1] = spec->conv == 'X' ? 'X' : 'x';
	*nprefix = 2;
	return true;
}

int fmt_put_int(struct uk_fmt_out *out, struct uk_fmt_spec *spec, va_list *ap)
{
	char buf[NPREFIX + NDIGITS];
	char *const end = buf + sizeof(buf);
	size_t least = spec->prec < 0 ? 1 : (size_t)spec->prec;
	size_t nprefix = 0, ndigits;
	char prefix[NPREFIX];
	uint64_t val;
	char *first;

	if (!take(spec, ap, &val, prefix, &nprefix))
		return -EINVAL;

	first = write_digits(end, val, spec->conv);
	ndigits = (size_t)(end - first);
	/* # raises the precision of o until the first digit is a zero. */
	if (spec->conv == 'o' && (spec->flags & UK_FMT_HASH) &&
	    least <= ndigits)
		least = ndigits + 1;
	/* A precision and the flag 0: the flag is ignored. */
	if (spec->prec >= 0)
		spec->flags &= ~UK_FMT_ZERO;

	if (ndigits == 0 && least == 1)
		*--first = '0';
	/* Where no zeros come between, the prefix is the body's beginning. */
	if (least <= (size_t)(end - first) && !(spec->flags & UK_FMT_ZERO)) {
		while (nprefix)
			*--first = prefix[--nprefix];
	}
	ndigits = (size_t)(end - first);
	return fmt_put_field(out, spec, prefix, nprefix,
			     least > ndigits ? least - ndigits : 0,
			     first, ndigits);
}
