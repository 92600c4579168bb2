/* SPDX-License-Identifier: BSD-3-Clause */
#include <assert.h>

#include <stdio.h>
#include <stdlib.h>

/* By writing pieces: a failed assertion must not drag printf() in. */
void __assert_fail(const char *cond, const char *file, unsigned int line,
		   const char *func)
{
	char digits[12];
	char *num = digits + sizeof(digits);

	*--num = '\0';
	do
		*--num = (char)('0' + line % 10);
	while (line /= 10);

	fputs(file, stderr);
	fputs(":", stderr);
	fputs(num, stderr);
	fputs(": ", stderr);
	fputs(func, stderr);
	fputs("(): assertion failed: ", stderr);
	fputs(cond, stderr);
	fputs("\n", stderr);
	abort();
}
