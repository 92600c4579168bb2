/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Somebody touches a page. The area is looked up under the lock, and copied;
 * its memory is found without, as that may take long; then the page is mapped
 * under the lock, if the area is still what it was. Two that touch a page at
 * the same time may both find memory for it: who comes second gives it back.
 * Without memory, those who keep some are asked for it, once.
 * A page that is there, but may not be written, is own.c's.
 */
#include "vmem_priv.h"

#include <uk/arch/paging.h>
#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/falloc.h>
#include <uk/string.h>

static unsigned int right_for(enum uk_trap_access access)
{
	switch (access) {
	case UK_TRAP_WRITE:
		return UK_PAGE_WRITE;
	case UK_TRAP_EXEC:
		return UK_PAGE_EXEC;
	default:
		return UK_PAGE_READ;
	}
}

/* The area at @vaddr, if it allows the access. The caller has the lock. */
static int allowed(const struct uk_vas *vas, uintptr_t vaddr,
		   enum uk_trap_access access, const struct uk_vma **vma)
{
	const struct uk_vma *const found = vmem_above(vas, vaddr);

	if (!found || found->start > vaddr || vmem_in_guard(found, vaddr))
		return -EFAULT;
	if (!(found->prot & right_for(access)))
		return -EACCES;
	*vma = found;
	return 0;
}

unsigned int vmem_level(const struct uk_vma *vma, uintptr_t vaddr)
{
	const size_t len = (size_t)1 << UKARCH_PT_SHIFT(1);
	const uintptr_t start = UK_ALIGN_DOWN(vaddr, len);

	return (vma->flags & UK_VMA_HUGE) && start >= vma->start &&
	       vma->end - start >= len && !vmem_in_guard(vma, start);
}

/* Zeroed frames, or, of a large page, smaller ones if there are no others. */
static int own_frames(const struct uk_vas *vas, const struct uk_vma *vma,
		      struct uk_vma_fault *fault)
{
	const unsigned long flags = vma->flags & UK_VMA_UNINITIALIZED
				    ? 0 : UK_FALLOC_ZERO;

	for (; fault->level > 0; fault->level--) {
		const unsigned int shift = UKARCH_PT_SHIFT(fault->level);

		if (uk_falloc(vas->fa, &fault->paddr, 1ul << 9 * fault->level,
			      flags | UK_FALLOC_ALIGN(shift)) == 0)
			return 0;
		if (vma->flags & UK_VMA_HUGE_ONLY)
			return -ENOMEM;
	}
	return uk_falloc(vas->fa, &fault->paddr, 1, flags);
}

int vmem_get(const struct uk_vas *vas, const struct uk_vma *vma,
	     struct uk_vma_fault *fault)
{
	const int rc = vma->ops->fault ? vma->ops->fault(vma, fault)
				       : own_frames(vas, vma, fault);

	fault->vaddr = UK_ALIGN_DOWN(fault->vaddr,
				     (uintptr_t)1 <<
				     UKARCH_PT_SHIFT(fault->level));
	return rc;
}

void vmem_unget(const struct uk_vas *vas, const struct uk_vma *vma,
		const struct uk_vma_fault *fault)
{
	const unsigned long nframes = 1ul << 9 * fault->level;

	if (!vma->ops->put || !vma->ops->put(vma, fault->vaddr, fault->paddr,
					     nframes * PAGE))
		(void)uk_ffree(vas->fa, fault->paddr, nframes);
}

bool vmem_is_still(const struct uk_vas *vas, const struct uk_vma *then,
		   const struct uk_vma_fault *fault)
{
	const struct uk_vma *const now = vmem_above(vas, fault->vaddr);
	const size_t len = PAGE << 9 * fault->level;

	return now && now->start <= fault->vaddr &&
	       now->end - fault->vaddr >= len && now->ops == then->ops &&
	       now->data == then->data && now->prot == then->prot &&
	       now->flags == then->flags &&
	       now->offset - now->start == then->offset - then->start;
}

/* Map memory that has been found. The caller has the lock. */
static int map_page(struct uk_vas *vas, const struct uk_vma *vma,
		    uintptr_t vaddr, uint64_t paddr, size_t len,
		    unsigned int prot)
{
	const int rc = uk_paging_map(&vas->pt, vaddr, paddr, len, prot,
				     vmem_paging_flags(vma));

	if (rc == 0) {
		vmem_count(vas, len);
		vas->stats.nfaults++;
	}
	return rc;
}

/* Map what vmem_get() found, if it is still wanted. The same. */
static int map_found(struct uk_vas *vas, const struct uk_vma *vma,
		     const struct uk_vma_fault *fault)
{
	const unsigned int no = fault->shared ? UK_PAGE_WRITE : 0;

	if (!vmem_is_still(vas, vma, fault))
		return -EAGAIN;
	return map_page(vas, vma, fault->vaddr, fault->paddr,
			PAGE << 9 * fault->level, vma->prot & ~no);
}

/* Is any frame as good as another for @vma, as it is? */
static bool takes_any(const struct uk_vma *vma)
{
	return !vma->ops->fault && (vma->flags & UK_VMA_UNINITIALIZED) &&
	       !(vma->flags & UK_VMA_HUGE);
}

/*
 * Map any frame at @vaddr, where nothing was a moment ago. That takes so short
 * that the lock, which the caller has, is kept.
 */
static int fill_with_any(struct uk_vas *vas, const struct uk_vma *vma,
			 uintptr_t vaddr)
{
	uint64_t paddr;
	int rc;

	rc = uk_falloc(vas->fa, &paddr, 1, 0);
	if (rc < 0)
		return rc;
	rc = map_page(vas, vma, vaddr, paddr, PAGE, vma->prot);
	if (rc < 0)
		(void)uk_ffree(vas->fa, paddr, 1);
	return rc == -EEXIST ? -EAGAIN : rc;
}

