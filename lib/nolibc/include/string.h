/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stddef.h>
#include <sys/cdefs.h>

/*
 * C11 7.24, POSIX, and what BSD and GNU systems have beyond it. The "C"
 * locale: order is by unsigned bytes, upper and lower case are ASCII's.
 * memcpy(), memmove(), memset() and memcmp() are the image's (lib/ukstring).
 */

__BEGIN_DECLS

void *memcpy(void *__restrict dst, const void *__restrict src, size_t len);
void *memmove(void *dst, const void *src, size_t len);
void *memset(void *dst, int val, size_t len);
int memcmp(const void *a, const void *b, size_t len);
void *memchr(const void *mem, int val, size_t len);
void *memrchr(const void *mem, int val, size_t len);
void *memmem(const void *hay, size_t hay_len, const void *needle,
	     size_t needle_len);
/* Copies up to and with the first @val; returns what follows it, or NULL. */
void *memccpy(void *__restrict dst, const void *__restrict src, int val,
	      size_t len);
/* Returns @dst + @len. */
void *mempcpy(void *__restrict dst, const void *__restrict src, size_t len);

size_t strlen(const char *str);
size_t strnlen(const char *str, size_t max);

char *strcpy(char *__restrict dst, const char *__restrict src);
char *strncpy(char *__restrict dst, const char *__restrict src, size_t len);
char *strcat(char *__restrict dst, const char *__restrict src);
char *strncat(char *__restrict dst, const char *__restrict src, size_t len);
/* Return the end of what was written to @dst. */
char *stpcpy(char *__restrict dst, const char *__restrict src);
char *stpncpy(char *__restrict dst, const char *__restrict src, size_t len);
/* Always end with NUL unless @size is 0; return the length they wanted. */
size_t strlcpy(char *__restrict dst, const char *__restrict src, size_t size);
size_t strlcat(char *__restrict dst, const char *__restrict src, size_t size);

int strcmp(const char *a, const char *b);
int strncmp(const char *a, const char *b, size_t max);
int strcoll(const char *a, const char *b);
size_t strxfrm(char *__restrict dst, const char *__restrict src, size_t size);

char *strchr(const char *str, int c);
char *strrchr(const char *str, int c);
/* Returns the end of @str where strchr() returns NULL. */
char *strchrnul(const char *str, int c);
char *strstr(const char *hay, const char *needle);
char *strcasestr(const char *hay, const char *needle);
size_t strspn(const char *str, const char *set);
size_t strcspn(const char *str, const char *set);
char *strpbrk(const char *str, const char *set);
char *strtok(char *__restrict str, const char *__restrict set);
char *strtok_r(char *__restrict str, const char *__restrict set,
	       char **__restrict state);
char *strsep(char **__restrict str, const char *__restrict set);

/* The copy is the caller's to free(); NULL and ENOMEM if there is none. */
char *strdup(const char *str);
char *strndup(const char *str, size_t max);

/* The text of an error number, "Unknown error N" for others. */
char *strerror(int err);
/* The same into @buf; returns 0, EINVAL for others, ERANGE if cut short. */
int strerror_r(int err, char *buf, size_t size);

__END_DECLS
