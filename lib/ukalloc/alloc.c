/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The list of allocators, in the order they registered, so that the head is
 * the default. It is written at boot, by one CPU, and only read afterwards;
 * entries are never taken out.
 */
#include <uk/alloc_impl.h>

#include <stddef.h>

#include <uk/assert.h>
#include <uk/errno.h>

#include "alloc_priv.h"

/* The layout that others are built against. */
#define FIELD(n, name)							\
	_Static_assert(offsetof(struct uk_alloc, name) == (n) * sizeof(void *),\
		       "struct uk_alloc has its published order")

FIELD(0, malloc);
FIELD(1, calloc);
FIELD(2, realloc);
FIELD(3, posix_memalign);
FIELD(4, memalign);
FIELD(5, free);
FIELD(6, free_backend);
FIELD(7, malloc_backend);
FIELD(8, palloc);
FIELD(9, pfree);
FIELD(10, maxalloc);
FIELD(11, availmem);
FIELD(12, pmaxalloc);
FIELD(13, pavailmem);
FIELD(14, addmem);
_Static_assert(offsetof(struct uk_alloc, priv) == sizeof(struct uk_alloc) &&
	       offsetof(struct uk_alloc, next) + sizeof(void *) ==
	       sizeof(struct uk_alloc), "an allocator's own follows next");

struct uk_alloc *_uk_alloc_head;

int uk_alloc_register(struct uk_alloc *a)
{
	struct uk_alloc **end = &_uk_alloc_head;

	while (*end) {
		UK_ASSERT(*end != a);
		end = &(*end)->next;
	}
	a->next = NULL;
	/* Who fills the structure by hand need not know of it. */
	if (!a->free_sized)
		a->free_sized = uk_free_sized_compat;
	alloc_debug_register(a);
	*end = a;
	return 0;
}

void uk_alloc_set_free_sized(struct uk_alloc *a,
			     uk_alloc_free_sized_func_t fn)
{
	/* What has headers gets blocks that the allocator does not know. */
	UK_ASSERT(!a->free_backend && a->malloc != uk_malloc_ifpages);
	*alloc_debug_free_sized(a) = fn;
}

int uk_alloc_addmem(struct uk_alloc *a, void *base, size_t size)
{
	return a && a->addmem ? a->addmem(a, base, size) : -ENOTSUP;
}

static long ask(struct uk_alloc *a, uk_alloc_getsize_func_t fn)
{
	return fn ? fn(a) : -ENOTSUP;
}

long uk_alloc_maxalloc(struct uk_alloc *a)
{
	return a ? ask(a, a->maxalloc) : -ENOTSUP;
}

long uk_alloc_availmem(struct uk_alloc *a)
{
	return a ? ask(a, a->availmem) : -ENOTSUP;
}

long uk_alloc_pmaxalloc(struct uk_alloc *a)
{
	return a ? ask(a, a->pmaxalloc) : -ENOTSUP;
}

long uk_alloc_pavailmem(struct uk_alloc *a)
{
	return a ? ask(a, a->pavailmem) : -ENOTSUP;
}

size_t uk_alloc_availmem_total(void)
{
	size_t total = 0;

	for (struct uk_alloc *a = _uk_alloc_head; a; a = a->next) {
		const long avail = uk_alloc_availmem(a);

		if (avail > 0)
			total += (size_t)avail;
	}
	return total;
}
