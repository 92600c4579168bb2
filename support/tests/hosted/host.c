/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The host's side of the hosted tests: sees libc and no Kiln header. What it
 * offers is declared again where contract.c uses it.
 */
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void hosted_write(const char *buf, size_t len);
_Noreturn void hosted_exit(int status);
_Noreturn void hosted_abort(void);
void *hosted_copy(const void *data, size_t size);
char *hosted_text(const void *data, size_t size);
void hosted_free(void *copy);

void hosted_write(const char *buf, size_t len)
{
	while (len > 0) {
		const ssize_t n = write(STDOUT_FILENO, buf, len);

		if (n < 0)
			_exit(99);
		buf += n;
		len -= (size_t)n;
	}
}

void hosted_exit(int status)
{
	_exit(status);
}

/* For a debugger, a sanitizer or a fuzzer to notice. */
void hosted_abort(void)
{
	abort();
}

/* A copy of its own, at the end of which AddressSanitizer watches. */
void *hosted_copy(const void *data, size_t size)
{
	void *copy = malloc(size ? size : 1);

	if (!copy)
		abort();
	memcpy(copy, data, size);
	return copy;
}

/* The same of a text, with a NUL behind it. */
char *hosted_text(const void *data, size_t size)
{
	char *copy = malloc(size + 1);

	if (!copy)
		abort();
	memcpy(copy, data, size);
	copy[size] = '\0';
	return copy;
}

void hosted_free(void *copy)
{
	free(copy);
}
