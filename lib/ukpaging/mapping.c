/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * New mappings in a page table, by the filler of map.c. It goes from the
 * begin of the range to the end, and what fails on the way is undone: all that
 * it has mapped are whole pages in the range, so taking them out again needs
 * no memory. A survey in advance was the alternative; it makes each page fault
 * walk twice.
 */
#include "pagetable_priv.h"

#include <uk/arch/cpu.h>
#include <uk/assert.h>
#include <uk/errno.h>
#include <uk/essentials.h>

#define PAGE		((uintptr_t)UKARCH_PAGE_SIZE)
#define FLAGS		(UK_PAGING_LEVEL_MAX(3) | UK_PAGING_WX)

struct table_env {
	struct paging_env env;
	struct uk_pagetable *pt;
};

static uint64_t *fill_take(struct paging_env *env)
{
	struct uk_pagetable *const pt =
		UK_CONTAINER_OF(env, struct table_env, env)->pt;
	uint64_t paddr;

	return paging_frame_take(pt, &paddr) < 0 ? NULL :
						   paging_table(pt, paddr);
}

/* No walk has seen it. */
static void fill_give(struct paging_env *env, uint64_t *table)
{
	struct uk_pagetable *const pt =
		UK_CONTAINER_OF(env, struct table_env, env)->pt;

	paging_frame_give(pt, (uintptr_t)table - pt->offset);
}

int paging_fill_new(struct uk_pagetable *pt, uintptr_t vaddr, uint64_t paddr,
		    uint64_t len, unsigned int prot, unsigned int level_max,
		    struct uk_paging_batch *batch)
{
	struct table_env te = {
		.env = {
			.alloc = fill_take, .free = fill_give,
			.offset = pt->offset, .levels = pt->levels,
			.leaf_max = level_max,
		},
		.pt = pt,
	};
	struct paging_job job = {
		.env = &te.env, .delta = vaddr - paddr,
		.paddr = paddr, .end = paddr + len,
		.prot = prot | pt->always, .fresh = true,
	};
	const int rc = paging_fill(&job, paging_root(pt));

	if (pt == &paging_kernel)
		paging_kmap_changed();
	if (rc < 0 && job.paddr > paddr)
		paging_clear(pt, vaddr, vaddr + (job.paddr - paddr) - 1,
			     batch);
	return rc;
}

static int check(const struct uk_pagetable *pt, uintptr_t vaddr, size_t len,
		 unsigned int prot, unsigned int flags)
{
	const int rc = paging_check_range(pt, vaddr, len);

	if (rc < 0)
		return rc;
	if (flags & ~FLAGS)
		return -EINVAL;
	return paging_check_prot(pt, prot, flags);
}

/*
 * One page, in a table that there is: most page faults. False: something else
 * is to be done, or wrong.
 */
static bool map_page(struct uk_pagetable *pt, uintptr_t vaddr, uint64_t paddr,
		     unsigned int prot)
{
	uint64_t *table = paging_root(pt);
	uint64_t *entry = NULL, *page;

	for (unsigned int level = pt->levels - 1; level > 0; level--) {
		entry = table + paging_index(vaddr, level);
		if (!ukarch_pte_present(*entry) ||
		    ukarch_pte_is_leaf(*entry, level))
			return false;
		table = paging_table(pt, *entry);
	}
	page = table + paging_index(vaddr, 0);
	if (ukarch_pte_present(*page))
		return false;
	*page = ukarch_pte_leaf(paddr, 0, prot | pt->always);
	*entry += PAGING_COUNT_ONE;
	ukarch_pt_publish();
	return true;
}

static int map_all(struct uk_pagetable *pt, uintptr_t vaddr, uint64_t paddr,
		   size_t len, unsigned int prot, unsigned int flags)
{
	struct uk_paging_batch batch;
	int rc;

	uk_paging_batch_init(&batch, pt);
	paging_lock(pt);
	rc = paging_fill_new(pt, vaddr, paddr, len, prot,
			     paging_level_max(pt, flags), &batch);
	uk_spin_unlock(&pt->lock);
	if (rc < 0)
		uk_paging_flush(&batch);
	return rc;
}

