/* SPDX-License-Identifier: BSD-3-Clause */
#include "file.h"

#include <string.h>

int putchar(int c)
{
	return fputc(c, &nolibc_stdout);
}

int puts(const char *str)
{
	if (nolibc_put(&nolibc_stdout, str, strlen(str)) < 0)
		return EOF;
	return nolibc_put(&nolibc_stdout, "\n", 1);
}
