/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The list of allocators, in the order they registered, so that the head is
 * the default. It is written at boot, by one CPU, and only read afterwards;
 * entries are never taken out.
 */
#include <uk/alloc_impl.h>

#include <uk/assert.h>
#include <uk/errno.h>

#include "alloc_priv.h"

struct uk_alloc *_uk_alloc_head;

int uk_alloc_register(struct uk_alloc *a)
{
	struct uk_alloc **end = &_uk_alloc_head;

	while (*end) {
		UK_ASSERT(*end != a);
		end = &(*end)->next;
	}
	a->next = NULL;
	alloc_debug_register(a);
	*end = a;
	return 0;
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
