/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Mapping a range: for boot-time callers who must not fail half-way, a survey
 * that changes nothing; then one pass.
 *
 * The range is done in pieces, each from the root down: entries of one table,
 * in a row, that the range covers whole and that may be leaves. A table that
 * is new is filled before anything points to it, and cleared only where it is
 * not, so a GiB in 2 MiB pages is one tight loop of 512 stores. A chain of new
 * tables is connected last: a walk sees all of it or nothing, and it is simply
 * given back if memory for it runs out. Nothing is ever taken out or split
 * here: in the linear map a leaf that already maps the same memory in the same
 * way, at any level, is as good as a new one.
 */
#include "paging_priv.h"

#include <stdbool.h>

#include <uk/arch/paging.h>
#include <uk/assert.h>
#include <uk/compiler.h>
#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/string.h>

static unsigned int entry_index(const struct paging_job *job,
				unsigned int level)
{
	return paging_index(job->paddr + job->delta, level);
}

/* The table that @pte points to. */
static uint64_t *table_at(const struct paging_env *env, uint64_t pte)
{
	return (uint64_t *)(uintptr_t)(ukarch_pte_paddr(pte) + env->offset);
}

/* Where the part of @job that is in the entry at job->paddr ends. */
static uint64_t piece_end(const struct paging_job *job, unsigned int level)
{
	const uint64_t size = paging_size(level);

	return UK_MIN(UK_ALIGN_DOWN(job->paddr, size) + size, job->end);
}

/* How many entries of one table, from the @i-th on, @job can fill as leaves. */
static unsigned int leaf_run(const struct paging_job *job, unsigned int level,
			     unsigned int i)
{
	uint64_t run;

	if (level > job->env->leaf_max ||
	    !UK_IS_ALIGNED(job->paddr | job->delta, paging_size(level)))
		return 0;
	run = (job->end - job->paddr) >> UKARCH_PT_SHIFT(level);
	return (unsigned int)UK_MIN(run, (uint64_t)(UKARCH_PT_ENTRIES - i));
}

/* Count @n leaves of @level as done. */
static void advance(struct paging_job *job, unsigned int level, unsigned int n)
{
	job->paddr += (uint64_t)n << UKARCH_PT_SHIFT(level);
}

/*
 * Is present entry @pte a leaf that maps job->paddr as @job asks for? Bits
 * that no right changes are not compared: the CPU sets some of them.
 */
static bool covered(const struct paging_job *job, uint64_t pte,
		    unsigned int level)
{
	return ukarch_pte_is_leaf(pte, level) &&
	       ukarch_pte_paddr(pte) ==
	       UK_ALIGN_DOWN(job->paddr, paging_size(level)) &&
	       ((ukarch_pte_prot(pte) ^ job->prot) & ~UK_PAGE_GLOBAL) == 0;
}

/*
 * Count in *@need the tables that the part of @job in @table (NULL: a table
 * that is not there yet) takes, to the end of the table; moves @job there.
 */
static int survey(struct paging_job *job, const uint64_t *table,
		  unsigned int level, size_t *need)
{
	unsigned int i = entry_index(job, level);

	for (; i < UKARCH_PT_ENTRIES && job->paddr < job->end; i++) {
		const uint64_t pte = table ? table[i] : 0;
		const uint64_t *lower = NULL;
		unsigned int run;
		int rc;

		if (!ukarch_pte_present(pte)) {
			run = leaf_run(job, level, i);
			if (run && table)
				run = paging_absent_run(table + i, run);
			if (run) {
				advance(job, level, run);
				i += run - 1;
				continue;
			}
			++*need;
		} else if (!ukarch_pte_is_leaf(pte, level)) {
			lower = table_at(job->env, pte);
		} else if (covered(job, pte, level)) {
			job->paddr = piece_end(job, level);
			continue;
		} else {
			return -EEXIST;
		}
		rc = survey(job, lower, level - 1, need);
		if (rc < 0)
			return rc;
	}
	return 0;
}

/*
 * Write @n leaves from @entry on, the first one for job->paddr. Physical
 * addresses are a plain field of an entry: an addition and a store for each.
 */
