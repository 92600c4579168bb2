/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <uk/arch/paging.h>
#include <uk/compiler.h>

/*
 * Filling tables. It knows no boot data and no memory but what these functions
 * give it, so tests run it over tables of their own.
 */
struct paging_env {
	/* A page for a table, whatever is in it; NULL: none left. */
	uint64_t *(*alloc)(struct paging_env *env);
	/* Take back one that alloc() gave. */
	void (*free)(struct paging_env *env, uint64_t *table);
	/* How many alloc() still gives; for paging_map(). */
	size_t (*left)(struct paging_env *env);
	uint64_t offset;	/* of a table's address from its physical one */
	unsigned int levels;
	unsigned int leaf_max;	/* the highest level of leaves */
};

/* Where RAM has the tables that uk_paging_init() made; 0: nowhere. */
uint64_t paging_tables(void);

/* What is to be mapped: from @paddr on, which moves on as it is done. */
struct paging_job {
	struct paging_env *env;
	uint64_t delta;		/* virtual address - physical address */
	uint64_t paddr, end;
	unsigned int prot;
	bool fresh;		/* there is nothing yet; else: or the same */
};

/* How many entries of a table are present, in the entry that leads to it. */
#define PAGING_COUNT_ONE	(UINT64_C(1) << UKARCH_PT_COUNT_SHIFT)

static inline uint64_t paging_count(uint64_t pte)
{
	return pte / PAGING_COUNT_ONE % 1024;
}

static inline uint64_t paging_size(unsigned int level)
{
	return UINT64_C(1) << UKARCH_PT_SHIFT(level);
}

static inline unsigned int paging_index(uint64_t vaddr, unsigned int level)
{
	return (vaddr >> UKARCH_PT_SHIFT(level)) % UKARCH_PT_ENTRIES;
}

/* How many of the @run entries from @first on are not present, in a row. */
static inline unsigned int paging_absent_run(const uint64_t *first,
					     unsigned int run)
{
	const uint64_t *const end = first + run;
	const uint64_t *e = first;

	/* Nobody writes entries that are not present and not 0 either. */
	while (end - e >= 8 && !(e[0] | e[1] | e[2] | e[3] |
				 e[4] | e[5] | e[6] | e[7]))
		e += 8;
	while (e < end && !ukarch_pte_present(*e))
		e++;
	return (unsigned int)(e - first);
}

/*
 * Do @job below the root table @root. Returns 0; or -EEXIST or -ENOMEM at
 * job->paddr, up to which it has been done.
 */
UK_MUST_USE
int paging_fill(struct paging_job *job, uint64_t *root);

/*
 * Map physical @paddr to @end at their place in the linear map below the root
 * table @root. Errors as uk_paging_map_linear().
 */
UK_MUST_USE
int paging_map(struct paging_env *env, uint64_t *root, uint64_t paddr,
	       uint64_t end, unsigned int prot);

/*
 * The same in one walk, for the boot, which ends if it fails: then a part may
 * be mapped.
 */
UK_MUST_USE
int paging_extend(struct paging_env *env, uint64_t *root, uint64_t paddr,
		  uint64_t end, unsigned int prot);
