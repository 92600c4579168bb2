/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Page tables as wholes. Where both halves have one root (x86_64), each root
 * has a copy of the kernel's entries for the high half. These are a handful,
 * and once there they stay; when the kernel's root gets another one, by a
 * device far away or the first mapping at UKARCH_KMAP_BASE, it is copied to
 * all roots before anybody knows of the mapping.
 */
#include "pagetable_priv.h"

#include <uk/arch/cpu.h>
#include <uk/assert.h>
#include <uk/errno.h>
#include <uk/string.h>

static struct {
	struct uk_spinlock lock;	/* after that of a page table */
	struct uk_list all;
	bool kmap;		/* all roots know UKARCH_KMAP_BASE */
} spaces = { .all = UK_LIST_INIT(spaces.all) };

struct uk_pagetable paging_kernel = {
	.levels = UKARCH_PT_LEVELS,
	.offset = UKARCH_LINEAR_BASE,
	.base = UKARCH_KMAP_BASE,
	.end = UKARCH_KMAP_END,
	.always = UK_PAGE_GLOBAL,
};

struct uk_pagetable *uk_paging_kernel(void)
{
	return &paging_kernel;
}

int paging_frame_take(struct uk_pagetable *pt, uint64_t *paddr)
{
	const int rc = pt == &paging_kernel ? paging_kernel_take(paddr) :
					      uk_falloc(pt->fa, paddr, 1, 0);

	if (rc == 0)
		pt->ntables++;
	return rc;
}

void paging_frame_give(struct uk_pagetable *pt, uint64_t paddr)
{
	int rc = 0;

	pt->ntables--;
	if (pt == &paging_kernel)
		paging_kernel_give(paddr);
	else
		rc = uk_ffree(pt->fa, paddr, 1);
	UK_ASSERT(rc == 0);
}

int paging_table_init(struct uk_pagetable *pt, struct uk_falloc *fa,
		      uintptr_t offset, unsigned int levels,
		      unsigned int leaf_max)
{
	uint64_t root;
	int rc;

	rc = uk_falloc(fa, &root, 1, 0);
	if (rc < 0)
		return rc;
	*pt = (struct uk_pagetable){
		.levels = levels,
		.leaf_max = leaf_max,
		.root = root,
		.offset = offset,
		.base = UKARCH_LOW_BASE,
		.end = ukarch_low_end(levels),
		.paddr_end = paging_kernel.paddr_end,
		.fa = fa,
	};
	memset(paging_root(pt), 0, UKARCH_PAGE_SIZE);
	uk_list_init(&pt->link);
	return 0;
}

/* Both lists of entries are of the high half. */
static void copy_high(struct uk_pagetable *to)
{
	const uint64_t *const from = paging_root(&paging_kernel);
	uint64_t *const root = paging_root(to);

	for (unsigned int i = UKARCH_PT_HIGH; i < UKARCH_PT_ENTRIES; i++) {
		if (root[i] != from[i])
			__atomic_store_n(&root[i], from[i], __ATOMIC_RELAXED);
	}
}

/* To all roots. */
static void copy_root(void)
{
	struct uk_pagetable *pt;

	uk_spin_lock(&spaces.lock);
	uk_list_for_each(pt, &spaces.all, link)
		copy_high(pt);
	uk_spin_unlock(&spaces.lock);
}

int uk_paging_create(struct uk_pagetable *pt, struct uk_falloc *fa)
{
	const int rc = paging_table_init(pt, fa, UKARCH_LINEAR_BASE,
					 paging_kernel.levels,
					 paging_kernel.leaf_max);

	if (rc < 0)
		return rc;
	/* The root changes before, or by somebody who knows of this one. */
	paging_lock(&paging_kernel);
	if (UKARCH_PT_HIGH < UKARCH_PT_ENTRIES)
		paging_copy_root = copy_root;
	uk_spin_lock(&spaces.lock);
	copy_high(pt);
	uk_list_push_back(&spaces.all, &pt->link);
	uk_spin_unlock(&spaces.lock);
	uk_spin_unlock(&paging_kernel.lock);
	return 0;
}

void paging_kmap_changed(void)
{
	const uint64_t *const root = paging_root(&paging_kernel);

	if (spaces.kmap ||
	    !ukarch_pte_present(root[paging_index(UKARCH_KMAP_BASE,
						  paging_kernel.levels - 1)]))
		return;
	copy_root();
	spaces.kmap = true;
}

/* The walk has been all through the table. */
static bool free_table(struct paging_visit *v, uint64_t *entry,
		       uint64_t *up UK_UNUSED, unsigned int level UK_UNUSED,
		       uintptr_t vaddr UK_UNUSED)
{
	paging_frame_give(v->pt, ukarch_pte_paddr(*entry));
	return true;
}

void uk_paging_destroy(struct uk_pagetable *pt)
{
	struct paging_visit v = {
		.pt = pt, .table = free_table,
		.vaddr = pt->base, .last = pt->end - 1,
	};
	int rc;

	UK_ASSERT(pt != &paging_kernel && uk_paging_active() != pt);
	(void)paging_visit(&v);
	UK_ASSERT(pt->ntables == 0);
	uk_spin_lock(&spaces.lock);
	uk_list_remove(&pt->link);
	uk_spin_unlock(&spaces.lock);
	rc = uk_ffree(pt->fa, pt->root, 1);
	UK_ASSERT(rc == 0);
}
