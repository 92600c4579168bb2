/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdio.h>
#include <stdlib.h>

/* Measured first, then written: the block has exactly the size it needs. */
int vasprintf(char **restrict str, const char *restrict fmt, va_list ap)
{
	va_list again;
	int len, rc;

	va_copy(again, ap);
	len = vsnprintf(NULL, 0, fmt, again);
	va_end(again);
	*str = NULL;
	if (len < 0)
		return -1;

	*str = malloc((size_t)len + 1);
	if (!*str)
		return -1;
	rc = vsnprintf(*str, (size_t)len + 1, fmt, ap);
	if (rc < 0) {
		free(*str);
		*str = NULL;
	}
	return rc;
}

int asprintf(char **restrict str, const char *restrict fmt, ...)
{
	va_list ap;
	int rc;

	va_start(ap, fmt);
	rc = vasprintf(str, fmt, ap);
	va_end(ap);
	return rc;
}
