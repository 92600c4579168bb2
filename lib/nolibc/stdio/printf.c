/* SPDX-License-Identifier: BSD-3-Clause */
#include "file.h"

int vprintf(const char *restrict fmt, va_list ap)
{
	return vfprintf(&nolibc_stdout, fmt, ap);
}

int printf(const char *restrict fmt, ...)
{
	va_list ap;
	int rc;

	va_start(ap, fmt);
	rc = vfprintf(&nolibc_stdout, fmt, ap);
	va_end(ap);
	return rc;
}
