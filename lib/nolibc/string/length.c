/* SPDX-License-Identifier: BSD-3-Clause */
#include <string.h>

size_t strlen(const char *str)
{
	const char *end = str;

	while (*end)
		end++;
	return (size_t)(end - str);
}

size_t strnlen(const char *str, size_t max)
{
	size_t n = 0;

	while (n < max && str[n])
		n++;
	return n;
}
