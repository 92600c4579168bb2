/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The scanf() engine.
 *
 * A conversion reads through a width, so no reader knows of fields: the width
 * is the end of the input. An item that is only the beginning of a number
 * ("1e+", "0x") is a matching failure and stays taken, as C11 7.21.6.2 has it:
 * a stream can give back one byte only.
 */
#include "scanf.h"

#include <ctype.h>
#include <limits.h>
#include <string.h>

/* One conversion of the format. */
struct spec {
	size_t width;		/* 0: none */
	bool suppress;		/* *: nothing is stored */
	enum nolibc_scanf_len len;
	char conv;
	const char *set;	/* of [, behind it and a ^ */
	bool negated;
};

static const char *read_len(const char *fmt, enum nolibc_scanf_len *len)
{
	*len = NOLIBC_SCANF_NONE;
	switch (*fmt) {
	case 'h':
		*len = fmt[1] == 'h' ? NOLIBC_SCANF_HH : NOLIBC_SCANF_H;
		return fmt + (fmt[1] == 'h' ? 2 : 1);
	case 'l':
		*len = NOLIBC_SCANF_L;
		return fmt + (fmt[1] == 'l' ? 2 : 1);
	case 'j':
	case 'z':
	case 't':
		*len = NOLIBC_SCANF_L;
		return fmt + 1;
	case 'L':
		*len = NOLIBC_SCANF_CAPL;
		return fmt + 1;
	default:
		return fmt;
	}
}

/* Reads what follows a '%'; returns what follows that, NULL if it is bad. */
static const char *read_spec(const char *fmt, struct spec *spec)
{
	*spec = (struct spec){ .width = 0 };
	if (*fmt == '*') {
		spec->suppress = true;
		fmt++;
	}
	for (; isdigit(*fmt); fmt++) {
		if (spec->width < INT_MAX / 10)
			spec->width = spec->width * 10 + (size_t)(*fmt - '0');
	}
	fmt = read_len(fmt, &spec->len);
	spec->conv = *fmt;
	if (!*fmt++)
		return NULL;
	if (spec->conv != '[')
		return fmt;

	spec->negated = *fmt == '^';
	fmt += spec->negated;
	spec->set = fmt;
	/* A ] that comes first is one of the set. */
	fmt = *fmt ? strchr(fmt + 1, ']') : NULL;
	return fmt ? fmt + 1 : NULL;
}

/* Is @c in the set? A '-' between two bytes stands for those between. */
static bool in_set(const struct spec *spec, int c)
{
	const char *set = spec->set;
	bool found = false;

	do {
		const int first = (unsigned char)*set++;
		int last = first;

		if (set[0] == '-' && set[1] != ']') {
			last = (unsigned char)set[1];
			set += 2;
		}
		found |= c >= first && c <= last;
	} while (*set != ']');
	return found != spec->negated;
}

static bool wanted(const struct spec *spec, int c)
{
	switch (spec->conv) {
	case 'c':
		return true;
	case 's':
		return !isspace(c);
	default:
		return in_set(spec, c);
	}
}

/* c, s and [: bytes into an array, which gets a NUL except from c. */
static bool scan_bytes(struct nolibc_scan *in, const struct spec *spec,
		       char *to)
{
	size_t n = 0;
	int c;

	for (;;) {
		c = nolibc_scan_get(in);
		if (c < 0 || !wanted(spec, c))
			break;
		if (to)
			to[n] = (char)c;
		n++;
	}
	nolibc_scan_unget(in, c);
	if (spec->conv == 'c')
		return n == in->width;
	if (to && n)
		to[n] = '\0';
	return n;
}

static void store_int(void *to, enum nolibc_scanf_len len, uint64_t val)
{
	switch (len) {
	case NOLIBC_SCANF_HH:
		*(unsigned char *)to = (unsigned char)val;
		break;
	case NOLIBC_SCANF_H:
		*(unsigned short *)to = (unsigned short)val;
		break;
	case NOLIBC_SCANF_NONE:
		*(unsigned int *)to = (unsigned int)val;
		break;
	default:
		*(unsigned long *)to = val;
		break;
	}
}

