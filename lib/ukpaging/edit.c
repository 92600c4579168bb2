/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Changing what is mapped: unmap, protect, replace.
 *
 * Large pages that lie across an end of the range are split before anything
 * else, which is all that can fail; nobody can tell a page from its parts. A
 * table that becomes empty leaves the tree at once. How many of its entries
 * are present is written in the entry that leads to it, so this is known
 * without a look at them.
 *
 * Where the architecture asks for it (UKARCH_PT_BREAK), an entry is made
 * absent and flushed before it maps in another size or other memory.
 */
#include "pagetable_priv.h"

#include <uk/arch/cpu.h>
#include <uk/assert.h>
#include <uk/errno.h>
#include <uk/essentials.h>

#define PAGE		((uintptr_t)UKARCH_PAGE_SIZE)
#define RIGHTS		(UK_PAGE_READ | UK_PAGE_WRITE | UK_PAGE_EXEC)

/* leaf(): the batch has no room, all before this leaf is done. */
#define FULL		1
/* leaf(): this page is larger than the range, nothing is done. */
#define SPLIT		2

struct edit {
	struct paging_visit visit;
	struct uk_paging_batch *batch;
	unsigned int flags, prot;
	void (*fn)(void *arg, const struct uk_paging_leaf *leaf,
		   struct uk_paging_batch *batch);
	void *arg;
};

static struct edit *edit_of(struct paging_visit *v)
{
	return UK_CONTAINER_OF(v, struct edit, visit);
}

static void store(uint64_t *entry, uint64_t pte)
{
	__atomic_store_n(entry, pte, __ATOMIC_RELAXED);
}

void paging_exchange(uint64_t *entry, uint64_t pte, uintptr_t vaddr)
{
	/* What @pte leads to is written before @entry is. */
	ukarch_pt_publish();
	if (UKARCH_PT_BREAK) {
		store(entry, 0);
		ukarch_tlb_flush(vaddr, 1);
	}
	store(entry, pte);
	ukarch_pt_publish();
}

void paging_exchange_table(struct uk_pagetable *pt, uint64_t *entry,
			   uint64_t pte)
{
	if (UKARCH_PT_BREAK) {
		/* Each of the small pages may be in a TLB. */
		store(entry, 0);
		paging_flush_all(pt);
	}
	store(entry, pte);
	ukarch_pt_publish();
}

/* Let 512 pages do what leaf @entry of @level does at @vaddr. */
static int split(struct uk_pagetable *pt, uint64_t *entry, unsigned int level,
		 uintptr_t vaddr)
{
	const unsigned int prot = ukarch_pte_prot(*entry);
	uint64_t paddr = ukarch_pte_paddr(*entry);
	uint64_t table_paddr;
	uint64_t *table;
	int rc;

	rc = paging_frame_take(pt, &table_paddr);
	if (rc < 0)
		return rc;
	table = paging_table(pt, table_paddr);
	for (unsigned int i = 0; i < UKARCH_PT_ENTRIES; i++) {
		table[i] = ukarch_pte_leaf(paddr, level - 1, prot);
		paddr += paging_size(level - 1);
	}
	paging_exchange(entry, ukarch_pte_table(table_paddr) +
			UKARCH_PT_ENTRIES * PAGING_COUNT_ONE, vaddr);
	return 0;
}

/*
 * No page crosses @vaddr after this, unless it returns -ENOMEM. Nor does one
 * that begins there, or later, cross anything up to *@last.
 */
static int split_at(struct uk_pagetable *pt, uintptr_t vaddr, uintptr_t *last)
{
	uint64_t *table = paging_root(pt);
	unsigned int level = pt->levels - 1;

	for (;; level--) {
		const uintptr_t mask = paging_size(level) - 1;
		uint64_t *const entry = table + paging_index(vaddr, level);

		*last = vaddr | mask;
		if (!ukarch_pte_present(*entry))
			return 0;
		if (ukarch_pte_is_leaf(*entry, level)) {
			int rc;

			if ((vaddr & mask) == 0)
				break;
			rc = split(pt, entry, level, vaddr & ~mask);
			if (rc < 0)
				return rc;
		}
		table = paging_table(pt, *entry);
	}
	/* All in this table are small; a large page may be cut short. */
	*last = level == 0 ? vaddr | (paging_size(1) - 1) : vaddr;
	return 0;
}

