/* SPDX-License-Identifier: BSD-3-Clause */
#include "format.h"

#include <errno.h>

#include "../float/print.h"

int nolibc_format(struct uk_fmt_out *out, const char *fmt, va_list ap)
{
	va_list copy;
	int rc;

	va_copy(copy, ap);
	rc = uk_vfmt(out, fmt, &copy, nolibc_print_float);
	va_end(copy);
	if (rc < 0) {
		errno = -rc;
		return -1;
	}
	return rc;
}
