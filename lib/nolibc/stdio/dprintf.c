/* SPDX-License-Identifier: BSD-3-Clause */
#include "file.h"

int vdprintf(int fd, const char *restrict fmt, va_list ap)
{
	struct nolibc_file file = { .fd = fd, .output = true, .mode = _IONBF };

	return vfprintf(&file, fmt, ap);
}

int dprintf(int fd, const char *restrict fmt, ...)
{
	va_list ap;
	int rc;

	va_start(ap, fmt);
	rc = vdprintf(fd, fmt, ap);
	va_end(ap);
	return rc;
}