int paging_split_ends(struct uk_pagetable *pt, uintptr_t vaddr,
		      uintptr_t last)
{
	uintptr_t until;
	const int rc = split_at(pt, vaddr, &until);

	return rc < 0 || last <= until ? rc : split_at(pt, last + 1, &until);
}

static bool is_larger(const struct paging_visit *v, unsigned int level,
		      uintptr_t vaddr)
{
	return level > 0 && (vaddr < v->vaddr ||
			     v->last - vaddr < paging_size(level) - 1);
}

/*
 * Do what @e says. A range in one table is looked at first: a page that is
 * larger is the only one there, and then nothing has been done.
 */
static int edit(struct edit *e)
{
	struct paging_visit *const v = &e->visit;
	int rc = SPLIT;

	if ((v->vaddr ^ v->last) < paging_size(1))
		rc = paging_visit(v);
	if (rc == SPLIT) {
		rc = paging_split_ends(v->pt, v->vaddr, v->last);
		if (rc == 0)
			rc = paging_visit(v);
	}
	return rc;
}

static void take_out(uint64_t *entry, uint64_t *up)
{
	store(entry, 0);
	if (up)
		store(up, *up - PAGING_COUNT_ONE);
}

bool paging_prune(struct uk_paging_batch *batch, uint64_t *entry,
		  uint64_t *up, uintptr_t vaddr)
{
	const uint64_t pte = *entry;

	/* The kernel's entries of the root are in other roots, too. */
	if (paging_count(pte) > 0 || (!up && batch->pt == &paging_kernel))
		return false;
	take_out(entry, up);
	paging_batch_table(batch, ukarch_pte_paddr(pte), vaddr);
	return true;
}

static bool prune(struct paging_visit *v, uint64_t *entry, uint64_t *up,
		  unsigned int level UK_UNUSED, uintptr_t vaddr)
{
	/* Where in the table the last page was: anywhere in the range. */
	return paging_prune(edit_of(v)->batch, entry, up,
			    UK_MAX(vaddr, v->vaddr));
}

static int unmap_leaf(struct paging_visit *v, uint64_t *entry, uint64_t *up,
		      unsigned int level, uintptr_t vaddr)
{
	struct edit *const e = edit_of(v);
	const struct uk_paging_leaf leaf = paging_leaf(*entry, level, vaddr);

	if (is_larger(v, level, vaddr))
		return SPLIT;
	if ((e->flags & UK_PAGING_FREE) &&
	    !paging_batch_run(e->batch, leaf.paddr, leaf.len / PAGE)) {
		v->vaddr = vaddr;
		return FULL;
	}
	if (e->fn && e->batch->nruns == UK_PAGING_BATCH_RUNS) {
		v->vaddr = vaddr;
		return FULL;
	}
	take_out(entry, up);
	paging_batch_range(e->batch, vaddr, leaf.len);
	if (e->fn)
		e->fn(e->arg, &leaf, e->batch);
	return 0;
}

void paging_clear(struct uk_pagetable *pt, uintptr_t vaddr, uintptr_t last,
		  struct uk_paging_batch *batch)
{
	struct edit e = {
		.visit = {
			.pt = pt, .leaf = unmap_leaf, .table = prune,
			.vaddr = vaddr, .last = last,
		},
		.batch = batch,
	};

	/* Without runs there is always room. */
	(void)paging_visit(&e.visit);
}

static int unmap(struct edit *e, struct uk_paging_batch *batch)
{
	struct paging_visit *const v = &e->visit;
	struct uk_pagetable *const pt = v->pt;
	struct uk_paging_batch own;
	int rc;

	e->batch = paging_batch_begin(&own, batch, pt);
	paging_lock(pt);
	while ((rc = edit(e)) == FULL) {
		uk_spin_unlock(&pt->lock);
		uk_paging_flush(e->batch);
		paging_lock(pt);
	}
	uk_spin_unlock(&pt->lock);
	paging_batch_done(&own, e->batch);
	return rc;
}

int uk_paging_unmap(struct uk_pagetable *pt, uintptr_t vaddr, size_t len,
		    unsigned int flags, struct uk_paging_batch *batch)
{
	struct edit e = {
		.visit = {
			.pt = pt, .leaf = unmap_leaf, .table = prune,
			.vaddr = vaddr, .last = vaddr + len - 1,
		},
		.flags = flags,
	};
	const int rc = paging_check_range(pt, vaddr, len);

	if (rc < 0)
		return rc;
	if (flags & ~UK_PAGING_FREE)
		return -EINVAL;
	return unmap(&e, batch);
}

