/* SPDX-License-Identifier: BSD-3-Clause */
/* Making, unmapping and protecting areas. */
#include "vmem_priv.h"

#include <uk/alloc.h>
#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/falloc.h>

/* Flags that an area keeps. */
#define STAY	(UK_VMA_HUGE | UK_VMA_UNINITIALIZED | UK_VMA_WX | \
		 UK_VMA_LOCKED | UK_VMA_GROWS | UK_VMA_HUGE_ONLY)
#define KNOWN	(STAY | UK_VMA_FIXED | UK_VMA_EXACT | UK_VMA_LOW | \
		 UK_VMA_POPULATE)

static int check_prot(unsigned int prot, unsigned int flags)
{
	const unsigned int wx = UK_PAGE_WRITE | UK_PAGE_EXEC;

	return (prot & wx) == wx && !(flags & UK_VMA_WX) ? -EACCES : 0;
}

static int check(const struct uk_vma_request *rq)
{
	const unsigned int fixed = UK_VMA_FIXED | UK_VMA_EXACT;

	if (rq->len == 0 || !UK_IS_ALIGNED(rq->len, PAGE) || !rq->ops ||
	    (rq->flags & ~KNOWN) || (rq->flags & fixed) == fixed ||
	    (rq->align && !UK_IS_POW2(rq->align)) ||
	    ((rq->flags & UK_VMA_GROWS) && rq->ops != &uk_vma_anon))
		return -EINVAL;
	/* What is not mapped at once is not mapped later either. */
	if (vmem_is_known(rq->ops) &&
	    (!(rq->prot & RIGHTS) || !UK_IS_ALIGNED(rq->offset, PAGE)))
		return -EINVAL;
	return check_prot(rq->prot, rq->flags);
}

/* Where kinds that have no data of their own begin to count. */
static uint64_t offset_of(const struct uk_vma_request *rq)
{
	if (rq->ops == &uk_vma_anon || rq->ops == &uk_vma_reserved)
		return rq->vaddr;
	return rq->ops == &uk_vma_stack ? 0 : rq->offset;
}

static int take_dma(struct uk_vas *vas, struct uk_vma_request *rq)
{
	return uk_falloc(vas->fa, &rq->offset, rq->len / PAGE,
			 rq->falloc_flags | UK_FALLOC_ZERO);
}

int vmem_map_known(struct uk_vas *vas, const struct uk_vma *vma)
{
	const size_t len = vma->end - vma->start;
	int rc;

	rc = uk_paging_map(&vas->pt, vma->start, vma->offset, len, vma->prot,
			   vmem_paging_flags(vma));
	if (rc == 0 && vmem_is_ram(vma)) {
		uk_spin_lock(&vas->lock);
		vmem_count(vas, len);
		uk_spin_unlock(&vas->lock);
	}
	return rc;
}

static int put_memory(struct uk_vas *vas, const struct uk_vma *vma,
		      unsigned int flags)
{
	if (vmem_is_known(vma->ops))
		return vmem_map_known(vas, vma);
	if (flags & UK_VMA_POPULATE)
		return vmem_populate(vas, vma->start, vma->end);
	return 0;
}

static bool within_limit(const struct uk_vas *vas,
			 const struct uk_vma_request *rq)
{
	size_t len = vas->stats.len;

	if (rq->flags & UK_VMA_FIXED)
		len -= vmem_len_in(vas, rq->vaddr, rq->vaddr + rq->len);
	return len <= vas->limit && rq->len <= vas->limit - len;
}

/* Find the place for what @rq describes, and clear it. */
static int make_room(struct uk_vas *vas, struct uk_vma_request *rq)
{
	const int rc = vmem_place(vas, rq);

	if (rc < 0)
		return rc;
	if (!within_limit(vas, rq))
		return -ENOMEM;
	if (rq->flags & UK_VMA_FIXED)
		return vmem_clear(vas, rq->vaddr, rq->vaddr + rq->len);
	return 0;
}

/* Add the area @vma, with its memory, if it is to have some at once. */
static int add(struct uk_vas *vas, const struct uk_vma *vma,
	       unsigned int flags)
{
	const bool later = !vmem_is_known(vma->ops) &&
			   !(flags & UK_VMA_POPULATE);
	struct uk_vma *area;
	int rc;

	/* Then there is nothing that could fail, and be undone. */
	if (later && vmem_extend(vas, vma))
		return 0;
	area = uk_malloc(vas->a, sizeof(*area));
	if (!area)
		return -ENOMEM;
	*area = *vma;
	vmem_open(area);
	vmem_add(vas, area);
	rc = put_memory(vas, area, flags);
	/* It is whole, so this needs no memory. */
	if (rc < 0)
		(void)vmem_clear(vas, vma->start, vma->end);
	else
		vmem_join(vas, vma->start, vma->end);
	return rc;
}

