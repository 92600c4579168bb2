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

int vmem_place(const struct uk_vas *vas, struct uk_vma_request *rq)
{
	const uintptr_t max = rq->flags & UK_VMA_LOW ? UK_MIN(LOW_END,
							      vas->end)
						     : vas->end;
	size_t align = UK_MAX(rq->align, PAGE);
	const bool there = vmem_range_ok(vas, rq->vaddr, rq->len) &&
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
	if (there && is_free(vas, rq->vaddr, rq->len))
		return 0;
	if ((rq->flags & UK_VMA_HUGE) && rq->len >= HUGE_LEN)
		align = UK_MAX(align, HUGE_LEN);
	if (vmem_find_gap(vas, rq->len, align, vas->base, max, &rq->vaddr))
		return 0;
	return -ENOMEM;
}
