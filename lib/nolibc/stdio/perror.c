/* SPDX-License-Identifier: BSD-3-Clause */
#include <errno.h>
#include <stdio.h>
#include <string.h>

void perror(const char *str)
{
	const char *text = strerror(errno);

	if (str && *str)
		fprintf(stderr, "%s: %s\n", str, text);
	else
		fprintf(stderr, "%s\n", text);
}