int uk_paging_map(struct uk_pagetable *pt, uintptr_t vaddr, uint64_t paddr,
		  size_t len, unsigned int prot, unsigned int flags)
{
	int rc = check(pt, vaddr, len, prot, flags);

	if (rc < 0)
		return rc;
	if (!UK_IS_ALIGNED(paddr, PAGE))
		return -EINVAL;
	if (paddr >= pt->paddr_end || len > pt->paddr_end - paddr)
		return -ERANGE;

	if (len == PAGE) {
		bool done;

		paging_lock(pt);
		done = map_page(pt, vaddr, paddr, prot);
		uk_spin_unlock(&pt->lock);
		if (done)
			return 0;
	}
	return map_all(pt, vaddr, paddr, len, prot, flags);
}

/* What frames are asked for. */
struct each {
	struct uk_pagetable *pt;
	unsigned int prot, level_max;
	int (*frame)(void *arg, uintptr_t vaddr, unsigned int level,
		     uint64_t *paddr);
	void *arg;
};

/* The level of the entry at @vaddr that is absent or maps; true: it maps. */
static bool look(const struct uk_pagetable *pt, uintptr_t vaddr,
		 unsigned int *level)
{
	const uint64_t *table = paging_root(pt);

	for (*level = pt->levels - 1;; --*level) {
		const uint64_t pte = table[paging_index(vaddr, *level)];

		if (!ukarch_pte_present(pte))
			return false;
		if (ukarch_pte_is_leaf(pte, *level))
			return true;
		table = paging_table(pt, pte);
	}
}

/*
 * Ask for a page at @vaddr, of *@level at most, the largest one first. Returns
 * what frame() did at last, for *@level.
 */
static int ask(const struct each *e, uintptr_t vaddr, uintptr_t end,
	       unsigned int *level, uint64_t *paddr)
{
	*level = UK_MIN(*level, e->level_max);
	for (;; --*level) {
		const uint64_t size = paging_size(*level);
		int rc;

		if (!UK_IS_ALIGNED(vaddr, size) || end - vaddr < size)
			continue;
		rc = e->frame(e->arg, vaddr, *level, paddr);
		if (rc != UK_PAGING_SKIP || *level == 0)
			return rc;
	}
}

/* Deal with what is at *@vaddr and move on. */
static int each_step(const struct each *e, uintptr_t *vaddr, uintptr_t end,
		     struct uk_paging_batch *batch)
{
	unsigned int level;
	uint64_t paddr;

	if (!look(e->pt, *vaddr, &level)) {
		int rc = ask(e, *vaddr, end, &level, &paddr);

		if (rc == 0) {
			UK_ASSERT(UK_IS_ALIGNED(paddr, paging_size(level)));
			rc = paging_fill_new(e->pt, *vaddr, paddr,
					     paging_size(level), e->prot,
					     level, batch);
		}
		if (rc < 0)
			return rc;
	}
	*vaddr = UK_ALIGN_DOWN(*vaddr, paging_size(level)) +
		 paging_size(level);
	return 0;
}

int uk_paging_map_each(struct uk_pagetable *pt, uintptr_t vaddr, size_t len,
		       unsigned int prot, unsigned int flags,
		       int (*frame)(void *arg, uintptr_t vaddr,
				    unsigned int level, uint64_t *paddr),
		       void *arg, size_t *done)
{
	const struct each e = {
		.pt = pt, .prot = prot,
		.level_max = paging_level_max(pt, flags),
		.frame = frame, .arg = arg,
	};
	const uintptr_t end = vaddr + len;
	struct uk_paging_batch batch;
	uintptr_t at = vaddr;
	int rc = check(pt, vaddr, len, prot, flags);

	if (rc < 0)
		return rc;
	uk_paging_batch_init(&batch, pt);
	paging_lock(pt);
	while (rc == 0 && at < end)
		rc = each_step(&e, &at, end, &batch);
	uk_spin_unlock(&pt->lock);
	if (done)
		*done = UK_MIN(at, end) - vaddr;
	return rc;
}
