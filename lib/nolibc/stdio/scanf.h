/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdarg.h>

#include "../scan.h"

/*
 * scanf() from @in, whose width is SIZE_MAX. Returns the conversions stored,
 * or -1 if the input ended before the first one.
 */
int nolibc_scanf(struct nolibc_scan *in, const char *fmt, va_list ap);

enum nolibc_scanf_len {
	NOLIBC_SCANF_NONE,
	NOLIBC_SCANF_HH,
	NOLIBC_SCANF_H,
	NOLIBC_SCANF_L,		/* and ll, j, z, t: all 64 bits */
	NOLIBC_SCANF_CAPL,
};

/*
 * Take a floating-point number and store it at @to unless that is NULL.
 * Returns false if there is none, or if this image has no floating point.
 */
bool nolibc_scanf_float(struct nolibc_scan *in, enum nolibc_scanf_len len,
			void *to);
