/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Areas that grow downwards. A page fault below one, where nothing is, makes it
 * longer before it is served; that changes areas, so it is for those who may
 * wait for the mutex, and the fault path pays nothing for it.
 *
 * Refused: to reserve what an area may grow to. A program may have many, and
 * says of none how large it will be.
 */
#include "vmem_priv.h"

#include <uk/essentials.h>

/* May what is below @start, and nobody's, have an area that grows above it? */
static bool is_clear(const struct uk_vas *vas, const struct uk_vma *vma,
		     uintptr_t start)
{
	const struct uk_vma *const prev = vmem_prev(vas, vma);

	/* What nobody can touch, or grows itself, is no danger. */
	return !prev || !(prev->prot & RIGHTS) ||
	       (prev->flags & UK_VMA_GROWS) ||
	       start - prev->end >= UK_VMA_GROWS_GAP;
}

bool vmem_grow_down(struct uk_vas *vas, uintptr_t vaddr)
{
	struct uk_vma *const vma = vmem_above(vas, vaddr);
	const uintptr_t start = UK_ALIGN_DOWN(vaddr, PAGE);
	size_t more;

	if (!vma || vma->start <= vaddr || !(vma->flags & UK_VMA_GROWS) ||
	    start < vas->lowest)
		return false;
	more = vma->start - start;
	if (vma->end - start > vas->grows_max ||
	    vas->stats.len > vas->limit ||
	    more > vas->limit - vas->stats.len || !is_clear(vas, vma, start))
		return false;
	vmem_lengthen(vas, vma, start, vma->start);
	vmem_join(vas, start, start);
	return true;
}
