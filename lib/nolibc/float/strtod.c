/* SPDX-License-Identifier: BSD-3-Clause */
#include <errno.h>
#include <stdlib.h>

#include "../scan.h"
#include "float.h"

static void parse(const char *restrict str, char **restrict end,
		  const struct nolibc_float_type *type, uint32_t *words,
		  struct nolibc_float *val)
{
	struct nolibc_scan in;
	bool range = false;
	size_t len;

	/* The length counts the blanks, unless there is no number. */
	nolibc_scan_string(&in, str);
	nolibc_scan_space(&in);
	len = nolibc_scan_float(&in, type, words, val, &range);
	if (len == 0)
		*val = (struct nolibc_float){ .kind = NOLIBC_FLOAT_FINITE };
	if (range)
		errno = ERANGE;
	if (end)
		*end = (char *)(uintptr_t)(str + len);
}

float strtof(const char *restrict str, char **restrict end)
{
	uint32_t words[NOLIBC_DOUBLE_WORDS];
	struct nolibc_float val;

	parse(str, end, &nolibc_float_type, words, &val);
	return nolibc_float_pack(&val);
}

double strtod(const char *restrict str, char **restrict end)
{
	uint32_t words[NOLIBC_DOUBLE_WORDS];
	struct nolibc_float val;

	parse(str, end, &nolibc_double_type, words, &val);
	return nolibc_double_pack(&val);
}

double atof(const char *str)
{
	return strtod(str, NULL);
}

long double strtold(const char *restrict str, char **restrict end)
{
	uint32_t words[NOLIBC_LDOUBLE_WORDS];
	struct nolibc_float val;

	parse(str, end, &nolibc_ldouble_type, words, &val);
	return nolibc_ldouble_pack(&val);
}