static void write_leaves(struct paging_job *job, uint64_t *entry,
			 unsigned int level, unsigned int n)
{
	const uint64_t step = paging_size(level);
	uint64_t pte = ukarch_pte_leaf(job->paddr, level, job->prot);

	advance(job, level, n);

	for (; n >= 16; n -= 16, entry += 16, pte += step) {
		entry[0] = pte;
		entry[1] = pte += step;
		entry[2] = pte += step;
		entry[3] = pte += step;
		entry[4] = pte += step;
		entry[5] = pte += step;
		entry[6] = pte += step;
		entry[7] = pte += step;
		entry[8] = pte += step;
		entry[9] = pte += step;
		entry[10] = pte += step;
		entry[11] = pte += step;
		entry[12] = pte += step;
		entry[13] = pte += step;
		entry[14] = pte += step;
		entry[15] = pte += step;
	}
	for (; n; n--, pte += step)
		*entry++ = pte;
}

/* Clear the entries of @table but for @n from @first on. */
static void clear_but(uint64_t *table, unsigned int first, unsigned int n)
{
	const unsigned int end = first + n;

	memset(table, 0, first * sizeof(*table));
	memset(table + end, 0, (UKARCH_PT_ENTRIES - end) * sizeof(*table));
}

/* Give back the new tables from the one that @pte of @level leads to. */
static void drop_chain(struct paging_job *job, uint64_t pte,
		       unsigned int level)
{
	while (pte) {
		uint64_t *const table = table_at(job->env, pte);

		pte = table[entry_index(job, --level)];
		job->env->free(job->env, table);
	}
}

/*
 * Do the next piece of @job below the root @table. A chain of new tables
 * begins at entry *@top, of @top_level, in a table that there was before.
 */
static UK_ALWAYS_INLINE int fill_piece(struct paging_job *job,
				       uint64_t *table)
{
	struct paging_env *const env = job->env;
	uint64_t *top = NULL, *up = NULL, *last = NULL;
	uint64_t chain = 0;
	unsigned int level = env->levels - 1, top_level = level;
	unsigned int run;

	for (;; level--) {
		const unsigned int i = entry_index(job, level);
		uint64_t *const entry = table + i;

		if (!top && ukarch_pte_present(*entry)) {
			if (!ukarch_pte_is_leaf(*entry, level)) {
				up = entry;
				table = table_at(env, *entry);
				continue;
			}
			if (job->fresh || !covered(job, *entry, level))
				return -EEXIST;
			job->paddr = piece_end(job, level);
			return 0;
		}
		run = leaf_run(job, level, i);
		if (run && !top)
			run = paging_absent_run(entry, run);
		if (top)
			clear_but(table, i, run);
		if (run) {
			write_leaves(job, entry, level, run);
			break;
		}
		table = env->alloc(env);
		if (!table) {
			drop_chain(job, chain, top_level);
			return -ENOMEM;
		}
		last = top ? entry : &chain;
		if (!top) {
			top = entry;
			top_level = level;
		}
		*last = ukarch_pte_table((uintptr_t)table - env->offset) +
			PAGING_COUNT_ONE;
	}
	if (top) {
		*last += (run - 1) * PAGING_COUNT_ONE;
		/* A walk must not see the pointer before the tables. */
		ukarch_pt_publish();
		*top = chain;
		run = 1;
	}
	if (up)
		*up += run * PAGING_COUNT_ONE;
	return 0;
}

int paging_fill(struct paging_job *job, uint64_t *root)
{
	int rc = 0;

	while (job->paddr < job->end && rc == 0)
		rc = fill_piece(job, root);
	ukarch_pt_publish();
	return rc;
}

static struct paging_job linear(struct paging_env *env, uint64_t paddr,
				uint64_t end, unsigned int prot)
{
	return (struct paging_job){
		.env = env,
		.delta = UKARCH_LINEAR_BASE,
		.paddr = paddr,
		.end = end,
		.prot = prot | UK_PAGE_GLOBAL,
	};
}

int paging_extend(struct paging_env *env, uint64_t *root, uint64_t paddr,
		  uint64_t end, unsigned int prot)
{
	struct paging_job job = linear(env, paddr, end, prot);

	return paging_fill(&job, root);
}

int paging_map(struct paging_env *env, uint64_t *root, uint64_t paddr,
	       uint64_t end, unsigned int prot)
{
	struct paging_job job = linear(env, paddr, end, prot);
	size_t need = 0;
	int rc;

	/* One page fails before it changes anything, or not at all. */
	if (end - paddr == paging_size(0))
		return paging_fill(&job, root);

	rc = survey(&job, root, env->levels - 1, &need);
	if (rc < 0)
		return rc;
	if (need > env->left(env))
		return -ENOMEM;

	rc = paging_extend(env, root, paddr, end, prot);
	UK_ASSERT(rc == 0);
	return rc;
}
