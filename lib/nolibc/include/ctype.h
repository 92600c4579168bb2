/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <sys/cdefs.h>

/*
 * C11 7.4 in the "C" locale: bytes from 128 on belong to no class. The
 * argument is EOF or an unsigned char; other values are in no class either.
 */

__BEGIN_DECLS

int isalnum(int c);
int isalpha(int c);
int isascii(int c);
int isblank(int c);
int iscntrl(int c);
int isdigit(int c);
int isgraph(int c);
int islower(int c);
int isprint(int c);
int ispunct(int c);
int isspace(int c);
int isupper(int c);
int isxdigit(int c);
int toascii(int c);
int tolower(int c);
int toupper(int c);

__END_DECLS
