/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Putting small pages together: from the bottom up, as the walk comes out of
 * each table. A table is as good as one large page if all its entries are
 * there, and each is the one before it and a step further in memory; the bits
 * that the CPU would set in an entry are set from the beginning, so they do
 * not differ.
 */
#include "pagetable_priv.h"

#include <uk/essentials.h>

struct merge {
	struct paging_visit visit;
	struct uk_paging_batch *batch;
	unsigned int level_max;
	int count;
};

/* Do the entries of @table, of @level, map what one entry above could? */
static bool alike(const uint64_t *table, unsigned int level)
{
	const uint64_t first = table[0];

	if (!ukarch_pte_is_leaf(first, level) ||
	    !UK_IS_ALIGNED(ukarch_pte_paddr(first), paging_size(level + 1)))
		return false;
	for (unsigned int i = 1; i < UKARCH_PT_ENTRIES; i++) {
		if (table[i] != first + i * paging_size(level))
			return false;
	}
	return true;
}

static bool merge_table(struct paging_visit *v, uint64_t *entry,
			uint64_t *up UK_UNUSED, unsigned int level,
			uintptr_t vaddr)
{
	struct merge *const m = UK_CONTAINER_OF(v, struct merge, visit);
	const uint64_t old = *entry;
	const uint64_t *const table = paging_table(v->pt, old);

	if (level > m->level_max || vaddr < v->vaddr ||
	    v->last - vaddr < paging_size(level) - 1 ||
	    paging_count(old) < UKARCH_PT_ENTRIES || !alike(table, level - 1))
		return false;
	paging_exchange_table(v->pt, entry,
			      ukarch_pte_leaf(ukarch_pte_paddr(table[0]), level,
					      ukarch_pte_prot(table[0])));
	paging_batch_range(m->batch, vaddr, paging_size(level));
	paging_batch_table(m->batch, ukarch_pte_paddr(old), vaddr);
	m->count++;
	return true;
}

int uk_paging_merge(struct uk_pagetable *pt, uintptr_t vaddr, size_t len,
		    unsigned int flags, struct uk_paging_batch *batch)
{
	struct merge m = {
		.visit = {
			.pt = pt, .table = merge_table,
			.vaddr = vaddr, .last = vaddr + len - 1,
		},
		.level_max = paging_level_max(pt, flags),
	};
	struct uk_paging_batch own;
	const int rc = paging_check_range(pt, vaddr, len);

	if (rc < 0)
		return rc;
	m.batch = paging_batch_begin(&own, batch, pt);
	paging_lock(pt);
	(void)paging_visit(&m.visit);
	uk_spin_unlock(&pt->lock);
	paging_batch_done(&own, m.batch);
	return m.count;
}
