/* SPDX-License-Identifier: BSD-3-Clause */
/* Address spaces as wholes. */
#include "vmem_priv.h"

#include <uk/assert.h>
#include <uk/errno.h>

/* What an area may grow to, unless somebody says so: that of a stack. */
#define GROWS_MAX	((size_t)8 << 20)

int uk_vas_create(struct uk_vas *vas, struct uk_alloc *a, struct uk_falloc *fa)
{
	int rc;

	vmem_use_threads();
	*vas = (struct uk_vas){
		.fa = fa,
		.a = a,
		.limit = SIZE_MAX,
		.grows_max = GROWS_MAX,
	};
	rc = uk_paging_create(&vas->pt, fa);
	if (rc < 0)
		return rc;
	vas->base = vas->pt.base;
	vas->end = vas->pt.end;
	vas->lowest = vas->base;
	uk_list_init(&vas->areas);
	uk_spin_init(&vas->lock);
	uk_mutex_init(&vas->changes);
	return 0;
}

void vmem_end(struct uk_vas *vas)
{
	int rc;

	/* Everything: nothing is cut, so it needs no memory. */
	uk_mutex_lock(&vas->changes);
	rc = vmem_clear(vas, vas->base, vas->end);
	uk_mutex_unlock(&vas->changes);
	UK_ASSERT(rc == 0);
	UK_ASSERT(vas->stats.resident == 0);
	vmem_family_leave(vas);
	uk_paging_destroy(&vas->pt);
}

int uk_vas_destroy(struct uk_vas *vas)
{
	if (vmem_is_used(vas))
		return -EBUSY;
	vmem_end(vas);
	return 0;
}

void uk_vas_set_limit(struct uk_vas *vas, size_t len)
{
	uk_mutex_lock(&vas->changes);
	vas->limit = len;
	uk_mutex_unlock(&vas->changes);
}

void uk_vas_set_grows_max(struct uk_vas *vas, size_t len)
{
	uk_mutex_lock(&vas->changes);
	vas->grows_max = len;
	uk_mutex_unlock(&vas->changes);
}

void uk_vas_set_lowest(struct uk_vas *vas, uintptr_t vaddr)
{
	UK_ASSERT(vaddr % PAGE == 0);
	uk_mutex_lock(&vas->changes);
	vas->lowest = UK_MAX(vaddr, vas->base);
	uk_mutex_unlock(&vas->changes);
}

void uk_vas_get_stats(struct uk_vas *vas, struct uk_vas_stats *stats)
{
	uk_spin_lock(&vas->lock);
	*stats = vas->stats;
	uk_spin_unlock(&vas->lock);
}
