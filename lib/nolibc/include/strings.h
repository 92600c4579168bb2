/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stddef.h>
#include <sys/cdefs.h>

/* POSIX <strings.h>, with the older names for what <string.h> has. */

__BEGIN_DECLS

int strcasecmp(const char *a, const char *b);
int strncasecmp(const char *a, const char *b, size_t max);

/* 1 + the number of the lowest bit that is set, 0 if none is. */
int ffs(int val);
int ffsl(long val);
int ffsll(long long val);

int bcmp(const void *a, const void *b, size_t len);
void bcopy(const void *src, void *dst, size_t len);
void bzero(void *dst, size_t len);
char *index(const char *str, int c);
char *rindex(const char *str, int c);

__END_DECLS
