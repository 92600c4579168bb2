/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <uk/compiler.h>

/*
 * Splits a command line into words, in place.
 *
 * Words are separated by blanks: space, tab, newline, vertical tab, form feed
 * and carriage return. As in a shell,
 *
 *   '...'   everything up to the next ' is taken as it is
 *   "..."   the same up to the next ", but \" is " and \\ is \
 *   \c      outside of quotes: the character c, also a blank or a quote; at
 *           the end of the line it is a backslash
 *
 * and quoted and unquoted pieces without a blank between them are one word;
 * so '' and "" are an empty word. There are no variables, patterns, comments
 * or line continuations. Bytes of 0x80 and above are ordinary characters.
 *
 * Context: any.
 */

/*
 * Split the NUL-terminated @line. @argv gets pointers to the words, which lie
 * in @line, and a NULL after the last one: it has room for @max words and
 * that NULL.
 *
 * Returns the number of words, or
 *   -EINVAL  a quote is not closed; argv[0] points to where it opened
 *   -E2BIG   more than @max words; argv[0] points to the first that is left
 * After an error the rest of @argv and @line is undefined; @line is still
 * NUL-terminated.
 */
UK_MUST_USE
int uk_argparse(char *line, char **argv, unsigned int max);
