/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdarg.h>
#include <stddef.h>
#include <sys/cdefs.h>
#include <sys/types.h>

/*
 * C11 7.21 for the three streams there are. stdout is line-buffered, stderr
 * writes each call's text at once; both are flushed when the program ends.
 *
 * printf() has all of C11's conversions but wide characters and strings (%lc,
 * %ls) and, on purpose, %n, which writes to memory by a format: those end the
 * call with -1 and EINVAL. Floating point is exact at any precision.
 * scanf() has all but wide characters.
 */

#define EOF		(-1)
#define BUFSIZ		1024

#define _IOFBF		0
#define _IOLBF		1
#define _IONBF		2

__BEGIN_DECLS

typedef struct nolibc_file FILE;

extern FILE *const stdin;
extern FILE *const stdout;
extern FILE *const stderr;
#define stdin	stdin
#define stdout	stdout
#define stderr	stderr

/* A byte, or EOF at the end and on errors. */
int fgetc(FILE *file);
int getc(FILE *file);
int getchar(void);
/* One byte can always be given back; EOF if it cannot. */
int ungetc(int c, FILE *file);
char *fgets(char *__restrict buf, int size, FILE *__restrict file);
size_t fread(void *__restrict buf, size_t size, size_t count,
	     FILE *__restrict file);
/*
 * A line or what @delim ends, into *@line, which is the caller's to free();
 * *@size is its size. Returns the bytes without NUL, or -1.
 */
ssize_t getline(char **__restrict line, size_t *__restrict size,
		FILE *__restrict file);
ssize_t getdelim(char **__restrict line, size_t *__restrict size, int delim,
		 FILE *__restrict file);

/* EOF, or a short count, on errors, with errno set. */
int fputc(int c, FILE *file);
int putc(int c, FILE *file);
int putchar(int c);
int fputs(const char *__restrict str, FILE *__restrict file);
int puts(const char *str);
size_t fwrite(const void *__restrict buf, size_t size, size_t count,
	      FILE *__restrict file);

/* NULL: all streams. */
int fflush(FILE *file);
/*
 * Before anything was read or written. @buf NULL keeps the stream's own
 * buffer. Returns 0, or -1 for another mode than the three above.
 */
int setvbuf(FILE *__restrict file, char *__restrict buf, int mode, size_t size);
void setbuf(FILE *__restrict file, char *__restrict buf);
int feof(FILE *file);
int ferror(FILE *file);
void clearerr(FILE *file);
int fileno(FILE *file);

/* "@str: text of errno" on stderr. */
void perror(const char *str);

#define NOLIBC_PRINTF(fmt, first)					\
	__attribute__((format(printf, fmt, first)))
#define NOLIBC_SCANF(fmt, first)					\
	__attribute__((format(scanf, fmt, first)))

/* The bytes of the whole text, or -1 and errno. */
NOLIBC_PRINTF(1, 2)
int printf(const char *__restrict fmt, ...);
NOLIBC_PRINTF(2, 3)
int fprintf(FILE *__restrict file, const char *__restrict fmt, ...);
NOLIBC_PRINTF(2, 3)
int dprintf(int fd, const char *__restrict fmt, ...);
NOLIBC_PRINTF(2, 3)
int sprintf(char *__restrict buf, const char *__restrict fmt, ...);
NOLIBC_PRINTF(3, 4)
int snprintf(char *__restrict buf, size_t size, const char *__restrict fmt,
	     ...);
/* *@str is the caller's to free(). */
NOLIBC_PRINTF(2, 3)
int asprintf(char **__restrict str, const char *__restrict fmt, ...);
NOLIBC_PRINTF(1, 0)
int vprintf(const char *__restrict fmt, va_list ap);
NOLIBC_PRINTF(2, 0)
int vfprintf(FILE *__restrict file, const char *__restrict fmt, va_list ap);
NOLIBC_PRINTF(2, 0)
int vdprintf(int fd, const char *__restrict fmt, va_list ap);
NOLIBC_PRINTF(2, 0)
int vsprintf(char *__restrict buf, const char *__restrict fmt, va_list ap);
NOLIBC_PRINTF(3, 0)
int vsnprintf(char *__restrict buf, size_t size, const char *__restrict fmt,
	      va_list ap);
NOLIBC_PRINTF(2, 0)
int vasprintf(char **__restrict str, const char *__restrict fmt, va_list ap);

/* The conversions stored, or EOF if the input ended before the first. */
NOLIBC_SCANF(1, 2)
int scanf(const char *__restrict fmt, ...);
NOLIBC_SCANF(2, 3)
int fscanf(FILE *__restrict file, const char *__restrict fmt, ...);
NOLIBC_SCANF(2, 3)
int sscanf(const char *__restrict str, const char *__restrict fmt, ...);
NOLIBC_SCANF(1, 0)
int vscanf(const char *__restrict fmt, va_list ap);
NOLIBC_SCANF(2, 0)
int vfscanf(FILE *__restrict file, const char *__restrict fmt, va_list ap);
NOLIBC_SCANF(2, 0)
int vsscanf(const char *__restrict str, const char *__restrict fmt, va_list ap);

__END_DECLS
