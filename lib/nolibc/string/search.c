/* SPDX-License-Identifier: BSD-3-Clause */
#include <string.h>

#include <stdint.h>
#include <strings.h>

void *memchr(const void *mem, int val, size_t len)
{
	const unsigned char *at = mem;

	for (; len; at++, len--) {
		if (*at == (unsigned char)val)
			return (void *)(uintptr_t)at;
	}
	return NULL;
}

void *memrchr(const void *mem, int val, size_t len)
{
	const unsigned char *at = mem;

	while (len--) {
		if (at[len] == (unsigned char)val)
			return (void *)(uintptr_t)(at + len);
	}
	return NULL;
}

char *strchrnul(const char *str, int c)
{
	while (*str && *str != (char)c)
		str++;
	return (char *)(uintptr_t)str;
}

char *strchr(const char *str, int c)
{
	char *at = strchrnul(str, c);

	return *at == (char)c ? at : NULL;
}

char *strrchr(const char *str, int c)
{
	return memrchr(str, c, strlen(str) + 1);
}

char *index(const char *str, int c)
{
	return strchr(str, c);
}

char *rindex(const char *str, int c)
{
	return strrchr(str, c);
}

char *strcasestr(const char *hay, const char *needle)
{
	const size_t len = strlen(needle);

	for (;; hay++) {
		if (strncasecmp(hay, needle, len) == 0)
			return (char *)(uintptr_t)hay;
		if (!*hay)
			return NULL;
	}
}
