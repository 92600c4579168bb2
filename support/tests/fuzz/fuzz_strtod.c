/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Any text is a number, the beginning of one, or none: the end that strto*()
 * tells lies in the text, and what a finite number prints as, with enough
 * digits, reads as the same number.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "fuzz_libc.h"

static const char *text;
static size_t text_len;

static void check_end(const char *end)
{
	FUZZ_EXPECT(end >= text && end <= text + text_len);
}

/* The same value, and the same zero. */
static void check_double(double val)
{
	static const char *const fmts[] = { "%.17g", "%.16e", "%a" };
	char buf[64];
	double again;
	char *end;

	for (size_t i = 0; i < sizeof(fmts) / sizeof(fmts[0]); i++) {
		const int len = snprintf(buf, sizeof(buf), fmts[i], val);

		FUZZ_EXPECT(len > 0 && len < (int)sizeof(buf));
		again = strtod(buf, &end);
		FUZZ_EXPECT(end == buf + len);
		FUZZ_EXPECT(memcmp(&again, &val, sizeof(val)) == 0);
	}
}

static void check_ldouble(long double val)
{
	char buf[80];
	char *end;
	int len;

	len = snprintf(buf, sizeof(buf), "%.35Le", val);
	FUZZ_EXPECT(len > 0 && len < (int)sizeof(buf));
	FUZZ_EXPECT(strtold(buf, &end) == val && end == buf + len);
	len = snprintf(buf, sizeof(buf), "%La", val);
	FUZZ_EXPECT(len > 0 && len < (int)sizeof(buf));
	FUZZ_EXPECT(strtold(buf, &end) == val && end == buf + len);
}

static void check_int(int base)
{
	char *end;

	(void)strtol(text, &end, base);
	check_end(end);
	(void)strtoull(text, &end, base);
	check_end(end);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *copy = hosted_text(data, size);
	long double ldval;
	double val;
	float fval;
	char *end;

	text = copy;
	text_len = strlen(copy);

	fval = strtof(text, &end);
	check_end(end);
	val = strtod(text, &end);
	check_end(end);
	ldval = strtold(text, &end);
	check_end(end);
	if (!__builtin_isnan(fval))
		check_double((double)fval);
	if (!__builtin_isnan(val))
		check_double(val);
	if (!__builtin_isnan(ldval))
		check_ldouble(ldval);

	check_int(0);
	check_int(10);
	check_int(size ? data[0] % 37 : 16);
	hosted_free(copy);
	return 0;
}
