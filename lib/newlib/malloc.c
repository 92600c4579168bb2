/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The malloc family on the image's default heap. The names are weak, so a
 * program may bring its own allocator, which newlib uses, too (malloc_r.c).
 *
 * Size 0 is a block of its own, realloc(p, 0) too; more than PTRDIFF_MAX bytes
 * is ENOMEM. Each is counted as a call, as a signal's handler may make one
 * that needs the heap.
 */
#include <errno.h>
#include <malloc.h>
#include <stdint.h>
#include <stdlib.h>

#include <uk/alloc.h>
#include <uk/call.h>

#define WEAK	__attribute__((__weak__))

static void *checked(void *ptr)
{
	if (!ptr)
		errno = ENOMEM;
	return ptr;
}

WEAK void *malloc(size_t size)
{
	if (size > PTRDIFF_MAX)
		return checked(NULL);
	return checked(UK_CALL_SERVICE(uk_malloc(uk_alloc_get_default(),
						 size)));
}

WEAK void *calloc(size_t count, size_t size)
{
	return checked(UK_CALL_SERVICE(uk_calloc(uk_alloc_get_default(), count,
						 size)));
}

WEAK void *realloc(void *ptr, size_t size)
{
	if (size > PTRDIFF_MAX)
		return checked(NULL);
	return checked(UK_CALL_SERVICE(uk_realloc(uk_alloc_get_default(), ptr,
						  size ? size : 1)));
}

WEAK void free(void *ptr)
{
	struct uk_current *const cur = uk_call_enter();

	uk_free(uk_alloc_get_default(), ptr);
	uk_call_leave(cur);
}

WEAK void *memalign(size_t align, size_t size)
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

WEAK void *aligned_alloc(size_t align, size_t size)
{
	return memalign(align, size);
}
