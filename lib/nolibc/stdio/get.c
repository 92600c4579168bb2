/* SPDX-License-Identifier: BSD-3-Clause */
#include "file.h"

int fgetc(FILE *file)
{
	return nolibc_get(file);
}

int getc(FILE *file)
{
	return nolibc_get(file);
}

int getchar(void)
{
	return nolibc_get(&nolibc_stdin);
}

char *fgets(char *restrict buf, int size, FILE *restrict file)
{
	int n = 0, c = 0;

	if (size < 1)
		return NULL;
	while (n < size - 1 && c != '\n') {
		c = nolibc_get(file);
		if (c == EOF)
			break;
		buf[n++] = (char)c;
	}
	/* An error, or the end before the first byte: @buf is as it was. */
	if (c == EOF && (n == 0 || file->error))
		return NULL;
	buf[n] = '\0';
	return buf;
}

size_t fread(void *restrict buf, size_t size, size_t count,
	     FILE *restrict file)
{
	char *to = buf;
	size_t done = 0, len;

	if (size == 0 || __builtin_mul_overflow(size, count, &len))
		return 0;
	for (; done < len; done++) {
		const int c = nolibc_get(file);

		if (c == EOF)
			break;
		to[done] = (char)c;
	}
	return done / size;
}
