/* SPDX-License-Identifier: BSD-3-Clause */
#include "file.h"

#include <stdint.h>

#include "scanf.h"

struct stream_in {
	struct nolibc_scan scan;
	FILE *file;
};

static int stream_get(struct nolibc_scan *in)
{
	return nolibc_get(((struct stream_in *)(void *)in)->file);
}

static void stream_unget(struct nolibc_scan *in, int c)
{
	ungetc(c, ((struct stream_in *)(void *)in)->file);
}

int vfscanf(FILE *restrict file, const char *restrict fmt, va_list ap)
{
	struct stream_in in = {
		.scan = {
			.get = stream_get, .unget = stream_unget,
			.width = SIZE_MAX,
		},
		.file = file,
	};

	return nolibc_scanf(&in.scan, fmt, ap);
}

int fscanf(FILE *restrict file, const char *restrict fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vfscanf(file, fmt, ap);
	va_end(ap);
	return n;
}

int vscanf(const char *restrict fmt, va_list ap)
{
	return vfscanf(&nolibc_stdin, fmt, ap);
}

int scanf(const char *restrict fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vfscanf(&nolibc_stdin, fmt, ap);
	va_end(ap);
	return n;
}
