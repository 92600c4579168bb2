/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Looking at a tree of tables: one recursive walk that everything stands on
 * which changes or reads what is mapped, and the checks of what callers ask
 * for. Ranges are walked to their last byte, not to an end, which is 0 at the
 * top of the high half.
 */
#include "pagetable_priv.h"

#include <uk/arch/cpu.h>
#include <uk/errno.h>
#include <uk/essentials.h>

#define PAGE		((uintptr_t)UKARCH_PAGE_SIZE)
#define RIGHTS		(UK_PAGE_READ | UK_PAGE_WRITE | UK_PAGE_EXEC)
#define WX		(UK_PAGE_WRITE | UK_PAGE_EXEC)
#define LEVELS_MAX	5

struct uk_paging_leaf paging_leaf(uint64_t pte, unsigned int level,
				  uintptr_t vaddr)
{
	return (struct uk_paging_leaf){
		.vaddr = UK_ALIGN_DOWN(vaddr, paging_size(level)),
		.paddr = ukarch_pte_paddr(pte),
		.len = paging_size(level),
		.level = level,
		.prot = ukarch_pte_prot(pte) & ~UK_PAGE_GLOBAL,
	};
}

/* The part of the range that is in @table, from @vaddr to @last. */
static int visit(struct paging_visit *v, uint64_t *table, uint64_t *up,
		 unsigned int level, uintptr_t vaddr, uintptr_t last)
{
	const uintptr_t mask = paging_size(level) - 1;
	uint64_t *entry = table + paging_index(vaddr, level);

	for (;; entry++, vaddr = (vaddr | mask) + 1) {
		const uintptr_t here = UK_MIN(vaddr | mask, last);
		const uint64_t pte = *entry;
		int rc = 0;

		if (!ukarch_pte_present(pte)) {
			const uint64_t *const end =
				table + paging_index(last, level);
			const unsigned int left = (unsigned int)(end - entry);
			const unsigned int n =
				paging_absent_run(entry + 1, left);

			if (n == left)
				return 0;
			entry += n;
			vaddr += n * (mask + 1);
			continue;
		}
		if (!ukarch_pte_is_leaf(pte, level)) {
			rc = visit(v, paging_table(v->pt, pte), entry,
				   level - 1, vaddr, here);
			if (rc == 0 && v->table)
				(void)v->table(v, entry, up, level,
					       vaddr & ~mask);
		} else if (v->leaf) {
			rc = v->leaf(v, entry, up, level, vaddr & ~mask);
		}
		if (rc != 0 || here == last)
			return rc;
	}
}

/*
 * As long as one entry holds all of the range, the way down is a line, and so
 * is the way up: for a page it is nearly all there is to do.
 */
int paging_visit(struct paging_visit *v)
{
	const uintptr_t vaddr = v->vaddr, last = v->last;
	uint64_t *path[LEVELS_MAX + 1] = { NULL };
	const unsigned int top = v->pt->levels - 1;
	uint64_t *table = paging_root(v->pt);
	unsigned int level = top;
	int rc;

	for (; level > 0 && (vaddr ^ last) < paging_size(level); level--) {
		uint64_t *const entry = table + paging_index(vaddr, level);

		if (!ukarch_pte_present(*entry) ||
		    ukarch_pte_is_leaf(*entry, level))
			break;
		path[level] = entry;
		table = paging_table(v->pt, *entry);
	}
	rc = visit(v, table, path[level + 1], level, vaddr, last);
	if (rc != 0 || !v->table)
		return rc;
	while (level < top) {
		level++;
		if (!v->table(v, path[level], path[level + 1], level,
			      UK_ALIGN_DOWN(vaddr, paging_size(level))))
			break;
	}
	return 0;
}

static bool in_half(const struct uk_pagetable *pt, uintptr_t vaddr)
{
	return pt == &paging_kernel ? vaddr >= UKARCH_LINEAR_BASE :
				      vaddr < pt->end;
}

int paging_check_range(const struct uk_pagetable *pt, uintptr_t vaddr,
		       size_t len)
{
	if (len == 0 || !UK_IS_ALIGNED(vaddr | len, PAGE))
		return -EINVAL;
	if (vaddr < pt->base || vaddr >= pt->end || len > pt->end - vaddr)
		return -ERANGE;
	return 0;
}

int paging_check_prot(const struct uk_pagetable *pt, unsigned int prot,
		      unsigned int flags)
{
	if ((prot & ~(RIGHTS | UK_PAGE_TYPE)) ||
	    ((prot & RIGHTS) && !(prot & UK_PAGE_READ)) ||
	    ((prot & UK_PAGE_EXEC) && (prot & UK_PAGE_TYPE)))
		return -EINVAL;
	if ((prot & WX) == WX &&
	    (!(flags & UK_PAGING_WX) || pt == &paging_kernel))
		return -EACCES;
	return 0;
}

unsigned int paging_level_max(const struct uk_pagetable *pt,
			      unsigned int flags)
{
	const unsigned int limit = flags & UK_PAGING_LEVEL_MAX(0) ?
				   flags & 0x3 : pt->leaf_max;

	return UK_MIN(limit, pt->leaf_max);
}

int uk_paging_find(struct uk_pagetable *pt, uintptr_t vaddr,
		   struct uk_paging_leaf *leaf)
{
	const uint64_t *table = paging_root(pt);
	unsigned int level = pt->levels;
	uint64_t pte = 0;

	if (!in_half(pt, vaddr))
		return -ENOENT;
	paging_lock(pt);
	while (level-- > 0) {
		pte = table[paging_index(vaddr, level)];
		if (!ukarch_pte_present(pte) ||
		    ukarch_pte_is_leaf(pte, level))
			break;
		table = paging_table(pt, pte);
	}
	uk_spin_unlock(&pt->lock);
	if (!ukarch_pte_present(pte))
		return -ENOENT;
	*leaf = paging_leaf(pte, level, vaddr);
	return 0;
}

struct walk {
	struct paging_visit visit;
	int (*fn)(void *arg, const struct uk_paging_leaf *leaf);
	void *arg;
};

static int walk_leaf(struct paging_visit *v, uint64_t *entry,
		     uint64_t *up UK_UNUSED, unsigned int level,
		     uintptr_t vaddr)
{
	const struct walk *const w = UK_CONTAINER_OF(v, struct walk, visit);
	const struct uk_paging_leaf leaf = paging_leaf(*entry, level, vaddr);

	return w->fn(w->arg, &leaf);
}

int uk_paging_walk(struct uk_pagetable *pt, uintptr_t vaddr, size_t len,
		   int (*fn)(void *arg, const struct uk_paging_leaf *leaf),
		   void *arg)
{
	const uintptr_t last = vaddr + len - 1;
	struct walk w = {
		.visit = {
			.pt = pt, .leaf = walk_leaf,
			.vaddr = vaddr, .last = last,
		},
		.fn = fn, .arg = arg,
	};
	int rc;

	if (len == 0 || !UK_IS_ALIGNED(vaddr | len, PAGE))
		return -EINVAL;
	if (last < vaddr || !in_half(pt, vaddr) || !in_half(pt, last))
		return -ERANGE;
	paging_lock(pt);
	rc = paging_visit(&w.visit);
	uk_spin_unlock(&pt->lock);
	return rc;
}
