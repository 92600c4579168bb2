/* SPDX-License-Identifier: BSD-3-Clause */
/* The host's heap, which AddressSanitizer watches, as the default one. */
#include "calls.h"

#include <uk/alloc_impl.h>
#include <uk/errno.h>

void *calls_host_alloc(size_t align, size_t len);
void calls_host_free(void *ptr);

size_t heap_nblocks;
unsigned int heap_fail_in;

static struct uk_alloc host_heap;

struct uk_alloc *heap(void)
{
	return &host_heap;
}

static void *on_memalign(struct uk_alloc *a UK_UNUSED, size_t align,
			 size_t size)
{
	void *ptr;

	if (heap_fail_in && --heap_fail_in == 0)
		return NULL;
	ptr = calls_host_alloc(align < sizeof(void *) ? sizeof(void *) : align,
			       size);
	if (ptr)
		heap_nblocks++;
	return ptr;
}

static void *on_malloc(struct uk_alloc *a, size_t size)
{
	return on_memalign(a, 16, size);
}

static void *on_calloc(struct uk_alloc *a, size_t nmemb, size_t size)
{
	size_t len;
	void *ptr;

	if (__builtin_mul_overflow(nmemb, size, &len))
		return NULL;
	ptr = on_malloc(a, len);
	if (ptr)
		__builtin_memset(ptr, 0, len);
	return ptr;
}

/* Nobody here asks for it. */
static void *on_realloc(struct uk_alloc *a UK_UNUSED, void *ptr UK_UNUSED,
			size_t size UK_UNUSED)
{
	__builtin_trap();
}

static int on_posix_memalign(struct uk_alloc *a, void **memptr, size_t align,
			     size_t size)
{
	void *const ptr = on_memalign(a, align, size);

	if (!ptr)
		return -ENOMEM;
	*memptr = ptr;
	return 0;
}

static void on_free(struct uk_alloc *a UK_UNUSED, void *ptr)
{
	if (ptr)
		heap_nblocks--;
	calls_host_free(ptr);
}

void heap_init(void)
{
	uk_alloc_init_malloc(&host_heap, on_malloc, on_calloc, on_realloc,
			     on_free, on_posix_memalign, on_memalign, NULL,
			     NULL, NULL);
}
