/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <uk/compiler.h>

/*
 * Memory and strings of the core. The four mem* functions are the ones the
 * compiler calls by itself, with the meaning C11 7.24 gives them; every image
 * has them from here and nowhere else, libcs are linked without theirs. All
 * other names begin with uk_; str* belong to the libc.
 *
 * No function here touches a floating-point or vector register.
 *
 * Context: any.
 */

/* The ranges do not overlap. Returns @dst. */
void *memcpy(void *dst, const void *src, size_t len);
/* The ranges may overlap. Returns @dst. */
void *memmove(void *dst, const void *src, size_t len);
/* Every byte becomes (unsigned char)@val. Returns @dst. */
void *memset(void *dst, int val, size_t len);
/* Below, equal to or above 0 as the first differing byte of @a is to @b's. */
int memcmp(const void *a, const void *b, size_t len);

/* The first byte equal to (unsigned char)@val, or NULL. */
void *uk_memchr(const void *mem, int val, size_t len);

size_t uk_strlen(const char *str);
/* At most @max, and no byte from @str + @max on is looked at. */
size_t uk_strnlen(const char *str, size_t max);

/* Order as unsigned bytes: below, equal to or above 0. */
int uk_strcmp(const char *a, const char *b);
/* The same over at most @max bytes of each. */
int uk_strncmp(const char *a, const char *b, size_t max);

bool uk_streq(const char *a, const char *b);
/* Are the @len bytes at @str, which hold no NUL, exactly the string @word? */
bool uk_streq_n(const char *str, size_t len, const char *word);
/* Does @str begin with @prefix? */
bool uk_strprefix(const char *str, const char *prefix);

/* The first (last) @c in @str, or NULL; @c may be NUL and finds the end. */
char *uk_strchr(const char *str, int c);
char *uk_strrchr(const char *str, int c);

/*
 * Copy as much of @src as fits into the @size bytes at @dst, always with a
 * NUL at its end unless @size is 0. Returns the length of @src: the copy was
 * cut short if that is @size or more.
 */
size_t uk_strlcpy(char *dst, const char *src, size_t size);

/*
 * Read the @len bytes at @str, all of them, as a number without sign or
 * blanks. @base is 2 to 36; 16 takes an optional "0x", 2 an optional "0b",
 * and 0 tells by the prefix: "0x" 16, "0b" 2, another leading 0 octal,
 * else 10.
 *
 * Returns 0, or
 *   -EINVAL  no digit, or a byte that is not a digit of the base
 *   -ERANGE  a number, but above UINT64_MAX
 */
UK_MUST_USE
int uk_strtou64(const char *str, size_t len, unsigned int base, uint64_t *val);

/*
 * Read a number as above from the start of the @max bytes at @str, up to the
 * first byte that is not a digit. @used gets the bytes it took, also with
 * -ERANGE.
 *
 * Returns 0, -EINVAL (the first byte begins no number) or -ERANGE.
 */
UK_MUST_USE
int uk_strtou64_head(const char *str, size_t max, unsigned int base,
		     uint64_t *val, size_t *used);
