/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stddef.h>
#include <sys/cdefs.h>

/* C11 7.22 and some of POSIX. Memory comes from the image's default heap. */

#define EXIT_SUCCESS	0
#define EXIT_FAILURE	1
#define RAND_MAX	0x7fffffff
#define MB_CUR_MAX	((size_t)1)

__BEGIN_DECLS

typedef struct {
	int quot;
	int rem;
} div_t;
typedef struct {
	long quot;
	long rem;
} ldiv_t;
typedef struct {
	long long quot;
	long long rem;
} lldiv_t;

/* Memory. On failure NULL, and errno is ENOMEM. */
void *malloc(size_t size);
void *calloc(size_t count, size_t size);
void *realloc(void *ptr, size_t size);
/* realloc() of @count * @size; ENOMEM if that overflows. */
void *reallocarray(void *ptr, size_t count, size_t size);
void free(void *ptr);
/* @align is a power of two, else EINVAL. */
void *aligned_alloc(size_t align, size_t size);
void *memalign(size_t align, size_t size);
/* Returns 0, EINVAL (@align is no power of two, or below 8) or ENOMEM. */
int posix_memalign(void **ptr, size_t align, size_t size);

/*
 * Numbers. Floating point is rounded to nearest even, exactly. Overflow gives
 * the limit of the type and ERANGE, so does underflow to a denormal that is
 * not exact, or to 0.
 */
int atoi(const char *str);
long atol(const char *str);
long long atoll(const char *str);
long strtol(const char *__restrict str, char **__restrict end, int base);
unsigned long strtoul(const char *__restrict str, char **__restrict end,
		      int base);
long long strtoll(const char *__restrict str, char **__restrict end, int base);
unsigned long long strtoull(const char *__restrict str, char **__restrict end,
			    int base);
double atof(const char *str);
float strtof(const char *__restrict str, char **__restrict end);
double strtod(const char *__restrict str, char **__restrict end);
long double strtold(const char *__restrict str, char **__restrict end);

int abs(int val);
long labs(long val);
long long llabs(long long val);
div_t div(int num, int den);
ldiv_t ldiv(long num, long den);
lldiv_t lldiv(long long num, long long den);

/* Not for secrets. One sequence per program; rand_r() keeps its own. */
int rand(void);
void srand(unsigned int seed);
int rand_r(unsigned int *seed);

/*
 * qsort() needs at most about 2 n log2 n comparisons whatever the order, no
 * memory and a fixed piece of stack. Equal elements end up in any order.
 */
void qsort(void *base, size_t count, size_t size,
	   int (*cmp)(const void *, const void *));
void qsort_r(void *base, size_t count, size_t size,
	     int (*cmp)(const void *, const void *, void *), void *arg);
void *bsearch(const void *key, const void *base, size_t count, size_t size,
	      int (*cmp)(const void *, const void *));

/*
 * The end. main()'s return and exit() run the atexit() handlers, last one
 * first, flush the streams and end the image with the low 8 bits of @status.
 * _Exit() and abort() do neither; abort()'s status is 134. Up to 32 handlers.
 */
__attribute__((noreturn))
void exit(int status);
__attribute__((noreturn))
void _Exit(int status);
__attribute__((noreturn))
void abort(void);
int atexit(void (*fn)(void));

/* The value of @name, or NULL. */
char *getenv(const char *name);

__END_DECLS
