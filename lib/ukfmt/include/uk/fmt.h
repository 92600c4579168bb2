/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdarg.h>
#include <stddef.h>

#include <uk/compiler.h>

/*
 * The one printf engine, for the core and for libcs.
 *
 * Conversions, as C11 7.21.6.1 defines them: d i u o x X c s p %, with the
 * flags - + space # 0 and ' (which groups nothing, as in the "C" locale),
 * width and precision (numbers or *), and the lengths hh h l ll j z t. %p is
 * "0x" and the digits; %s of NULL is "(null)". Everything else, so floating
 * point, L, wide characters and strings, is offered to the caller's extension
 * and refused without one. %n is refused always, unless an extension has it.
 *
 * Context: any; nothing is allocated, about 200 bytes of stack.
 */

/* Where the text goes. Embed it in a structure of your own. */
struct uk_fmt_out {
	/*
	 * Takes the next @len bytes (at least 1), which live only during the
	 * call. Returns 0; a negative errno ends the formatting with it.
	 */
	int (*put)(struct uk_fmt_out *out, const char *buf, size_t len);
};

/* Flags of a conversion. */
#define UK_FMT_MINUS	0x01u
#define UK_FMT_PLUS	0x02u
#define UK_FMT_SPACE	0x04u
#define UK_FMT_HASH	0x08u
#define UK_FMT_ZERO	0x10u
#define UK_FMT_GROUP	0x20u	/* ' */

enum uk_fmt_len {
	UK_FMT_LEN_NONE,
	UK_FMT_LEN_HH,
	UK_FMT_LEN_H,
	UK_FMT_LEN_L,
	UK_FMT_LEN_LL,
	UK_FMT_LEN_J,
	UK_FMT_LEN_Z,
	UK_FMT_LEN_T,
	UK_FMT_LEN_CAPL,	/* L: only extensions know it */
};

/* One conversion, read and with its * arguments taken. */
struct uk_fmt_spec {
	unsigned int flags;	/* UK_FMT_…; ZERO is off where MINUS is on */
	int width;		/* 0: none */
	int prec;		/* -1: none */
	enum uk_fmt_len len;
	char conv;		/* the letter */
	int total;		/* bytes put before this conversion */
};

/* Conversions the engine does not have. Embed it like the output. */
struct uk_fmt_ext {
	/*
	 * Do the conversion @spec, whose value is the next argument of @ap.
	 * Returns the bytes put to @out, -EINVAL if it has no such conversion
	 * either (then it took no argument), or what put() returned.
	 */
	int (*conv)(const struct uk_fmt_ext *ext, struct uk_fmt_out *out,
		    const struct uk_fmt_spec *spec, va_list *ap);
};

/*
 * Format @fmt with the arguments @ap to @out. @ext may be NULL. @ap is
 * advanced past what was used; a va_list that is a function's parameter must
 * be copied with va_copy() first, for its address is of another type.
 *
 * Returns the bytes put, or
 *   -EINVAL     a conversion nobody has, or @fmt ends inside one
 *   -EOVERFLOW  the result would be longer than INT_MAX; the field that
 *               passes the limit is not put any more
 *   what put() returned
 */
UK_MUST_USE
int uk_vfmt(struct uk_fmt_out *out, const char *fmt, va_list *ap,
	    const struct uk_fmt_ext *ext);

/*
 * For extensions: what stands before and after a body of @nbody bytes that
 * they put themselves between the two calls. Before: blanks (unless - or 0),
 * the @nprefix bytes at @prefix (a sign, "0x"), zeros if flag 0. After: blanks
 * if flag -. Both take the same @nprefix and @nbody.
 *
 * Return the bytes put, -EOVERFLOW if the whole field is longer than INT_MAX,
 * or what put() returned.
 */
UK_MUST_USE
int uk_fmt_before(struct uk_fmt_out *out, const struct uk_fmt_spec *spec,
		  const char *prefix, size_t nprefix, size_t nbody);
UK_MUST_USE
int uk_fmt_after(struct uk_fmt_out *out, const struct uk_fmt_spec *spec,
		 size_t nprefix, size_t nbody);

/* Put @len times the byte @c. Returns 0 or what put() returned. */
UK_MUST_USE
int uk_fmt_fill(struct uk_fmt_out *out, char c, size_t len);

/*
 * Format into the @size bytes at @buf, cut short where they end, always with
 * a NUL at the end unless @size is 0 (then @buf may be NULL).
 *
 * Return the bytes the whole text has without the NUL, or an error of
 * uk_vfmt(); what came before the error is in @buf.
 */
UK_PRINTF(3, 4)
int uk_snprintf(char *buf, size_t size, const char *fmt, ...);
int uk_vsnprintf(char *buf, size_t size, const char *fmt, va_list ap);
