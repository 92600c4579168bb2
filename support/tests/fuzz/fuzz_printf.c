/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A format that is the input, with arguments for it: the same text whatever
 * the room, cut where the room ends, and nothing written behind that.
 *
 * Conversions take what the call has to offer: the input may hold five, and
 * none of %s, %L… and %p's kind, whose arguments would not fit; those come
 * one at a time, from a part of the input of its own. Widths have at most
 * four digits, as blanks without end are no bug.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "fuzz.h"
#include "fuzz_libc.h"

#define MOST	5
#define ROOM	16384

static char whole[ROOM];

/* Bytes the text has, which is in whole[] then; -1: the format is refused. */
static int print(size_t room, const char *fmt, va_list ap)
{
	char *const buf = hosted_copy(whole, room);
	va_list again;
	int all, cut;

	va_copy(again, ap);
	memset(whole, 0xee, sizeof(whole));
	all = vsnprintf(whole, sizeof(whole), fmt, ap);
	cut = vsnprintf(buf, room, fmt, again);
	va_end(again);
	FUZZ_EXPECT(all == cut && all >= -1);
	if (all >= 0 && room) {
		const size_t len = (size_t)all < room ? (size_t)all : room - 1;

		FUZZ_EXPECT(buf[len] == '\0');
		if ((size_t)all < sizeof(whole))
			FUZZ_EXPECT(memcmp(buf, whole, len) == 0);
	}
	hosted_free(buf);
	return all;
}

static int call(size_t room, const char *fmt, ...)
{
	va_list ap;
	int len;

	va_start(ap, fmt);
	len = print(room, fmt, ap);
	va_end(ap);
	return len;
}

/* May the call below serve @fmt? */
static int fits(const char *fmt)
{
	unsigned int args = 0, digits = 0;

	for (; *fmt; fmt++) {
		args += *fmt == '%' || *fmt == '*';
		digits = *fmt >= '0' && *fmt <= '9' ? digits + 1 : 0;
		if (digits > 4 || *fmt == 's' || *fmt == 'L' || args > MOST)
			return 0;
	}
	return 1;
}

/* "%", what the input says of flags, width and precision, and @conv. */
static int one(struct fuzz_input *in, const char *conv, char *fmt)
{
	static const char chars[] = "-+ #0'.123456789";
	size_t len = 0;

	fmt[len++] = '%';
	for (unsigned int n = fuzz_take(in, 1) % 8; n > 0; n--)
		fmt[len++] = chars[fuzz_take(in, 1) % (sizeof(chars) - 1)];
	strcpy(fmt + len, conv);
	return fits(fmt) || *conv == 's' || *conv == 'L';
}

static void typed(struct fuzz_input *in, size_t room, const char *str)
{
	static const char *const ldouble[] = { "La", "Le", "Lf", "Lg", "LG" };
	uint64_t bits[2];
	long double val;
	char fmt[32];

	if (one(in, "s", fmt))
		(void)call(room, fmt, str);
	/* Not every bit pattern is a number: made of two that are. */
	bits[0] = fuzz_take(in, 8);
	bits[1] = fuzz_take(in, 2);
	val = (long double)bits[0] * (bits[1] & 1 ? -1 : 1);
	for (unsigned int e = bits[1] >> 1 & 0x3fff; e > 0; e--)
		val = bits[1] & 0x8000 ? val * 2 : val / 2;
	if (one(in, ldouble[bits[0] % 5], fmt) && bits[1] % 7)
		(void)call(room, fmt, val);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_input in = { data, size };
	const size_t room = fuzz_take(&in, 1);
	const uint64_t num = fuzz_take(&in, 8);
	const uint64_t bits = fuzz_take(&in, 8);
	double val;
	char *fmt;

	memcpy(&val, &bits, sizeof(val));
	fmt = hosted_text(in.data, in.left);
	/* Widths and precisions out of arguments are small, too. */
	if (fits(fmt))
		(void)call(room, fmt, strchr(fmt, '*') ? num % 1000 : num,
			   num >> 56, num >> 32 & 0xfff, num & 0xff, num >> 61,
			   val, -val, val * 1e10, 1 / val, 0.1);
	typed(&in, room, fmt);
	hosted_free(fmt);
	return 0;
}
