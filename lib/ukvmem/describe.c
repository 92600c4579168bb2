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

/* What @vma is; @sp is the stack pointer of who crashed. */
static const char *noun(const struct uk_vma *vma, uintptr_t sp, char *buf,
			size_t size)
{
	const char *const kind = vma->ops->name;
	const char *const thread = vmem_stack_of(vma->start, vma->end, sp);
	const char *const area = vma->ops == &uk_vma_stack ? "" : " area";

	if (vma->ops->describe)
		vma->ops->describe(vma, buf, size);
	else if (thread)
		(void)uk_snprintf(buf, size, "stack of thread '%s'", thread);
	else if (vma->name)
		(void)uk_snprintf(buf, size, "%s%s '%s'", kind, area,
				  vma->name);
	else
		(void)uk_snprintf(buf, size, "%s%s", kind, area);
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

/* @addr is in @vma. */
static void inside(const struct uk_vma *vma, uintptr_t addr, uintptr_t sp,
		   char *buf, size_t len)
{
	const size_t at = addr - vma->start;
	char name[64];

	noun(vma, sp, name, sizeof(name));
	if (vmem_in_guard(vma, addr))
		(void)uk_snprintf(buf, len,
				  "%zu bytes below the %s: it overflowed",
				  (size_t)(UK_VMA_GUARD_LEN - vma->offset -
					   at), name);
	else
		(void)uk_snprintf(buf, len,
				  "%zu bytes into the %s, which is %s", at,
				  name, rights(vma));
}

bool vmem_describe(const struct uk_vas *vas, uintptr_t addr, uintptr_t sp,
		   char *buf, size_t len)
{
	const struct uk_vma *above, *below;
	char name[64];

	if (addr < vas->base || addr >= vas->end ||
	    uk_spin_is_locked(&vas->lock))
		return false;
	above = vmem_above(vas, addr);
	below = above ? vmem_prev(vas, above) : vmem_last(vas);

	if (above && addr >= above->start)
		inside(above, addr, sp, buf, len);
	else if (below && addr - below->end < NEAR &&
		 (!above || addr - below->end <= above->start - addr))
		(void)uk_snprintf(buf, len, "%zu bytes behind the %s",
				  (size_t)(addr - below->end),
				  noun(below, sp, name, sizeof(name)));
	else if (above && above->start - addr < NEAR)
		(void)uk_snprintf(buf, len, "%zu bytes below the %s",
				  (size_t)(above->start - addr),
				  noun(above, sp, name, sizeof(name)));
	else
		return false;
	return true;
}
