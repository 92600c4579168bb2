/* SPDX-License-Identifier: BSD-3-Clause */
#include "trace.h"

#include <uk/allocregion.h>

#include "heap.h"

struct uk_alloc *kiln_heap;
static size_t heap_len;

void heap_open(void *base, size_t len)
{
	kiln_heap = uk_allocregion_init(base, len);
	heap_len = len;
}

size_t heap_taken(void)
{
	return heap_len - (size_t)uk_alloc_availmem(kiln_heap);
}
