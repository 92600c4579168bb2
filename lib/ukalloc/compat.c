/* SPDX-License-Identifier: BSD-3-Clause */
/* What follows from malloc, posix_memalign and free, whatever they are. */
#include <uk/alloc_impl.h>

#include <uk/arch/cpu.h>
#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/string.h>

void *uk_calloc_compat(struct uk_alloc *a, size_t nmemb, size_t size)
{
	size_t len;
	void *ptr;

	if (__builtin_mul_overflow(nmemb, size, &len))
		return NULL;

	ptr = a->malloc(a, len);
	if (ptr)
		memset(ptr, 0, len);
	return ptr;
}

void *uk_realloc_compat(struct uk_alloc *a, void *ptr, size_t size)
{
	if (!ptr)
		return a->malloc(a, size);
	if (size == 0) {
		a->free(a, ptr);
		return NULL;
	}

	if (a->malloc == uk_malloc_ifmalloc)
		return uk_realloc_ifmalloc(a, ptr, size);
	if (a->malloc == uk_malloc_ifpages)
		return uk_realloc_ifpages(a, ptr, size);
	return NULL;
}

void *uk_memalign_compat(struct uk_alloc *a, size_t align, size_t size)
{
	void *ptr;

	/* posix_memalign() wants a multiple of a pointer; any such will do. */
	if (UK_IS_POW2(align) && align < sizeof(void *))
		align = sizeof(void *);
	return a->posix_memalign(a, &ptr, align, size) == 0 ? ptr : NULL;
}

void *uk_palloc_compat(struct uk_alloc *a, unsigned long npages)
{
	size_t len;

	if (npages == 0 ||
	    __builtin_mul_overflow(npages, (size_t)UKARCH_PAGE_SIZE, &len))
		return NULL;
	return a->memalign(a, UKARCH_PAGE_SIZE, len);
}

void uk_pfree_compat(struct uk_alloc *a, void *ptr,
		     unsigned long npages UK_UNUSED)
{
	a->free(a, ptr);
}

void uk_free_sized_compat(struct uk_alloc *a, void *ptr, size_t size UK_UNUSED)
{
	a->free(a, ptr);
}

long uk_pmaxalloc_compat(struct uk_alloc *a)
{
	const long bytes = uk_alloc_maxalloc(a);

	return bytes < 0 ? bytes : bytes / UKARCH_PAGE_SIZE;
}

long uk_pavailmem_compat(struct uk_alloc *a)
{
	const long bytes = uk_alloc_availmem(a);

	return bytes < 0 ? bytes : bytes / UKARCH_PAGE_SIZE;
}
