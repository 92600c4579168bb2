/* SPDX-License-Identifier: BSD-3-Clause */
#include <string.h>

#include <ctype.h>
#include <stdint.h>
#include <strings.h>

int strncmp(const char *a, const char *b, size_t max)
{
	for (; max; a++, b++, max--) {
		if (*a != *b || !*a)
			return (unsigned char)*a - (unsigned char)*b;
	}
	return 0;
}

int strcmp(const char *a, const char *b)
{
	while (*a && *a == *b) {
		a++;
		b++;
	}
	return (unsigned char)*a - (unsigned char)*b;
}

int strcoll(const char *a, const char *b)
{
	return strcmp(a, b);
}

size_t strxfrm(char *restrict dst, const char *restrict src, size_t size)
{
	return strlcpy(dst, src, size);
}

int strncasecmp(const char *a, const char *b, size_t max)
{
	for (; max; a++, b++, max--) {
		const int ca = tolower((unsigned char)*a);
		const int cb = tolower((unsigned char)*b);

		if (ca != cb || !ca)
			return ca - cb;
	}
	return 0;
}

int strcasecmp(const char *a, const char *b)
{
	return strncasecmp(a, b, SIZE_MAX);
}

int bcmp(const void *a, const void *b, size_t len)
{
	return memcmp(a, b, len);
}
