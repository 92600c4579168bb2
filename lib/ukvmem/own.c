/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A page that is mapped and may not be written, in an area that may. Either
 * others have the frame too: copies of the address space (share.c), or, as it
 * says when it is asked once more, who supplies the area's frames. Then a copy
 * takes its place. Or the page was mapped before it could be written.
 *
 * While a frame is copied nobody may give it back, or its place might get
 * another page meanwhile that looks the same: so one more owner is counted.
 */
#include "vmem_priv.h"

#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/falloc.h>
#include <uk/string.h>

/* Is the page at @vaddr still @leaf, and in @vma? The caller has the lock. */
static bool is_still(struct uk_vas *vas, const struct uk_vma *vma,
		     uintptr_t vaddr, const struct uk_paging_leaf *leaf)
{
	const struct uk_vma_fault page = { .vaddr = vaddr };
	struct uk_paging_leaf now;

	return vmem_is_still(vas, vma, &page) &&
	       uk_paging_find(&vas->pt, vaddr, &now) == 0 &&
	       now.paddr == leaf->paddr && now.vaddr == leaf->vaddr &&
	       now.len == leaf->len;
}

/* The frame at @paddr has one owner less. */
static void drop(const struct uk_vas *vas, uint64_t paddr)
{
	if (vmem_share_drop(vas, paddr))
		(void)uk_ffree(vas->fa, paddr, 1);
}

/*
 * Give the page at @vaddr, in @leaf, a frame of its own. The caller counts as
 * an owner of the old one, which is kept until the TLBs have forgotten it.
 */
static int copy_page(struct uk_vas *vas, const struct uk_vma *vma,
		     uintptr_t vaddr, const struct uk_paging_leaf *leaf)
{
	const uint64_t old = vmem_paddr(leaf, vaddr);
	struct uk_paging_batch batch;
	uint64_t paddr;
	int rc = -EAGAIN;

	if (uk_falloc(vas->fa, &paddr, 1, 0) < 0)
		return -ENOMEM;
	memcpy(uk_phys_to_virt(paddr), uk_phys_to_virt(old), PAGE);

	uk_paging_batch_init(&batch, &vas->pt);
	uk_spin_lock(&vas->lock);
	if (is_still(vas, vma, vaddr, leaf))
		rc = uk_paging_replace(&vas->pt, vaddr, paddr, vma->prot,
				       vmem_paging_flags(vma), &batch);
	if (rc == 0)
		vas->stats.ncopies++;
	uk_spin_unlock(&vas->lock);
	uk_paging_flush(&batch);

	if (rc < 0)
		(void)uk_ffree(vas->fa, paddr, 1);
	else if (!vma->ops->put || !vma->ops->put(vma, vaddr, old, PAGE))
		drop(vas, old);
	/* Somebody who drops memory does not have the lock. */
	return rc == -ENOENT ? -EAGAIN : rc;
}

/* No other CPU writes to the page at @vaddr, which the page table forbids. */
static void flush_page(struct uk_vas *vas, uintptr_t vaddr)
{
	struct uk_paging_batch batch;

	uk_paging_batch_init(&batch, &vas->pt);
	uk_paging_batch_add(&batch, vaddr, PAGE);
	uk_paging_flush(&batch);
}

int vmem_copy_held(struct uk_vas *vas, const struct uk_vma *vma,
		   uintptr_t vaddr, const struct uk_paging_leaf *leaf)
{
	bool copying;
	int rc;

	uk_spin_lock(&vas->lock);
	copying = vas->copying;
	uk_spin_unlock(&vas->lock);
	if (copying)
		flush_page(vas, vaddr);
	rc = copy_page(vas, vma, vaddr, leaf);
	drop(vas, vmem_paddr(leaf, vaddr));
	return rc;
}

/*
 * Give the page at @vaddr, @leaf, the rights of @vma. A large page may reach
 * into a neighbour, who was a part of it.
 */
static int allow(struct uk_vas *vas, const struct uk_vma *vma,
		 uintptr_t vaddr, const struct uk_paging_leaf *leaf)
{
	struct uk_paging_batch batch;
	int rc = -EAGAIN;

	uk_paging_batch_init(&batch, &vas->pt);
	uk_spin_lock(&vas->lock);
	if (is_still(vas, vma, vaddr, leaf) &&
	    !vmem_share_is(vas, vmem_paddr(leaf, vaddr))) {
		const struct uk_vma *const now = vmem_above(vas, vaddr);
		const uintptr_t from = UK_MAX(leaf->vaddr, now->start);
		const uintptr_t to = UK_MIN(leaf->vaddr + leaf->len, now->end);

		rc = uk_paging_protect(&vas->pt, from, to - from,
				       now->prot & RIGHTS,
				       vmem_paging_flags(now), &batch);
	}
	uk_spin_unlock(&vas->lock);
	uk_paging_flush(&batch);
	return rc;
}

int vmem_make_writable(struct uk_vas *vas, const struct uk_vma *vma,
		       uintptr_t vaddr, const struct uk_paging_leaf *leaf)
{
	struct uk_vma_fault fault = {
		.vaddr = vaddr,
		.access = UK_TRAP_WRITE,
	};
	int rc;

	if (!vma->ops->fault || vmem_is_known(vma->ops))
		return allow(vas, vma, vaddr, leaf);

	/* Whoever supplies the frames knows whether this one is its own. */
	rc = vmem_get(vas, vma, &fault);
	if (rc < 0)
		return rc;
	rc = fault.shared && vmem_paddr(leaf, fault.vaddr) == fault.paddr
	     ? copy_page(vas, vma, vaddr, leaf)
	     : allow(vas, vma, vaddr, leaf);
	vmem_unget(vas, vma, &fault);
	return rc;
}
