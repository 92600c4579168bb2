/* SPDX-License-Identifier: BSD-3-Clause */
/* Counting, for CONFIG_LIBUKALLOC_IFSTATS: under one lock for all CPUs. */
#include "slab_priv.h"

#include <uk/alloc_impl.h>
#include <uk/spinlock.h>

static void lock(struct uk_alloc *a)
{
	uk_spin_lock(&slab_shared(a)->stats_lock);
}

static void unlock(struct uk_alloc *a)
{
	uk_spin_unlock(&slab_shared(a)->stats_lock);
}

void slab_count_alloc(struct uk_alloc *a, const void *ptr, size_t size)
{
	if (ptr)
		size = slab_block_size(a, ptr, slab_page_of(a, ptr));
	lock(a);
	uk_alloc_stats_alloc(a, ptr, size);
	unlock(a);
}

void slab_count_free(struct uk_alloc *a, const void *ptr)
{
	size_t size;

	if (!ptr)
		return;
	size = slab_block_size(a, ptr, slab_page_of(a, ptr));
	lock(a);
	uk_alloc_stats_free(a, size);
	unlock(a);
}

void slab_count_resize(struct uk_alloc *a, size_t from, size_t to)
{
	lock(a);
	uk_alloc_stats_resize(a, from, to);
	unlock(a);
}
