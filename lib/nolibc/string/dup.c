/* SPDX-License-Identifier: BSD-3-Clause */
#include <string.h>

#include <stdint.h>
#include <stdlib.h>

char *strndup(const char *str, size_t max)
{
	const size_t len = strnlen(str, max);
	char *copy = malloc(len + 1);

	if (copy) {
		memcpy(copy, str, len);
		copy[len] = '\0';
	}
	return copy;
}

char *strdup(const char *str)
{
	return strndup(str, SIZE_MAX);
}
