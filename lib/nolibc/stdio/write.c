/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Output of streams. What does not fit is written at once, so a long text is
 * one system call. After an error the bytes that waited are gone, and the
 * next call begins afresh: a stream never repeats half of what it wrote.
 */
#include "file.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

static int write_all(FILE *file, const char *buf, size_t len)
{
	while (len) {
		const ssize_t n = write(file->fd, buf, len);

		if (n <= 0) {
			if (n < 0 && errno == EINTR)
				continue;
			file->error = true;
			return EOF;
		}
		buf += n;
		len -= (size_t)n;
	}
	return 0;
}

int nolibc_flush(FILE *file)
{
	const size_t len = file->used;

	if (!file->output)
		return 0;
	file->used = 0;
	return write_all(file, file->buf, len);
}

int nolibc_put(FILE *file, const char *buf, size_t len)
{
	if (!file->output) {
		file->error = true;
		errno = EBADF;
		return EOF;
	}
	if (file->mode == _IONBF || len > file->size - file->used) {
		if (nolibc_flush(file) < 0)
			return EOF;
		if (file->mode == _IONBF || len >= file->size)
			return write_all(file, buf, len);
	}
	memcpy(file->buf + file->used, buf, len);
	file->used += len;
	if (file->mode == _IOLBF && memchr(buf, '\n', len))
		return nolibc_flush(file);
	return 0;
}
