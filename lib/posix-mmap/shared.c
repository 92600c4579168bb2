/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Memory that several areas have in common. Its frames are in a page table of
 * its own that no CPU ever uses: a map from offsets to frames, with holes, that
 * needs no lock but its own. What the areas map belongs to it, and stays when
 * they no longer do.
 *
 * Each area has a reference, and so has a page fault that is being served: the
 * last one frees all.
 */
#include <uk/alloc.h>
#include <uk/assert.h>
#include <uk/errno.h>
#include <uk/falloc.h>
#include <uk/pagetable.h>

#include "mmap_priv.h"

struct mm_shared {
	struct uk_pagetable frames;
	size_t len;
	uint32_t refs;		/* atomic */
};

struct mm_shared *mm_shared_create(size_t len)
{
	struct uk_alloc *const a = uk_alloc_get_default();
	struct mm_shared *const s = uk_malloc(a, sizeof(*s));

	if (!s)
		return NULL;
	if (uk_paging_create(&s->frames, uk_falloc_get_default()) < 0) {
		uk_free(a, s);
		return NULL;
	}
	s->len = len;
	s->refs = 1;
	return s;
}

void mm_shared_put(struct mm_shared *s)
{
	struct uk_pagetable *const pt = &s->frames;

	/* Release what was done with it, for who frees it: acquire. */
	if (__atomic_sub_fetch(&s->refs, 1, __ATOMIC_ACQ_REL) > 0)
		return;
	/* There are no large pages that it would split, so it cannot fail. */
	(void)uk_paging_unmap(pt, pt->base, s->len, UK_PAGING_FREE, NULL);
	uk_paging_destroy(pt);
	uk_free(uk_alloc_get_default(), s);
}

/* The frame at @at of @s, which becomes one if there is none. */
static int frame_at(struct mm_shared *s, uintptr_t at, uint64_t *paddr)
{
	struct uk_paging_leaf leaf;
	uint64_t fresh;
	int rc;

	do {
		if (uk_paging_find(&s->frames, at, &leaf) == 0) {
			*paddr = leaf.paddr + (at - leaf.vaddr);
			return 0;
		}
		rc = uk_falloc(s->frames.fa, &fresh, 1, UK_FALLOC_ZERO);
		if (rc < 0)
			return rc;
		rc = uk_paging_map(&s->frames, at, fresh, PAGE,
				   UK_PAGE_READ | UK_PAGE_WRITE, 0);
		if (rc < 0)
			(void)uk_ffree(s->frames.fa, fresh, 1);
	} while (rc == -EEXIST);
	if (rc == 0)
		*paddr = fresh;
	return rc;
}

static int on_fault(const struct uk_vma *vma, struct uk_vma_fault *fault)
{
	struct mm_shared *const s = vma->data;
	const uint64_t off = vma->offset + (fault->vaddr - vma->start);

	/* mremap() makes areas longer, but not what is in them. */
	if (off >= s->len)
		return -ENXIO;
	fault->level = 0;
	return frame_at(s, s->frames.base + off, &fault->paddr);
}

static bool is_its_own(const struct uk_vma *vma UK_UNUSED,
		       uintptr_t vaddr UK_UNUSED, uint64_t paddr UK_UNUSED,
		       size_t len UK_UNUSED)
{
	return true;
}

static void get(const struct uk_vma *vma)
{
	struct mm_shared *const s = vma->data;

	/* Relaxed: the area has one already, or its maker. */
	__atomic_fetch_add(&s->refs, 1, __ATOMIC_RELAXED);
}

static void put(const struct uk_vma *vma)
{
	mm_shared_put(vma->data);
}

const struct uk_vma_ops mm_shared_ops = {
	.name = "shared",
	.fault = on_fault,
	.put = is_its_own,
	.dup = is_its_own,
	.open = get,
	.close = put,
	.hold = get,
	.drop = put,
};
