/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A copy of an address space: the same areas, and the same frames, which nobody
 * may write any more. Who does gets one of its own (own.c).
 *
 * It is made 2 MiB of addresses at a time, with the lock held, so that page
 * faults elsewhere in the original go on in between. TLBs that still allow
 * writes are flushed once, at the end; meanwhile who copies a page flushes it
 * first (vas->copying), or a write of another CPU might be lost.
 *
 * Large pages are split, in the original too: the frames of one may then belong
 * to several, some to one and some to another, which one page cannot say.
 */
#include "vmem_priv.h"

#include <uk/alloc.h>
#include <uk/errno.h>
#include <uk/essentials.h>

#define CHUNK	((uintptr_t)1 << UKARCH_PT_SHIFT(1))

struct copy {
	struct uk_vas *to, *from;
	const struct uk_vma *vma;	/* in from */
	struct uk_paging_batch batch;	/* of from */
};

static int note(void *arg, const struct uk_paging_leaf *leaf)
{
	*(struct uk_paging_leaf *)arg = *leaf;
	return 1;
}

/* Make small pages of the large one at @at. */
static int split(struct copy *c, const struct uk_paging_leaf *leaf,
		 uintptr_t at)
{
	const unsigned int prot = leaf->prot & RIGHTS & ~UK_PAGE_WRITE;

	return leaf->level == 0 ? 0 :
	       uk_paging_protect(&c->from->pt, at, PAGE, prot,
				 vmem_paging_flags(c->vma), &c->batch);
}

static int prepare(void *arg, const struct uk_paging_leaf *leaf)
{
	const struct copy *const c = arg;

	return vmem_share_prepare(c->from, leaf->paddr);
}

/* Nothing can fail any more. */
static void share(void *arg, const struct uk_paging_leaf *leaf)
{
	const struct copy *const c = arg;
	const struct uk_vma_ops *const ops = c->vma->ops;

	if (!ops->dup || !ops->dup(c->vma, leaf->vaddr, leaf->paddr,
				   leaf->len))
		vmem_share_add(c->from, leaf->paddr);
	vmem_count(c->to, leaf->len);
}

/* Copy what is mapped from @at, where @leaf is, to @end; the lock is held. */
static int copy_chunk(struct copy *c, const struct uk_paging_leaf *leaf,
		      uintptr_t at, uintptr_t end)
{
	int rc = split(c, leaf, at);

	if (rc == 0)
		rc = uk_paging_walk(&c->from->pt, at, end - at, prepare, c);
	if (rc == 0)
		rc = uk_paging_clone(&c->to->pt, &c->from->pt, at, end - at,
				     UK_PAGING_COW, share, c, &c->batch);
	return rc;
}

static int copy_pages(struct copy *c)
{
	struct uk_vas *const from = c->from;
	uintptr_t at = c->vma->start;
	int rc = 0;

	while (rc == 0 && at < c->vma->end) {
		struct uk_paging_leaf leaf;
		uintptr_t end;

		uk_spin_lock(&from->lock);
		if (uk_paging_walk(&from->pt, at, c->vma->end - at, note,
				   &leaf) != 1) {
			uk_spin_unlock(&from->lock);
			break;
		}
		at = UK_MAX(at, leaf.vaddr);
		end = UK_MIN(UK_ALIGN_DOWN(at, CHUNK) + CHUNK, c->vma->end);
		rc = copy_chunk(c, &leaf, at, end);
		uk_spin_unlock(&from->lock);
		at = end;
	}
	return rc;
}

static int copy_area(struct copy *c)
{
	struct uk_vma *const vma = uk_malloc(c->to->a, sizeof(*vma));

	if (!vma)
		return -ENOMEM;
	*vma = *c->vma;
	if (vma->ops->open)
		vma->ops->open(vma);
	vmem_add(c->to, vma);
	return vmem_is_known(vma->ops) ? vmem_map_known(c->to, vma) :
					 copy_pages(c);
}

static int check(const struct uk_vas *from)
{
	for (const struct uk_vma *vma = vmem_above(from, 0); vma;
	     vma = vmem_next(from, vma)) {
		if (vma->ops->put && !vma->ops->dup &&
		    !vmem_is_known(vma->ops))
			return -ENOTSUP;
	}
	return 0;
}

static void set_copying(struct uk_vas *vas, bool copying)
{
	uk_spin_lock(&vas->lock);
	vas->copying = copying;
	uk_spin_unlock(&vas->lock);
}

/* The caller has the mutex of @from, and nobody else knows @to. */
static int copy_all(struct uk_vas *to, struct uk_vas *from)
{
	struct copy c = { .to = to, .from = from };
	int rc = check(from);

	if (rc == 0)
		rc = vmem_family_join(to, from);
	if (rc < 0)
		return rc;
	set_copying(from, true);
	uk_paging_batch_init(&c.batch, &from->pt);
	for (c.vma = vmem_above(from, 0); c.vma && rc == 0;
	     c.vma = vmem_next(from, c.vma)) {
		if (c.vma->ops != &uk_vma_dma)
			rc = copy_area(&c);
	}
	uk_paging_flush(&c.batch);
	set_copying(from, false);
	return rc;
}

int uk_vas_copy(struct uk_vas *copy, struct uk_vas *of)
{
	int rc = uk_vas_create(copy, of->a, of->fa);

	if (rc < 0)
		return rc;
	uk_mutex_lock(&of->changes);
	copy->limit = of->limit;
	copy->grows_max = of->grows_max;
	copy->any_grows = of->any_grows;
	copy->lowest = of->lowest;
	rc = copy_all(copy, of);
	uk_mutex_unlock(&of->changes);
	if (rc < 0)
		vmem_end(copy);
	return rc;
}
