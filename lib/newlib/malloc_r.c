/* SPDX-License-Identifier: BSD-3-Clause */
/* What newlib calls for memory of its own is the program's malloc family. */
#include <malloc.h>
#include <reent.h>
#include <stdlib.h>

void *_malloc_r(struct _reent *r, size_t size)
{
	(void)r;
	return malloc(size);
}

void *_calloc_r(struct _reent *r, size_t count, size_t size)
{
	(void)r;
	return calloc(count, size);
}

void *_realloc_r(struct _reent *r, void *ptr, size_t size)
{
	(void)r;
	return realloc(ptr, size);
}

void _free_r(struct _reent *r, void *ptr)
{
	(void)r;
	free(ptr);
}

void *_memalign_r(struct _reent *r, size_t align, size_t size)
{
	(void)r;
	return memalign(align, size);
}
