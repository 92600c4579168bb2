/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * printf() to a stream. An unbuffered one gets a buffer for the duration of
 * the call, so that a message is one system call and not one per conversion.
 */
#include "file.h"

#include <errno.h>

#include "format.h"

#define CALL_BUF	160

struct stream_out {
	struct uk_fmt_out out;
	FILE *file;
};

static int stream_put(struct uk_fmt_out *out, const char *buf, size_t len)
{
	struct stream_out *to = (struct stream_out *)(void *)out;

	return nolibc_put(to->file, buf, len) < 0 ? -errno : 0;
}

int vfprintf(FILE *restrict file, const char *restrict fmt, va_list ap)
{
	const struct nolibc_file saved = *file;
	struct stream_out to = { .out = { .put = stream_put }, .file = file };
	char buf[CALL_BUF];
	int rc;

	if (file->mode != _IONBF || !file->output)
		return nolibc_format(&to.out, fmt, ap);

	file->mode = _IOFBF;
	file->buf = buf;
	file->size = sizeof(buf);
	rc = nolibc_format(&to.out, fmt, ap);
	if (nolibc_flush(file) < 0)
		rc = -1;
	file->mode = saved.mode;
	file->buf = saved.buf;
	file->size = saved.size;
	return rc;
}

int fprintf(FILE *restrict file, const char *restrict fmt, ...)
{
	va_list ap;
	int rc;

	va_start(ap, fmt);
	rc = vfprintf(file, fmt, ap);
	va_end(ap);
	return rc;
}