/* The caller has the mutex. */
static int map(struct uk_vas *vas, struct uk_vma_request *rq)
{
	const int rc = make_room(vas, rq);

	if (rc < 0)
		return rc;
	if (rq->flags & UK_VMA_GROWS)
		vas->any_grows = true;
	return add(vas, &(struct uk_vma){
		.start = rq->vaddr,
		.end = rq->vaddr + rq->len,
		.prot = vmem_readable(rq->prot),
		.flags = rq->flags & STAY,
		.ops = rq->ops,
		.name = rq->name,
		.data = rq->data,
		.offset = offset_of(rq),
	}, rq->flags);
}

int uk_vma_map(struct uk_vas *vas, struct uk_vma_request *rq)
{
	struct uk_vma_request wanted = *rq;
	const bool dma = rq->ops == &uk_vma_dma;
	int rc = check(rq);

	if (rc == 0 && dma)
		rc = take_dma(vas, &wanted);
	if (rc < 0)
		return rc;
	uk_mutex_lock(&vas->changes);
	rc = map(vas, &wanted);
	uk_mutex_unlock(&vas->changes);
	if (rc == 0) {
		rq->vaddr = wanted.vaddr;
		if (dma)
			rq->offset = wanted.offset;
	} else if (dma) {
		(void)uk_ffree(vas->fa, wanted.offset, rq->len / PAGE);
	}
	return rc;
}

int uk_vma_unmap(struct uk_vas *vas, uintptr_t vaddr, size_t len)
{
	int rc;

	if (!vmem_range_ok(vas, vaddr, len))
		return -EINVAL;
	uk_mutex_lock(&vas->changes);
	rc = vmem_clear(vas, vaddr, vaddr + len);
	uk_mutex_unlock(&vas->changes);
	return rc;
}

/*
 * Let the page table follow the new rights of @vma. Frames that others have
 * too may be mapped without the right to write, on purpose: pages get it when
 * they are touched.
 */
static int protect_pages(struct uk_vas *vas, const struct uk_vma *vma,
			 unsigned int prot)
{
	const bool by_touch = (vma->ops->fault || vas->family) &&
			      !vmem_is_known(vma->ops);

	if (by_touch && prot)
		prot &= ~UK_PAGE_WRITE;
	return uk_paging_protect(&vas->pt, vma->start, vma->end - vma->start,
				 prot, vmem_paging_flags(vma), NULL);
}

static void set_rights(struct uk_vas *vas, struct uk_vma *vma,
		       unsigned int prot)
{
	uk_spin_lock(&vas->lock);
	vma->prot = (vma->prot & ~RIGHTS) | prot;
	uk_spin_unlock(&vas->lock);
}

/*
 * Give @vma, all of it, the rights @prot. Until its pages are its own, and if
 * they cannot be made so, a page fault gives none that are new: a large page
 * may still be a neighbour's, too.
 */
static int protect(struct uk_vas *vas, struct uk_vma *vma, unsigned int prot)
{
	const unsigned int old = vma->prot & RIGHTS;
	int rc = check_prot(prot, vma->flags);

	if (rc < 0)
		return rc;
	set_rights(vas, vma, old & prot);
	rc = protect_pages(vas, vma, prot);
	set_rights(vas, vma, rc < 0 ? old : prot);
	return rc;
}

static int protect_range(struct uk_vas *vas, uintptr_t vaddr, uintptr_t end,
			 unsigned int prot)
{
	struct uk_vma *vma;
	int rc;

	if (!vmem_covered(vas, vaddr, end))
		return -ENOMEM;
	rc = vmem_cut(vas, vaddr, end);
	if (rc < 0)
		return rc;
	for (vma = vmem_above(vas, vaddr); vma && vma->start < end;
	     vma = vmem_next(vas, vma)) {
		rc = protect(vas, vma, prot);
		if (rc < 0)
			break;
	}
	vmem_join_all(vas, vaddr, end);
	return rc;
}

int uk_vma_protect(struct uk_vas *vas, uintptr_t vaddr, size_t len,
		   unsigned int prot)
{
	int rc;

	if (!vmem_range_ok(vas, vaddr, len) || (prot & ~RIGHTS))
		return -EINVAL;
	uk_mutex_lock(&vas->changes);
	rc = protect_range(vas, vaddr, vaddr + len, vmem_readable(prot));
	uk_mutex_unlock(&vas->changes);
	return rc;
}

int uk_vma_find(struct uk_vas *vas, uintptr_t vaddr, struct uk_vma *vma)
{
	const struct uk_vma *found;

	uk_spin_lock(&vas->lock);
	found = vmem_above(vas, vaddr);
	if (found)
		*vma = *found;
	uk_spin_unlock(&vas->lock);
	return found ? 0 : -ENOENT;
}
