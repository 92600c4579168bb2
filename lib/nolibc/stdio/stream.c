/* SPDX-License-Identifier: BSD-3-Clause */
#include "file.h"

#include <errno.h>

int fflush(FILE *file)
{
	int rc;

	if (file)
		return nolibc_flush(file);
	rc = nolibc_flush(&nolibc_stdout);
	return nolibc_flush(&nolibc_stderr) < 0 ? EOF : rc;
}

int setvbuf(FILE *restrict file, char *restrict buf, int mode, size_t size)
{
	if (mode != _IOFBF && mode != _IOLBF && mode != _IONBF) {
		errno = EINVAL;
		return -1;
	}
	if (nolibc_flush(file) < 0)
		return -1;
	file->mode = mode;
	if (buf && mode != _IONBF && size > NOLIBC_UNGET) {
		file->buf = buf;
		file->size = size;
		if (!file->output)
			file->next = file->used = NOLIBC_UNGET;
	}
	return 0;
}

void setbuf(FILE *restrict file, char *restrict buf)
{
	setvbuf(file, buf, buf ? _IOFBF : _IONBF, BUFSIZ);
}

int feof(FILE *file)
{
	return file->eof;
}

int ferror(FILE *file)
{
	return file->error;
}

void clearerr(FILE *file)
{
	file->eof = false;
	file->error = false;
}

int fileno(FILE *file)
{
	return file->fd;
}
