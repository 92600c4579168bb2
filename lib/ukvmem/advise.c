/* SPDX-License-Identifier: BSD-3-Clause */
/* Advice on what will be done with areas; and which pages have memory. */
#include "vmem_priv.h"

#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/string.h>

static int drop(struct uk_vas *vas, uintptr_t vaddr, uintptr_t end)
{
	for (const struct uk_vma *vma = vmem_above(vas, vaddr);
	     vma && vma->start < end; vma = vmem_next(vas, vma)) {
		int rc;

		if (vmem_is_known(vma->ops))
			return -EINVAL;
		rc = vmem_drop(vas, vma, UK_MAX(vma->start, vaddr),
			       UK_MIN(vma->end, end));
		if (rc < 0)
			return rc;
	}
	return 0;
}

/* Areas get the flags @set, and lose @clear. */
static int mark(struct uk_vas *vas, uintptr_t vaddr, uintptr_t end,
		unsigned int set, unsigned int clear)
{
	const int rc = vmem_cut(vas, vaddr, end);

	if (rc < 0)
		return rc;
	for (struct uk_vma *vma = vmem_above(vas, vaddr);
	     vma && vma->start < end; vma = vmem_next(vas, vma)) {
		uk_spin_lock(&vas->lock);
		vma->flags = (vma->flags & ~clear) | set;
		uk_spin_unlock(&vas->lock);
	}
	vmem_join_all(vas, vaddr, end);
	return 0;
}

static int pass_on(struct uk_vas *vas, uintptr_t vaddr, uintptr_t end,
		   unsigned int advice)
{
	for (const struct uk_vma *vma = vmem_above(vas, vaddr);
	     vma && vma->start < end; vma = vmem_next(vas, vma)) {
		const uintptr_t from = UK_MAX(vma->start, vaddr);
		int rc;

		if (!vma->ops->advise)
			continue;
		rc = vma->ops->advise(vma, from, UK_MIN(vma->end, end) - from,
				      advice);
		if (rc < 0)
			return rc;
	}
	return 0;
}

static int advise(struct uk_vas *vas, uintptr_t vaddr, uintptr_t end,
		  unsigned int advice)
{
	switch (advice) {
	case UK_VMA_WILLNEED:
		return vmem_populate(vas, vaddr, end);
	case UK_VMA_DONTNEED:
		return drop(vas, vaddr, end);
	case UK_VMA_HUGE_ON:
		return mark(vas, vaddr, end, UK_VMA_HUGE, 0);
	case UK_VMA_HUGE_OFF:
		return mark(vas, vaddr, end, 0, UK_VMA_HUGE);
	case UK_VMA_LOCK_ON:
		return mark(vas, vaddr, end, UK_VMA_LOCKED, 0);
	case UK_VMA_LOCK_OFF:
		return mark(vas, vaddr, end, 0, UK_VMA_LOCKED);
	}
	return advice >= UK_VMA_ADVICE_OPS ? pass_on(vas, vaddr, end, advice)
					   : -EINVAL;
}

int uk_vma_advise(struct uk_vas *vas, uintptr_t vaddr, size_t len,
		  unsigned int advice)
{
	int rc = -ENOMEM;

	if (!vmem_range_ok(vas, vaddr, len))
		return -EINVAL;
	uk_mutex_lock(&vas->changes);
	if (vmem_covered(vas, vaddr, vaddr + len))
		rc = advise(vas, vaddr, vaddr + len, advice);
	uk_mutex_unlock(&vas->changes);
	return rc;
}

struct pages {
	uintptr_t vaddr, end;
	unsigned char *vec;
};

static int is_resident(void *arg, const struct uk_paging_leaf *leaf)
{
	const struct pages *const pages = arg;
	const uintptr_t from = UK_MAX(leaf->vaddr, pages->vaddr);
	const uintptr_t to = UK_MIN(leaf->vaddr + leaf->len, pages->end);

	memset(pages->vec + (from - pages->vaddr) / PAGE, 1,
	       (to - from) / PAGE);
	return 0;
}

int uk_vma_resident(struct uk_vas *vas, uintptr_t vaddr, size_t len,
		    unsigned char *vec)
{
	struct pages pages = {
		.vaddr = vaddr,
		.end = vaddr + len,
		.vec = vec,
	};
	int rc = -ENOMEM;

	if (!vmem_range_ok(vas, vaddr, len))
		return -EINVAL;
	memset(vec, 0, len / PAGE);
	uk_mutex_lock(&vas->changes);
	if (vmem_covered(vas, vaddr, vaddr + len))
		rc = uk_paging_walk(&vas->pt, vaddr, len, is_resident, &pages);
	uk_mutex_unlock(&vas->changes);
	return rc;
}
