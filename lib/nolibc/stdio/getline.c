/* SPDX-License-Identifier: BSD-3-Clause */
#include "file.h"

#include <errno.h>
#include <stdlib.h>

#define SIZE_FIRST	128

static bool grow(char **line, size_t *size)
{
	size_t want = *line && *size ? *size : SIZE_FIRST / 2;
	char *more;

	if (__builtin_mul_overflow(want, (size_t)2, &want)) {
		errno = EOVERFLOW;
		return false;
	}
	more = realloc(*line, want);
	if (!more)
		return false;
	*line = more;
	*size = want;
	return true;
}

ssize_t getdelim(char **restrict line, size_t *restrict size, int delim,
		 FILE *restrict file)
{
	size_t n = 0;
	int c = EOF;

	if (!line || !size) {
		errno = EINVAL;
		return -1;
	}
	if (!*line)
		*size = 0;
	while (n == 0 || c != delim) {
		/* Room for a byte and the NUL. */
		if (*size < n + 2 && !grow(line, size)) {
			file->error = true;
			return -1;
		}
		c = nolibc_get(file);
		if (c == EOF)
			break;
		(*line)[n++] = (char)c;
	}
	(*line)[n] = '\0';
	return n ? (ssize_t)n : -1;
}

ssize_t getline(char **restrict line, size_t *restrict size,
		FILE *restrict file)
{
	return getdelim(line, size, '\n', file);
}
