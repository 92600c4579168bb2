/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The engine: walks the format, hands plain text on in whole runs, and reads
 * each conversion into a struct uk_fmt_spec (C11 7.21.6.1).
 *
 * A conversion puts its text in as few calls as it can, mostly one: an output
 * costs an indirect call and its bookkeeping, whatever the length. Nothing is
 * put before the whole field is known to fit below INT_MAX.
 */
#include <uk/fmt.h>

#include <limits.h>

#include <uk/errno.h>
#include <uk/string.h>

#include "fmt_priv.h"

static unsigned int flag_of(char c)
{
	switch (c) {
	case '-':
		return UK_FMT_MINUS;
	case '+':
		return UK_FMT_PLUS;
	case ' ':
		return UK_FMT_SPACE;
	case '#':
		return UK_FMT_HASH;
	case '0':
		return UK_FMT_ZERO;
	case '\'':
		return UK_FMT_GROUP;
	default:
		return 0;
	}
}

/*
 * The readers below take the text from @p on and return where they ended, or
 * NULL where the number is above INT_MAX.
 */
static const char *read_int(const char *p, int *val)
{
	int sum = 0;

	for (; *p >= '0' && *p <= '9'; p++) {
		if (__builtin_mul_overflow(sum, 10, &sum) ||
		    __builtin_add_overflow(sum, *p - '0', &sum))
			return NULL;
	}
	*val = sum;
	return p;
}

static const char *read_width(struct uk_fmt_spec *spec, const char *p,
			      va_list *ap)
{
	if (*p != '*')
		return read_int(p, &spec->width);

	spec->width = va_arg(*ap, int);
	if (spec->width < 0) {
		if (spec->width == INT_MIN)
			return NULL;
		spec->width = -spec->width;
		spec->flags |= UK_FMT_MINUS;
	}
	return p + 1;
}

static const char *read_prec(struct uk_fmt_spec *spec, const char *p,
			     va_list *ap)
{
	if (*p != '*')
		return read_int(p, &spec->prec);

	spec->prec = va_arg(*ap, int);
	if (spec->prec < 0)
		spec->prec = -1;
	return p + 1;
}

/* Flags, width, precision: none of them is a letter. */
static const char *read_field(struct uk_fmt_spec *spec, const char *p,
			      va_list *ap)
{
	unsigned int flag;

	while ((flag = flag_of(*p)) != 0) {
		spec->flags |= flag;
		p++;
	}
	p = read_width(spec, p, ap);
	if (p && *p == '.')
		p = read_prec(spec, p + 1, ap);
	if (spec->flags & UK_FMT_MINUS)
		spec->flags &= ~UK_FMT_ZERO;
	return p;
}

static const char *read_len(struct uk_fmt_spec *spec, const char *p)
{
	switch (*p) {
	case 'h':
		spec->len = p[1] == 'h' ? UK_FMT_LEN_HH : UK_FMT_LEN_H;
		break;
	case 'l':
		spec->len = p[1] == 'l' ? UK_FMT_LEN_LL : UK_FMT_LEN_L;
		break;
	case 'j':
		spec->len = UK_FMT_LEN_J;
		break;
	case 'z':
		spec->len = UK_FMT_LEN_Z;
		break;
	case 't':
		spec->len = UK_FMT_LEN_T;
		break;
	case 'L':
		spec->len = UK_FMT_LEN_CAPL;
		break;
	default:
		return p;
	}
	return p[0] == p[1] && (p[0] == 'h' || p[0] == 'l') ? p + 2 : p + 1;
}

/* The flag 0 is for numbers. */
static int put_chars(struct uk_fmt_out *out, struct uk_fmt_spec *spec,
		     const char *str, size_t len)
{
	spec->flags &= ~UK_FMT_ZERO;
	return fmt_put_field(out, spec, NULL, 0, 0, str, len);
}

static int put_str(struct uk_fmt_out *out, struct uk_fmt_spec *spec,
		   const char *str)
{
	if (!str)
		str = "(null)";
	return put_chars(out, spec, str,
			 spec->prec < 0 ? uk_strlen(str) :
			 uk_strnlen(str, (size_t)spec->prec));
}

/* Do the conversion @spec. Returns the bytes put. */
static int convert(struct uk_fmt_out *out, struct uk_fmt_spec *spec,
		   va_list *ap, const struct uk_fmt_ext *ext)
{
	int rc;
	char c;

	if (spec->len == UK_FMT_LEN_NONE) {
		switch (spec->conv) {
		case 's':
			return put_str(out, spec, va_arg(*ap, const char *));
		case 'c':
			c = (char)va_arg(*ap, int);
			return put_chars(out, spec, &c, 1);
		case '%':
			return put_chars(out, spec, "%", 1);
		case '\0':
			return -EINVAL;
		}
	}
	rc = fmt_put_int(out, spec, ap);
	if (rc == -EINVAL && spec->conv && ext)
		return ext->conv(ext, out, spec, ap);
	return rc;
}

/* The next % or the end. Most characters of a text are above both. */
static const char *skip_text(const char *p)
{
	while ((unsigned char)*p > '%' || (*p && *p != '%'))
		p++;
	return p;
}

static int put_run(struct uk_fmt_out *out, const char *run, size_t len,
			  int total)
{
	int rc;

	if (len > (size_t)(INT_MAX - total))
		return -EOVERFLOW;
	rc = out->put(out, run, len);
	return rc < 0 ? rc : (int)len;
}

int uk_vfmt(struct uk_fmt_out *out, const char *fmt, va_list *ap,
	    const struct uk_fmt_ext *ext)
{
	int total = 0;

	for (;;) {
		struct uk_fmt_spec spec = { .prec = -1 };
		const char *const run = fmt;
		int rc = 0;

		fmt = skip_text(fmt);
		if (fmt != run)
			rc = put_run(out, run, (size_t)(fmt - run), total);
		if (rc < 0)
			return rc;
		total += rc;
		if (!*fmt)
			return total;

		spec.total = total;
		fmt++;
		/* Mostly the letters follow at once. */
		if (*fmt < 'A')
			fmt = read_field(&spec, fmt, ap);
		if (!fmt)
			return -EOVERFLOW;
		fmt = read_len(&spec, fmt);
		spec.conv = *fmt;
		rc = convert(out, &spec, ap, ext);
		if (rc < 0)
			return rc;
		/* Fields see to it themselves; an extension may not. */
		if (rc > INT_MAX - total)
			return -EOVERFLOW;
		total += rc;
		fmt++;
	}
}
