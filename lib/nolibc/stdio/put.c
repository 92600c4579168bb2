/* SPDX-License-Identifier: BSD-3-Clause */
#include "file.h"

#include <string.h>

int fputc(int c, FILE *file)
{
	const char byte = (char)c;

	return nolibc_put(file, &byte, 1) < 0 ? EOF : (unsigned char)c;
}

int putc(int c, FILE *file)
{
	return fputc(c, file);
}

int fputs(const char *restrict str, FILE *restrict file)
{
	return nolibc_put(file, str, strlen(str));
}

size_t fwrite(const void *restrict buf, size_t size, size_t count,
	      FILE *restrict file)
{
	size_t len;

	if (size == 0 || count == 0)
		return 0;
	if (__builtin_mul_overflow(size, count, &len)) {
		file->error = true;
		return 0;
	}
	return nolibc_put(file, buf, len) < 0 ? 0 : count;
}
