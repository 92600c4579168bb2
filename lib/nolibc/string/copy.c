/* SPDX-License-Identifier: BSD-3-Clause */
#include <string.h>

#include <strings.h>

void *mempcpy(void *restrict dst, const void *restrict src, size_t len)
{
	return (char *)memcpy(dst, src, len) + len;
}

void *memccpy(void *restrict dst, const void *restrict src, int val,
	      size_t len)
{
	const unsigned char *from = src;
	unsigned char *to = dst;

	while (len--) {
		*to++ = *from;
		if (*from++ == (unsigned char)val)
			return to;
	}
	return NULL;
}

char *stpcpy(char *restrict dst, const char *restrict src)
{
	while ((*dst = *src++))
		dst++;
	return dst;
}

char *strcpy(char *restrict dst, const char *restrict src)
{
	stpcpy(dst, src);
	return dst;
}

char *stpncpy(char *restrict dst, const char *restrict src, size_t len)
{
	const size_t n = strnlen(src, len);

	memcpy(dst, src, n);
	memset(dst + n, 0, len - n);
	return dst + n;
}

char *strncpy(char *restrict dst, const char *restrict src, size_t len)
{
	stpncpy(dst, src, len);
	return dst;
}

char *strcat(char *restrict dst, const char *restrict src)
{
	stpcpy(dst + strlen(dst), src);
	return dst;
}

char *strncat(char *restrict dst, const char *restrict src, size_t len)
{
	const size_t n = strnlen(src, len);
	char *end = dst + strlen(dst);

	memcpy(end, src, n);
	end[n] = '\0';
	return dst;
}

size_t strlcpy(char *restrict dst, const char *restrict src, size_t size)
{
	const size_t len = strlen(src);
	const size_t n = len < size ? len : size - 1;

	if (size) {
		memcpy(dst, src, n);
		dst[n] = '\0';
	}
	return len;
}

size_t strlcat(char *restrict dst, const char *restrict src, size_t size)
{
	const size_t used = strnlen(dst, size);

	return used + strlcpy(dst + used, src, size - used);
}

void bcopy(const void *src, void *dst, size_t len)
{
	memmove(dst, src, len);
}

void bzero(void *dst, size_t len)
{
	memset(dst, 0, len);
}
