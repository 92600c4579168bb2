/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * How many address spaces map a frame. Those that come from each other by
 * copies are a family, with one tree of counts over the physical addresses;
 * an address space that was never copied has none, and its frames are its own.
 * A count is of the owners beyond the first: 0, or no table for it, is a frame
 * that has one.
 *
 * Room for a count is made before a frame is shared, and stays until the family
 * ends: so neither counting nor giving back needs memory. A table of 512 counts
 * is 4 KiB for 2 MiB of memory.
 *
 * Alternatives refused: a count in each descriptor of the frame allocator,
 * which all would pay for; one list of frames per area (an "anonymous map"),
 * which makes every page fault look into two trees.
 */
#include "vmem_priv.h"

#include <uk/alloc.h>
#include <uk/assert.h>
#include <uk/errno.h>
#include <uk/falloc.h>
#include <uk/spinlock.h>

/* 9 bits of the frame number each: what the linear map reaches, 48 bits. */
#define LEVELS		4u
#define NENTRIES	512u

struct vmem_family {
	struct uk_spinlock lock;	/* of the tree; after a page table's */
	unsigned int nmembers;		/* atomic: who leaves last ends it */
	struct uk_falloc *fa;
	struct uk_alloc *a;
	/* Entries of the lowest tables are counts, others addresses, or 0. */
	uint64_t root[NENTRIES];
};

static uint64_t *table_at(uint64_t paddr)
{
	return uk_phys_to_virt(paddr);
}

static unsigned int index_of(uint64_t paddr, unsigned int level)
{
	return paddr / PAGE >> 9 * level & (NENTRIES - 1);
}

/* The count of the frame at @paddr; NULL: there is no table for it. */
static uint64_t *find(struct vmem_family *family, uint64_t paddr)
{
	uint64_t *table = family->root;

	for (unsigned int level = LEVELS - 1; level > 0; level--) {
		const uint64_t next = table[index_of(paddr, level)];

		if (!next)
			return NULL;
		table = table_at(next);
	}
	return &table[index_of(paddr, 0)];
}

int vmem_share_prepare(const struct uk_vas *vas, uint64_t paddr)
{
	struct vmem_family *const family = vas->family;
	uint64_t *table = family->root;
	int rc = 0;

	UK_ASSERT(paddr / PAGE >> 9 * LEVELS == 0);
	uk_spin_lock(&family->lock);
	for (unsigned int level = LEVELS - 1; level > 0; level--) {
		uint64_t *const entry = &table[index_of(paddr, level)];

		if (!*entry) {
			rc = uk_falloc(family->fa, entry, 1, UK_FALLOC_ZERO);
			if (rc < 0)
				break;
		}
		table = table_at(*entry);
	}
	uk_spin_unlock(&family->lock);
	return rc;
}

void vmem_share_add(const struct uk_vas *vas, uint64_t paddr)
{
	struct vmem_family *const family = vas->family;

	uk_spin_lock(&family->lock);
	++*find(family, paddr);
	uk_spin_unlock(&family->lock);
}

bool vmem_share_is(const struct uk_vas *vas, uint64_t paddr)
{
	struct vmem_family *const family = vas->family;
	const uint64_t *count;
	bool shared;

	if (!family)
		return false;
	uk_spin_lock(&family->lock);
	count = find(family, paddr);
	shared = count && *count > 0;
	uk_spin_unlock(&family->lock);
	return shared;
}

bool vmem_share_hold(const struct uk_vas *vas, uint64_t paddr)
{
	struct vmem_family *const family = vas->family;
	uint64_t *count;
	bool shared;

	if (!family)
		return false;
	uk_spin_lock(&family->lock);
	count = find(family, paddr);
	shared = count && *count > 0;
	if (shared)
		++*count;
	uk_spin_unlock(&family->lock);
	return shared;
}

bool vmem_share_drop(const struct uk_vas *vas, uint64_t paddr)
{
	struct vmem_family *const family = vas->family;
	uint64_t *count;
	bool last;

	if (!family)
		return true;
	uk_spin_lock(&family->lock);
	count = find(family, paddr);
	last = !count || *count == 0;
	if (!last)
		--*count;
	uk_spin_unlock(&family->lock);
	return last;
}

int vmem_family_join(struct uk_vas *to, struct uk_vas *from)
{
	struct vmem_family *family = from->family;

	if (!family) {
		family = uk_zalloc(from->a, sizeof(*family));
		if (!family)
			return -ENOMEM;
		uk_spin_init(&family->lock);
		family->fa = from->fa;
		family->a = from->a;
		family->nmembers = 1;
		uk_spin_lock(&from->lock);
		from->family = family;
		uk_spin_unlock(&from->lock);
	}
	(void)__atomic_fetch_add(&family->nmembers, 1, __ATOMIC_RELAXED);
	to->family = family;
	return 0;
}

/* Give back @table's tables; @level is its own. Nothing is counted any more. */
static void free_tables(struct vmem_family *family, const uint64_t *table,
			unsigned int level)
{
	for (unsigned int i = 0; i < NENTRIES; i++) {
		UK_ASSERT(level > 0 || table[i] == 0);
		if (level == 0 || !table[i])
			continue;
		free_tables(family, table_at(table[i]), level - 1);
		(void)uk_ffree(family->fa, table[i], 1);
	}
}

void vmem_family_leave(struct uk_vas *vas)
{
	struct vmem_family *const family = vas->family;

	/* Acquire and release: what all members did comes before the end. */
	if (!family || __atomic_sub_fetch(&family->nmembers, 1,
					  __ATOMIC_ACQ_REL) > 0)
		return;
	free_tables(family, family->root, LEVELS - 1);
	uk_free(family->a, family);
}
