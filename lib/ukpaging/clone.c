/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The same memory in a second page table. First the copies, all of which are
 * undone if one cannot be made; then, when nothing can fail any more, each page
 * is told to the caller, who counts frames, and loses the right to write.
 *
 * Both are locked, the one at the lower address first.
 */
#include "pagetable_priv.h"

#include <uk/assert.h>
#include <uk/errno.h>
#include <uk/essentials.h>

struct clone {
	struct paging_visit visit;
	struct uk_pagetable *to;
	struct uk_paging_batch *batch;	/* of the page table cloned */
	struct uk_paging_batch undo;	/* of the other one */
	unsigned int flags;
	void (*fn)(void *arg, const struct uk_paging_leaf *leaf);
	void *arg;
};

static struct clone *clone_of(struct paging_visit *v)
{
	return UK_CONTAINER_OF(v, struct clone, visit);
}

static int copy_leaf(struct paging_visit *v, uint64_t *entry,
		     uint64_t *up UK_UNUSED, unsigned int level,
		     uintptr_t vaddr)
{
	struct clone *const c = clone_of(v);
	const struct uk_paging_leaf leaf = paging_leaf(*entry, level, vaddr);
	unsigned int prot = leaf.prot;
	int rc;

	if (c->flags & UK_PAGING_COW)
		prot &= ~UK_PAGE_WRITE;
	rc = paging_fill_new(c->to, vaddr, leaf.paddr, leaf.len, prot, level,
			     &c->undo);
	/* Where to stop the undoing. */
	if (rc < 0)
		v->last = vaddr - 1;
	return rc;
}

static int finish_leaf(struct paging_visit *v, uint64_t *entry,
		       uint64_t *up UK_UNUSED, unsigned int level,
		       uintptr_t vaddr)
{
	struct clone *const c = clone_of(v);
	const struct uk_paging_leaf leaf = paging_leaf(*entry, level, vaddr);

	if (c->fn)
		c->fn(c->arg, &leaf);
	if (!(c->flags & UK_PAGING_COW) || !(leaf.prot & UK_PAGE_WRITE))
		return 0;
	__atomic_store_n(entry,
			 ukarch_pte_leaf(leaf.paddr, level,
					 ukarch_pte_prot(*entry) &
					 ~UK_PAGE_WRITE), __ATOMIC_RELAXED);
	paging_batch_range(c->batch, vaddr, leaf.len);
	return 0;
}

static int taken(struct paging_visit *v UK_UNUSED, uint64_t *entry UK_UNUSED,
		 uint64_t *up UK_UNUSED, unsigned int level UK_UNUSED,
		 uintptr_t vaddr UK_UNUSED)
{
	return -EEXIST;
}

static int clone_locked(struct clone *c)
{
	struct paging_visit *const v = &c->visit;
	struct paging_visit there = {
		.pt = c->to, .leaf = taken,
		.vaddr = v->vaddr, .last = v->last,
	};
	int rc = paging_visit(&there);

	if (rc == 0)
		rc = paging_split_ends(v->pt, v->vaddr, v->last);
	if (rc < 0)
		return rc;
	v->leaf = copy_leaf;
	rc = paging_visit(v);
	if (rc < 0) {
		if (v->last > v->vaddr)
			paging_clear(c->to, v->vaddr, v->last, &c->undo);
		return rc;
	}
	v->leaf = finish_leaf;
	return paging_visit(v);
}

/* Taking two locks, every caller begins with the same one. */
static void lock_both(struct uk_pagetable *a, struct uk_pagetable *b)
{
	uk_spin_lock(a < b ? &a->lock : &b->lock);
	uk_spin_lock(a < b ? &b->lock : &a->lock);
}

int uk_paging_clone(struct uk_pagetable *to, struct uk_pagetable *from,
		    uintptr_t vaddr, size_t len, unsigned int flags,
		    void (*fn)(void *arg, const struct uk_paging_leaf *leaf),
		    void *arg, struct uk_paging_batch *batch)
{
	struct clone c = {
		.visit = {
			.pt = from, .vaddr = vaddr, .last = vaddr + len - 1,
		},
		.to = to, .flags = flags, .fn = fn, .arg = arg,
	};
	struct uk_paging_batch own;
	int rc = paging_check_range(from, vaddr, len);

	UK_ASSERT(to != from);
	if (rc == 0)
		rc = paging_check_range(to, vaddr, len);
	if (rc < 0)
		return rc;
	if (flags & ~UK_PAGING_COW)
		return -EINVAL;
	c.batch = paging_batch_begin(&own, batch, from);
	uk_paging_batch_init(&c.undo, to);
	lock_both(to, from);
	rc = clone_locked(&c);
	uk_spin_unlock(&from->lock);
	uk_spin_unlock(&to->lock);
	uk_paging_flush(&c.undo);
	paging_batch_done(&own, c.batch);
	return rc;
}
