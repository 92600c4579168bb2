/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdlib.h>

/* Whatever stands behind malloc() in this process. */

static inline void *heap_malloc(size_t size)
{
	return malloc(size);
}

static inline void *heap_calloc(size_t size)
{
	return calloc(1, size);
}

static inline void *heap_realloc(void *ptr, size_t size)
{
	return realloc(ptr, size);
}

static inline void heap_free(void *ptr)
{
	free(ptr);
}
