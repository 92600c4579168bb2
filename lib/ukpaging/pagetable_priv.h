/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <uk/arch/paging.h>
#include <uk/compiler.h>
#include <uk/pagetable.h>
#include <uk/stack.h>

#include "paging_priv.h"

/* The kernel's; paging.c fills what only the machine knows. */
extern struct uk_pagetable paging_kernel;

/*
 * A frame for a table of the kernel's, and back. Returns 0, or -ENOMEM.
 * Context: the kernel's page table is locked.
 */
UK_MUST_USE int paging_kernel_take(uint64_t *paddr);
void paging_kernel_give(uint64_t paddr);

/* The same for any page table, which is locked, or nobody else's. */
UK_MUST_USE int paging_frame_take(struct uk_pagetable *pt, uint64_t *paddr);
void paging_frame_give(struct uk_pagetable *pt, uint64_t paddr);

/*
 * Make @pt an empty page table, for @base to @end, of @levels, with tables
 * from @fa, @offset away from their physical addresses. Returns 0 or -ENOMEM.
 */
UK_MUST_USE int paging_table_init(struct uk_pagetable *pt,
				  struct uk_falloc *fa, uintptr_t offset,
				  unsigned int levels, unsigned int leaf_max);

/*
 * What is to be done when the kernel's root may have another entry, with the
 * kernel's page table locked; NULL as long as there is no other root, so that
 * an image without any has nothing of space.c.
 */
extern void (*paging_copy_root)(void);

/*
 * Take @pt's lock. A page fault for the stack takes the kernel's, so that stack
 * is there before.
 */
static inline void paging_lock(struct uk_pagetable *pt)
{
	if (pt == &paging_kernel)
		uk_stack_reserve(UK_STACK_RESERVE);
	uk_spin_lock(&pt->lock);
}

/* The same after each mapping from UKARCH_KMAP_BASE on. */
void paging_kmap_changed(void);

static inline uint64_t *paging_table(const struct uk_pagetable *pt,
				     uint64_t pte)
{
	return (uint64_t *)(ukarch_pte_paddr(pte) + pt->offset);
}

static inline uint64_t *paging_root(const struct uk_pagetable *pt)
{
	return (uint64_t *)(pt->root + pt->offset);
}

/*
 * A walk over the entries that are present and map a part of a range. Either
 * function may be NULL.
 */
struct paging_visit {
	struct uk_pagetable *pt;

	/*
	 * @entry of @level maps memory at @vaddr, the entry's begin; *@up
	 * leads to its table, NULL: that is the root. Other than 0 ends the
	 * walk.
	 */
	int (*leaf)(struct paging_visit *v, uint64_t *entry, uint64_t *up,
		    unsigned int level, uintptr_t vaddr);
	/*
	 * What is in the range of the table that @entry leads to is done.
	 * False: that changes nothing for the tables above.
	 */
	bool (*table)(struct paging_visit *v, uint64_t *entry, uint64_t *up,
		      unsigned int level, uintptr_t vaddr);
	uintptr_t vaddr, last;	/* the range, both inside */
};

/* Returns what leaf() did, or 0. The page table is locked. */
int paging_visit(struct paging_visit *v);

struct uk_paging_leaf paging_leaf(uint64_t pte, unsigned int level,
				  uintptr_t vaddr);

/* Is the range one that @pt may map? Returns 0, -EINVAL or -ERANGE. */
int paging_check_range(const struct uk_pagetable *pt, uintptr_t vaddr,
		       size_t len);
/* Is @prot one for @pt? Returns 0, -EINVAL or -EACCES. */
int paging_check_prot(const struct uk_pagetable *pt, unsigned int prot,
		      unsigned int flags);
/* The highest level that @flags and @pt allow. */
unsigned int paging_level_max(const struct uk_pagetable *pt,
			      unsigned int flags);

/*
 * Let @entry, present, at @vaddr be @pte, which maps other memory or leads to a
 * table; or map what a table maps. The caller has the page table locked, and
 * flushes.
 */
void paging_exchange(uint64_t *entry, uint64_t pte, uintptr_t vaddr);
void paging_exchange_table(struct uk_pagetable *pt, uint64_t *entry,
			   uint64_t pte);

/* No TLB keeps anything of @pt. */
void paging_flush_all(const struct uk_pagetable *pt);

/*
 * Split what lies on both sides of @vaddr and of @last + 1. Returns 0 or
 * -ENOMEM. The page table is locked.
 */
UK_MUST_USE int paging_split_ends(struct uk_pagetable *pt, uintptr_t vaddr,
				  uintptr_t last);

/*
 * Map @len bytes from @paddr on at @vaddr, where nothing is mapped, with pages
 * of @level_max at most. Returns 0; or -EEXIST or -ENOMEM, and nothing of it is
 * mapped; @batch has what is to be flushed then. The page table is locked.
 */
UK_MUST_USE int paging_fill_new(struct uk_pagetable *pt, uintptr_t vaddr,
				uint64_t paddr, uint64_t len,
				unsigned int prot, unsigned int level_max,
				struct uk_paging_batch *batch);

/* Take all leaves out of a range that no leaf crosses; frames are left. */
void paging_clear(struct uk_pagetable *pt, uintptr_t vaddr, uintptr_t last,
		  struct uk_paging_batch *batch);
/* Take a table that has become empty out of the tree; true: it was. */
bool paging_prune(struct uk_paging_batch *batch, uint64_t *entry,
		  uint64_t *up, uintptr_t vaddr);

/* Additions to a batch; a run, and true, only if it has room for it. */
void paging_batch_range(struct uk_paging_batch *batch, uintptr_t vaddr,
			uintptr_t len);
UK_MUST_USE bool paging_batch_run(struct uk_paging_batch *batch,
				  uint64_t paddr, unsigned long nframes);
/* A table that lies in no tree any more, and led to @vaddr. */
void paging_batch_table(struct uk_paging_batch *batch, uint64_t paddr,
			uintptr_t vaddr);

/*
 * What a function with a parameter @batch goes on with: that one, or @own. It
 * ends it with paging_batch_done(), which flushes @own.
 */
struct uk_paging_batch *paging_batch_begin(struct uk_paging_batch *own,
					   struct uk_paging_batch *batch,
					   struct uk_pagetable *pt);
void paging_batch_done(struct uk_paging_batch *own,
		       struct uk_paging_batch *batch);
