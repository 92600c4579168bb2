/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Strings, a byte at a time: the core's strings are names of ten bytes, for
 * which looking at words (and past the end) does not pay. Only uk_memchr() is
 * told how much it may read, and is given paths and command lines.
 */
#include <uk/string.h>

#include "string_priv.h"

#define ONES	UINT64_C(0x0101010101010101)

void *uk_memchr(const void *mem, int val, size_t len)
{
	const uint64_t pattern = ONES * (unsigned char)val;
	const unsigned char *p = mem;

	/* A byte that is equal becomes 0, and only then there is a borrow. */
	for (; len >= 8; len -= 8, p += 8) {
		const uint64_t diff = load8(p) ^ pattern;

		if ((diff - ONES) & ~diff & (ONES << 7))
			break;
	}
	for (; len; len--, p++) {
		if (*p == (unsigned char)val)
			return (void *)(uintptr_t)p;
	}
	return NULL;
}

size_t uk_strlen(const char *str)
{
	const char *p = str;

	while (*p)
		p++;
	return (size_t)(p - str);
}

size_t uk_strnlen(const char *str, size_t max)
{
	size_t len = 0;

	while (len < max && str[len])
		len++;
	return len;
}

int uk_strcmp(const char *a, const char *b)
{
	while (*a && *a == *b) {
		a++;
		b++;
	}
	return (unsigned char)*a - (unsigned char)*b;
}

int uk_strncmp(const char *a, const char *b, size_t max)
{
	for (; max; max--, a++, b++) {
		if (*a != *b)
			return (unsigned char)*a - (unsigned char)*b;
		if (!*a)
			break;
	}
	return 0;
}

bool uk_streq(const char *a, const char *b)
{
	return uk_strcmp(a, b) == 0;
}

bool uk_streq_n(const char *str, size_t len, const char *word)
{
	return uk_strncmp(str, word, len) == 0 && word[len] == '\0';
}

bool uk_strprefix(const char *str, const char *prefix)
{
	while (*prefix) {
		if (*str++ != *prefix++)
			return false;
	}
	return true;
}

char *uk_strchr(const char *str, int c)
{
	while (*str != (char)c) {
		if (!*str)
			return NULL;
		str++;
	}
	return (char *)(uintptr_t)str;
}

char *uk_strrchr(const char *str, int c)
{
	const char *found = NULL;

	do {
		if (*str == (char)c)
			found = str;
	} while (*str++);
	return (char *)(uintptr_t)found;
}

size_t uk_strlcpy(char *dst, const char *src, size_t size)
{
	const size_t len = uk_strlen(src);

	if (size) {
		const size_t n = len < size ? len : size - 1;

		memcpy(dst, src, n);
		dst[n] = '\0';
	}
	return len;
}
