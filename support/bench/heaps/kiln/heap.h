/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <uk/alloc.h>

extern struct uk_alloc *kiln_heap;

static inline void *heap_malloc(size_t size)
{
	return uk_malloc(kiln_heap, size);
}

static inline void *heap_calloc(size_t size)
{
	return uk_calloc(kiln_heap, 1, size);
}

static inline void *heap_realloc(void *ptr, size_t size)
{
	return uk_realloc(kiln_heap, ptr, size);
}

static inline void heap_free(void *ptr)
{
	uk_free(kiln_heap, ptr);
}
