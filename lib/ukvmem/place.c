/* SPDX-License-Identifier: BSD-3-Clause */
/* Where a new area goes. */
#include "vmem_priv.h"

#include <uk/errno.h>
#include <uk/essentials.h>

/* UK_VMA_LOW: what a program with 32-bit pointers of its own can hold. */
#define LOW_END		((uintptr_t)1 << 31)

#define HUGE_LEN	((size_t)1 << UKARCH_PT_SHIFT(1))

static bool is_free(const struct uk_vas *vas, uintptr_t vaddr, size_t len)
{
	const struct uk_vma *const vma = vmem_above(vas, vaddr);

	return !vma || vma->start >= vaddr + len;
}

/* Where what lies below @next has to end. */
static uintptr_t above_gap(const struct uk_vma *next)
{
	const size_t gap = next->flags & UK_VMA_GROWS ? UK_VMA_GROWS_GAP : 0;

	return next->start > gap ? next->start - gap : 0;
}

/* May [@vaddr, @vaddr + @len), which is free, have the next area above it? */
static bool is_apart(const struct uk_vas *vas, uintptr_t vaddr, size_t len)
{
	const struct uk_vma *const next =
		vas->any_grows ? vmem_above(vas, vaddr) : NULL;

	return !next || vaddr + len <= above_gap(next);
}

static bool find_gap(const struct uk_vas *vas, struct uk_vma_request *rq,
		     size_t align, uintptr_t max)
{
	while (vmem_find_gap(vas, rq->len, align, vas->lowest, max,
			     &rq->vaddr)) {
		if (is_apart(vas, rq->vaddr, rq->len))
			return true;
		max = above_gap(vmem_above(vas, rq->vaddr));
	}
	return false;
}

int vmem_place(const struct uk_vas *vas, struct uk_vma_request *rq)
{
	const uintptr_t max = rq->flags & UK_VMA_LOW ? UK_MIN(LOW_END,
							      vas->end)
						     : vas->end;
	size_t align = UK_MAX(rq->align, PAGE);
	const bool there = vmem_range_ok(vas, rq->vaddr, rq->len) &&
			   rq->vaddr >= vas->lowest &&
			   UK_IS_ALIGNED(rq->vaddr, align) &&
			   rq->vaddr + rq->len <= max;

	if (rq->flags & (UK_VMA_FIXED | UK_VMA_EXACT)) {
		if (!there)
			return -EINVAL;
		if ((rq->flags & UK_VMA_FIXED) ||
		    is_free(vas, rq->vaddr, rq->len))
			return 0;
		return -EEXIST;
	}
	if (there && is_free(vas, rq->vaddr, rq->len) &&
	    is_apart(vas, rq->vaddr, rq->len))
		return 0;
	if ((rq->flags & UK_VMA_HUGE) && rq->len >= HUGE_LEN)
		align = UK_MAX(align, HUGE_LEN);
	return find_gap(vas, rq, align, max) ? 0 : -ENOMEM;
}
