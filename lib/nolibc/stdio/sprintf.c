/* SPDX-License-Identifier: BSD-3-Clause */
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "format.h"

struct string_out {
	struct uk_fmt_out out;
	char *next;
	size_t room;		/* bytes left, with one for the NUL */
};

static int string_put(struct uk_fmt_out *out, const char *buf, size_t len)
{
	struct string_out *to = (struct string_out *)(void *)out;

	if (to->room <= 1)
		return 0;
	if (len > to->room - 1)
		len = to->room - 1;
	memcpy(to->next, buf, len);
	to->next += len;
	to->room -= len;
	return 0;
}

int vsnprintf(char *restrict buf, size_t size, const char *restrict fmt,
	      va_list ap)
{
	struct string_out to = {
		.out = { .put = string_put }, .next = buf, .room = size,
	};
	const int rc = nolibc_format(&to.out, fmt, ap);

	if (size)
		*to.next = '\0';
	return rc;
}

int vsprintf(char *restrict buf, const char *restrict fmt, va_list ap)
{
	return vsnprintf(buf, (size_t)INT_MAX + 1, fmt, ap);
}

int snprintf(char *restrict buf, size_t size, const char *restrict fmt, ...)
{
	va_list ap;
	int rc;

	va_start(ap, fmt);
	rc = vsnprintf(buf, size, fmt, ap);
	va_end(ap);
	return rc;
}

int sprintf(char *restrict buf, const char *restrict fmt, ...)
{
	va_list ap;
	int rc;

	va_start(ap, fmt);
	rc = vsprintf(buf, fmt, ap);
	va_end(ap);
	return rc;
}