/* What strtoll() and strtoull() make of the number. */
static uint64_t int_value(const struct nolibc_scan_int *num, bool is_signed)
{
	const uint64_t limit = (uint64_t)INT64_MAX + num->neg;

	if (is_signed && num->mag > limit)
		return limit;
	if (num->overflow)
		return UINT64_MAX;
	return num->neg ? -num->mag : num->mag;
}

static bool scan_int(struct nolibc_scan *in, const struct spec *spec, void *to)
{
	static const char convs[] = "diouxXp";
	static const unsigned char bases[] = { 10, 0, 8, 10, 16, 16, 16 };
	const size_t kind = (size_t)(strchr(convs, spec->conv) - convs);
	struct nolibc_scan_int num;

	nolibc_scan_int(in, bases[kind], &num);
	if (num.len == 0 || num.len != in->taken)
		return false;
	if (to)
		store_int(to, spec->conv == 'p' ? NOLIBC_SCANF_L : spec->len,
			  int_value(&num, kind < 2));
	return true;
}

static bool convert(struct nolibc_scan *in, const struct spec *spec, void *to)
{
	switch (spec->conv) {
	case 'd':
	case 'i':
	case 'o':
	case 'u':
	case 'x':
	case 'X':
	case 'p':
		return scan_int(in, spec, to);
	case 'a':
	case 'A':
	case 'e':
	case 'E':
	case 'f':
	case 'F':
	case 'g':
	case 'G':
		return nolibc_scanf_float(in, spec->len, to);
	case 'c':
	case 's':
	case '[':
		return spec->len == NOLIBC_SCANF_NONE &&
		       scan_bytes(in, spec, to);
	default:
		return false;
	}
}

/* Is there another byte? */
static bool at_end(struct nolibc_scan *in)
{
	const int c = nolibc_scan_get(in);

	nolibc_scan_unget(in, c);
	return c < 0;
}

/* Everything but conversions: takes what matches the byte @want. */
static bool match(struct nolibc_scan *in, char want)
{
	int c;

	if (isspace(want)) {
		nolibc_scan_space(in);
		return true;
	}
	c = nolibc_scan_get(in);
	if (c == (unsigned char)want)
		return true;
	nolibc_scan_unget(in, c);
	return false;
}

/* The result where the input does not go on as the format does. */
static int mismatch(struct nolibc_scan *in, int stored)
{
	return stored == 0 && at_end(in) ? -1 : stored;
}

/* One conversion within its width; @in counts on behind it. */
static bool scan_field(struct nolibc_scan *in, const struct spec *spec,
		       void *to)
{
	const size_t before = in->taken;
	bool done;

	in->taken = 0;
	in->width = spec->width ? spec->width
		  : spec->conv == 'c' ? 1 : SIZE_MAX;
	done = convert(in, spec, to);
	in->width = SIZE_MAX;
	in->taken += before;
	return done;
}

int nolibc_scanf(struct nolibc_scan *in, const char *fmt, va_list ap)
{
	int stored = 0;

	while (*fmt) {
		struct spec spec;
		void *to;

		if (*fmt != '%') {
			if (!match(in, *fmt++))
				return mismatch(in, stored);
			continue;
		}
		fmt = read_spec(fmt + 1, &spec);
		if (!fmt)
			return stored;
		if (!strchr("c[n", spec.conv))
			nolibc_scan_space(in);
		if (spec.conv == '%') {
			if (!match(in, '%'))
				return mismatch(in, stored);
			continue;
		}
		to = spec.suppress ? NULL : va_arg(ap, void *);
		if (spec.conv == 'n') {
			if (to)
				store_int(to, spec.len, in->taken);
			continue;
		}
		if (at_end(in))
			return mismatch(in, stored);
		if (!scan_field(in, &spec, to))
			return stored;
		stored += !spec.suppress;
	}
	return stored;
}
