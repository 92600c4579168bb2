/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdio.h>

#include "scanf.h"

int vsscanf(const char *restrict str, const char *restrict fmt, va_list ap)
{
	struct nolibc_scan in;

	nolibc_scan_string(&in, str);
	return nolibc_scanf(&in, fmt, ap);
}

int sscanf(const char *restrict str, const char *restrict fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsscanf(str, fmt, ap);
	va_end(ap);
	return n;
}