int uk_paging_unmap_each(struct uk_pagetable *pt, uintptr_t vaddr, size_t len,
			 void (*fn)(void *arg,
				    const struct uk_paging_leaf *leaf,
				    struct uk_paging_batch *batch),
			 void *arg, struct uk_paging_batch *batch)
{
	struct edit e = {
		.visit = {
			.pt = pt, .leaf = unmap_leaf, .table = prune,
			.vaddr = vaddr, .last = vaddr + len - 1,
		},
		.fn = fn, .arg = arg,
	};
	const int rc = paging_check_range(pt, vaddr, len);

	return rc < 0 ? rc : unmap(&e, batch);
}

static int protect_leaf(struct paging_visit *v, uint64_t *entry,
			uint64_t *up UK_UNUSED, unsigned int level,
			uintptr_t vaddr)
{
	struct edit *const e = edit_of(v);
	const unsigned int old = ukarch_pte_prot(*entry);
	unsigned int want = (old & ~RIGHTS) | e->prot;

	if (is_larger(v, level, vaddr))
		return SPLIT;
	if (want & UK_PAGE_TYPE)
		want &= ~UK_PAGE_EXEC;
	if (want == old)
		return 0;
	store(entry, ukarch_pte_leaf(ukarch_pte_paddr(*entry), level, want));
	paging_batch_range(e->batch, vaddr, paging_size(level));
	return 0;
}

int uk_paging_protect(struct uk_pagetable *pt, uintptr_t vaddr, size_t len,
		      unsigned int prot, unsigned int flags,
		      struct uk_paging_batch *batch)
{
	struct edit e = {
		.visit = {
			.pt = pt, .leaf = protect_leaf,
			.vaddr = vaddr, .last = vaddr + len - 1,
		},
		.prot = prot,
	};
	struct uk_paging_batch own;
	int rc = paging_check_range(pt, vaddr, len);

	if (rc == 0)
		rc = paging_check_prot(pt, prot, flags);
	if (rc < 0)
		return rc;
	if ((flags & ~UK_PAGING_WX) || (prot & UK_PAGE_TYPE))
		return -EINVAL;

	e.batch = paging_batch_begin(&own, batch, pt);
	paging_lock(pt);
	rc = edit(&e);
	uk_spin_unlock(&pt->lock);
	paging_batch_done(&own, e.batch);
	return rc;
}

/* The entry of the 4 KiB page at @vaddr, or NULL. */
static uint64_t *page_entry(struct uk_pagetable *pt, uintptr_t vaddr)
{
	uint64_t *table = paging_root(pt);
	unsigned int level = pt->levels - 1;

	for (;; level--) {
		uint64_t *const entry = table + paging_index(vaddr, level);

		if (!ukarch_pte_present(*entry))
			return NULL;
		if (level == 0)
			return entry;
		table = paging_table(pt, *entry);
	}
}

int uk_paging_replace(struct uk_pagetable *pt, uintptr_t vaddr,
		      uint64_t paddr, unsigned int prot, unsigned int flags,
		      struct uk_paging_batch *batch)
{
	struct uk_paging_batch own;
	uint64_t *entry;
	int rc = paging_check_range(pt, vaddr, PAGE);

	if (rc == 0)
		rc = paging_check_prot(pt, prot, flags);
	if (rc < 0)
		return rc;
	if ((flags & ~UK_PAGING_WX) || !UK_IS_ALIGNED(paddr, PAGE))
		return -EINVAL;
	if (paddr >= pt->paddr_end)
		return -ERANGE;

	batch = paging_batch_begin(&own, batch, pt);
	paging_lock(pt);
	rc = paging_split_ends(pt, vaddr, vaddr + PAGE - 1);
	if (rc == 0) {
		entry = page_entry(pt, vaddr);
		if (entry) {
			paging_exchange(entry,
					ukarch_pte_leaf(paddr, 0, prot |
							pt->always), vaddr);
			paging_batch_range(batch, vaddr, PAGE);
		} else {
			rc = -ENOENT;
		}
	}
	uk_spin_unlock(&pt->lock);
	paging_batch_done(&own, batch);
	return rc;
}
