/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include <uk/fmt.h>

/*
 * A stream goes one way. An output stream's buffer holds @used bytes not yet
 * written; an input stream's holds unread bytes from @next to @used, with one
 * byte kept free before them for ungetc().
 */
struct nolibc_file {
	int fd;
	bool output;
	bool eof;
	bool error;
	int mode;		/* _IOFBF, _IOLBF, _IONBF */
	char *buf;
	size_t size;
	size_t next;
	size_t used;
};

/* Bytes of @buf that an input stream never fills. */
#define NOLIBC_UNGET	1

/*
 * The streams behind the constants. A program that writes only has no input
 * buffer, so nothing that every program has names stdin.
 */
extern struct nolibc_file nolibc_stdin;
extern struct nolibc_file nolibc_stdout;
extern struct nolibc_file nolibc_stderr;

/* Write @len bytes by the stream's mode. Returns 0, or EOF and errno. */
int nolibc_put(FILE *file, const char *buf, size_t len);
/* Write what waits. Returns 0, or EOF and errno. */
int nolibc_flush(FILE *file);
/* The next byte, or EOF. */
int nolibc_get(FILE *file);

/* Is there nothing that keeps the program's end from flushing? */
extern bool nolibc_quick_exit;
