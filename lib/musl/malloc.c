/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The malloc family on the image's default heap. musl itself calls the names
 * with __libc_; those of the standard are weak, so that a program may bring
 * its own allocator, whole or in part.
 *
 * musl's semantics: size 0 is a block of its own, realloc(p, 0) too; more than
 * PTRDIFF_MAX bytes is ENOMEM.
 *
 * Each is counted as a call, as a signal's handler may make one that needs the
 * heap.
 */
#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <uk/alloc.h>
#include <uk/call.h>

/* musl's names for its own use; see its src/include/stdlib.h. */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *ptr, size_t size);
void __libc_free(void *ptr);

#define WEAK_ALIAS(fn)	__attribute__((__weak__, __alias__(#fn)))

static void *checked(void *ptr)
{
	if (!ptr)
		errno = ENOMEM;
	return ptr;
}

void *__libc_malloc(size_t size)
{
	if (size > PTRDIFF_MAX)
		return checked(NULL);
	return checked(UK_CALL_SERVICE(uk_malloc(uk_alloc_get_default(),
						 size)));
}

void *__libc_calloc(size_t count, size_t size)
{
	return checked(UK_CALL_SERVICE(uk_calloc(uk_alloc_get_default(), count,
						 size)));
}

void *__libc_realloc(void *ptr, size_t size)
{
	if (size > PTRDIFF_MAX)
		return checked(NULL);
	return checked(UK_CALL_SERVICE(uk_realloc(uk_alloc_get_default(), ptr,
						  size ? size : 1)));
}

void __libc_free(void *ptr)
{
	struct uk_current *const cur = uk_call_enter();

	uk_free(uk_alloc_get_default(), ptr);
	uk_call_leave(cur);
}

static void *aligned(size_t align, size_t size)
{
	if (align == 0 || (align & (align - 1))) {
		errno = EINVAL;
		return NULL;
	}
	if (size > PTRDIFF_MAX)
		return checked(NULL);
	return checked(UK_CALL_SERVICE(uk_memalign(uk_alloc_get_default(),
						   align, size)));
}

void *malloc(size_t size) WEAK_ALIAS(__libc_malloc);
void *calloc(size_t count, size_t size) WEAK_ALIAS(__libc_calloc);
void *realloc(void *ptr, size_t size) WEAK_ALIAS(__libc_realloc);
void free(void *ptr) WEAK_ALIAS(__libc_free);
void *aligned_alloc(size_t align, size_t size) WEAK_ALIAS(aligned);