/*
 * Somebody writes to the page at @vaddr, for which @fault has found a shared
 * frame: a copy takes its place.
 */
static int make_own(struct uk_vas *vas, const struct uk_vma *vma,
		    uintptr_t vaddr, struct uk_vma_fault *fault)
{
	const struct uk_vma_fault shared = *fault;
	uint64_t paddr;

	if (uk_falloc(vas->fa, &paddr, 1, 0) < 0) {
		vmem_unget(vas, vma, fault);
		return -ENOMEM;
	}
	memcpy(uk_phys_to_virt(paddr),
	       uk_phys_to_virt(shared.paddr + (vaddr - shared.vaddr)), PAGE);
	fault->vaddr = vaddr;
	fault->level = 0;
	fault->paddr = paddr;
	fault->shared = false;
	vmem_unget(vas, vma, &shared);
	return 0;
}

/*
 * Put memory at a page where there is none. -EAGAIN: look again at what is to
 * be done, if anything.
 */
static int fill(struct uk_vas *vas, const struct uk_vma *vma,
		struct uk_vma_fault *fault)
{
	const uintptr_t vaddr = fault->vaddr;
	int rc = vmem_get(vas, vma, fault);
	const bool copy = fault->shared && fault->access == UK_TRAP_WRITE;

	if (rc == 0 && copy)
		rc = make_own(vas, vma, vaddr, fault);
	if (rc < 0)
		return rc;
	uk_spin_lock(&vas->lock);
	rc = map_found(vas, vma, fault);
	if (rc == 0)
		vas->stats.ncopies += copy;
	uk_spin_unlock(&vas->lock);
	if (rc == 0)
		return 0;

	vmem_unget(vas, vma, fault);
	if (rc != -EEXIST)
		return rc;
	if (fault->level == 0)
		return -EAGAIN;
	/* Something is in the large page: try the small one. */
	fault->vaddr = vaddr;
	fault->level = 0;
	return fill(vas, vma, fault);
}

static int touch_once(struct uk_vas *vas, uintptr_t vaddr,
		      enum uk_trap_access access, bool absent)
{
	const struct uk_vma *found = NULL;
	struct uk_vma_fault fault = { .access = access };
	struct uk_paging_leaf leaf;
	struct uk_vma vma;
	bool mapped, held = false;
	int rc;

	fault.vaddr = UK_ALIGN_DOWN(vaddr, PAGE);
	uk_spin_lock(&vas->lock);
	rc = allowed(vas, vaddr, access, &found);
	if (rc < 0)
		goto unlock;
	if (absent && takes_any(found)) {
		rc = fill_with_any(vas, found, fault.vaddr);
		goto unlock;
	}
	vma = *found;
	mapped = !absent && uk_paging_find(&vas->pt, vaddr, &leaf) == 0;
	if (mapped && (leaf.prot & right_for(access)))
		goto unlock;
	if (mapped)
		held = vmem_share_hold(vas, vmem_paddr(&leaf, fault.vaddr));
	if (vma.ops->hold)
		vma.ops->hold(&vma);
	uk_spin_unlock(&vas->lock);

	fault.level = vmem_level(&vma, vaddr);
	if (held)
		rc = vmem_copy_held(vas, &vma, fault.vaddr, &leaf);
	else if (mapped)
		rc = vmem_make_writable(vas, &vma, fault.vaddr, &leaf);
	else
		rc = fill(vas, &vma, &fault);
	if (vma.ops->drop)
		vma.ops->drop(&vma);
	return rc;

unlock:
	uk_spin_unlock(&vas->lock);
	return rc;
}

int vmem_touch(struct uk_vas *vas, uintptr_t vaddr,
	       enum uk_trap_access access, bool absent)
{
	int rc = touch_once(vas, vaddr, access, absent);
	bool asked = false;

	while (rc == -EAGAIN || (rc == -ENOMEM && !asked)) {
		if (rc == -ENOMEM) {
			asked = true;
			if (!uk_falloc_reclaim(vas->fa, NULL))
				break;
		}
		rc = touch_once(vas, vaddr, access, false);
	}
	return rc;
}

int uk_vma_touch(struct uk_vas *vas, uintptr_t vaddr,
		 enum uk_trap_access access)
{
	return vmem_touch(vas, vaddr, access, false);
}

/* Put memory at @vaddr, of @vma. Returns 0, and *@next is behind it. */
static int populate_page(struct uk_vas *vas, const struct uk_vma *vma,
			 uintptr_t vaddr, uintptr_t *next)
{
	const enum uk_trap_access access =
		vma->prot & UK_PAGE_WRITE ? UK_TRAP_WRITE : UK_TRAP_READ;
	struct uk_paging_leaf leaf;
	int rc;

	*next = vaddr + PAGE;
	if (vmem_in_guard(vma, vaddr))
		return 0;
	rc = uk_vma_touch(vas, vaddr, access);
	if (rc == 0 && uk_paging_find(&vas->pt, vaddr, &leaf) == 0)
		*next = leaf.vaddr + leaf.len;
	return rc;
}

int vmem_populate(struct uk_vas *vas, uintptr_t start, uintptr_t end)
{
	int rc = 0;

	while (rc == 0 && start < end) {
		const struct uk_vma *const vma = vmem_above(vas, start);

		/* What nobody may touch is passed over, however long it is. */
		if (vma->prot & RIGHTS)
			rc = populate_page(vas, vma, start, &start);
		else
			start = vma->end;
	}
	return rc;
}
