/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * An address in words: where it lies among the areas. For the crash screen, so
 * without a lock: if somebody else was changing the areas, which the crash has
 * stopped, nothing is said.
 */
#include "vmem_priv.h"

#include <uk/fmt.h>
#include <uk/spinlock.h>

/* What is further away than this is no neighbour. */
#define NEAR	((size_t)1 << 30)

/* "stack" or "stack 'worker'". */
static const char *named(const struct uk_vma *vma, char *buf, size_t size)
{
	if (!vma->name)
		return vma->ops->name;
	(void)uk_snprintf(buf, size, "%s \"%s\"", vma->ops->name, vma->name);
	return buf;
}

static const char *rights(const struct uk_vma *vma)
{
	if (!(vma->prot & RIGHTS))
		return "not accessible";
	if (vma->prot & UK_PAGE_WRITE)
		return "not executable";
	return vma->prot & UK_PAGE_EXEC ? "not writable"
					: "readable only";
}

bool vmem_describe(const struct uk_vas *vas, uintptr_t addr, char *buf,
		   size_t len)
{
	const struct uk_vma *above, *below;
	char name[48];

	if (addr < vas->base || addr >= vas->end ||
	    uk_spin_is_locked(&vas->lock))
		return false;
	above = vmem_above(vas, addr);
	below = above ? vmem_prev(vas, above) : vmem_last(vas);

	if (above && addr >= above->start) {
		if (vmem_in_guard(above, addr))
			(void)uk_snprintf(buf, len, "%zu bytes below the %s: "
					  "it overflowed",
					  (size_t)(UK_VMA_GUARD_LEN -
						   above->offset -
						   (addr - above->start)),
					  named(above, name, sizeof(name)));
		else
			(void)uk_snprintf(buf, len, "%zu bytes into the %s "
					  "area, which is %s",
					  (size_t)(addr - above->start),
					  named(above, name, sizeof(name)),
					  rights(above));
		return true;
	}
	if (below && addr - below->end < NEAR &&
	    (!above || addr - below->end <= above->start - addr))
		(void)uk_snprintf(buf, len, "%zu bytes behind the %s area",
				  (size_t)(addr - below->end),
				  named(below, name, sizeof(name)));
	else if (above && above->start - addr < NEAR)
		(void)uk_snprintf(buf, len, "%zu bytes below the %s area",
				  (size_t)(above->start - addr),
				  named(above, name, sizeof(name)));
	else
		return false;
	return true;
}
