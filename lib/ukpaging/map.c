/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Mapping a range: one survey that changes nothing, then one pass that cannot
 * fail any more.
 *
 * Both walk alike: inside one table, entries that the range covers whole and
 * that may be leaves are done in one run; the others lead to the next lower
 * table. A table that is new is filled before anything points to it. The
 * second pass looks at entries only where the survey met present ones, so a
 * GiB in 2 MiB pages is one tight loop of 512 stores. Nothing is ever taken
 * out or split: a leaf that already maps the same memory in the same way, at
 * any level, is as good as a new one.
 *
 * The linear map begins at a multiple of what the root table covers, so the
 * offset into it can be used for every index below the root.
 */
#include "paging_priv.h"

#include <stdbool.h>

#include <uk/arch/paging.h>
#include <uk/assert.h>
#include <uk/errno.h>
#include <uk/essentials.h>

#define ROOT_LEVEL	(UKARCH_PT_LEVELS - 1)
#define RIGHTS_ALL	(UK_PAGE_READ | UK_PAGE_WRITE | UK_PAGE_EXEC)

/* A range and how it is mapped; paddr moves on as entries are written. */
struct job {
	struct paging_env *env;
	uint64_t paddr;
	uint64_t end;
	unsigned int prot;
	bool mixed;		/* there are entries where leaves would go */
};

static uint64_t entry_size(unsigned int level)
{
	return UINT64_C(1) << UKARCH_PT_SHIFT(level);
}

static unsigned int entry_index(uint64_t paddr, unsigned int level)
{
	return ((UKARCH_LINEAR_BASE + paddr) >> UKARCH_PT_SHIFT(level)) %
	       UKARCH_PT_ENTRIES;
}

/* Where the piece of @job that is in the entry at job->paddr ends. */
static uint64_t piece_end(const struct job *job, unsigned int level)
{
	const uint64_t size = entry_size(level);

	return UK_MIN(UK_ALIGN_DOWN(job->paddr, size) + size, job->end);
}

/* How many entries of one table, from the @i-th on, @job can fill as leaves. */
static unsigned int leaf_run(const struct job *job, unsigned int level,
			     unsigned int i)
{
	uint64_t run;

	if (level > job->env->leaf_max ||
	    !UK_IS_ALIGNED(job->paddr, entry_size(level)))
		return 0;
	run = (job->end - job->paddr) >> UKARCH_PT_SHIFT(level);
	return (unsigned int)UK_MIN(run, (uint64_t)(UKARCH_PT_ENTRIES - i));
}

/* Count @n leaves of @level as done. */
static void advance(struct job *job, unsigned int level, unsigned int n)
{
	job->paddr += (uint64_t)n << UKARCH_PT_SHIFT(level);
}

/* How many of the @run entries from @first on are not present, in a row. */
static unsigned int absent_run(const uint64_t *first, unsigned int run)
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
 * Is present entry @pte of @level a leaf like @want? Bits that no right
 * changes are not compared: the CPU sets some of them.
 */
static bool same_leaf(uint64_t pte, uint64_t want, unsigned int level)
{
	const uint64_t none = ukarch_pte_leaf(0, level, UK_PAGE_READ);
	const uint64_t mask =
		(none ^ ukarch_pte_leaf(0, level, RIGHTS_ALL)) |
		(none ^ ukarch_pte_leaf(0, level, UK_PAGE_READ |
					UK_PAGE_DEVICE)) |
		ukarch_pte_paddr(UINT64_MAX);

	return ukarch_pte_is_leaf(pte, level) && ((pte ^ want) & mask) == 0;
}

/*
 * How many of the @run entries from @entry on, in a row, are free for the
 * leaves of @job or are those leaves already.
 */
static unsigned int usable_run(struct job *job, const uint64_t *entry,
			       unsigned int level, unsigned int run)
{
	const uint64_t step = entry_size(level);
	const uint64_t want = ukarch_pte_leaf(job->paddr, level, job->prot);
	unsigned int n = absent_run(entry, run);

	while (n < run) {
		if (!ukarch_pte_present(entry[n])) {
			n += absent_run(entry + n, run - n);
			continue;
		}
		job->mixed = true;
		if (!same_leaf(entry[n], want + n * step, level))
			break;
		n++;
	}
	return n;
}

/* Is the one entry @pte, not a whole leaf of @job, a leaf that covers it? */
static bool covered(const struct job *job, uint64_t pte, unsigned int level)
{
	return same_leaf(pte, ukarch_pte_leaf(UK_ALIGN_DOWN(job->paddr,
							    entry_size(level)),
					      level, job->prot), level);
}

/*
 * Count in *@need the tables that the part of @job in @table (NULL: a table
 * that is not there yet) takes, to the end of the table; moves @job there.
 */
static int survey(struct job *job, const uint64_t *table, unsigned int level,
		  size_t *need)
{
	unsigned int i = entry_index(job->paddr, level);

	while (i < UKARCH_PT_ENTRIES && job->paddr < job->end) {
		unsigned int run = leaf_run(job, level, i);
		const uint64_t *lower = NULL;
		int rc;

		if (table && run)
			run = usable_run(job, table + i, level, run);
		if (run) {
			advance(job, level, run);
			i += run;
			continue;
		}
		if (!table || !ukarch_pte_present(table[i])) {
			++*need;
		} else if (!ukarch_pte_is_leaf(table[i], level)) {
			lower = job->env->table(job->env,
						ukarch_pte_paddr(table[i]));
		} else if (covered(job, table[i], level)) {
			job->paddr = piece_end(job, level);
			i++;
			continue;
		} else {
			return -EEXIST;
		}
		rc = survey(job, lower, level - 1, need);
		if (rc < 0)
			return rc;
		i++;
	}
	return 0;
}

/* Write @n leaves from @entry on, the first one for job->paddr. */
static void write_leaves(struct job *job, uint64_t *entry, unsigned int level,
			 unsigned int n)
{
	const uint64_t step = entry_size(level);
	uint64_t pte = ukarch_pte_leaf(job->paddr, level, job->prot);
	uint64_t *const end = entry + n;

	advance(job, level, n);

	/* Physical addresses are a plain field of an entry: add to it. */
	for (; end - entry >= 4; entry += 4) {
		entry[0] = pte;
		entry[1] = pte + step;
		entry[2] = pte + 2 * step;
		entry[3] = pte + 3 * step;
		pte += 4 * step;
	}
	for (; entry < end; pte += step)
		*entry++ = pte;
}

/* Do the part of @job that is in @table. */
static void fill(struct job *job, uint64_t *table, unsigned int level)
{
	unsigned int i = entry_index(job->paddr, level);

	while (i < UKARCH_PT_ENTRIES && job->paddr < job->end) {
		unsigned int run = leaf_run(job, level, i);
		uint64_t *lower;

		/* A page that is there is written again as it was. */
		if (job->mixed && level > 0)
			run = absent_run(table + i, run);
		if (run) {
			write_leaves(job, table + i, level, run);
			i += run;
			continue;
		}
		if (!ukarch_pte_present(table[i])) {
			lower = job->env->alloc(job->env);
			UK_ASSERT(lower);
			fill(job, lower, level - 1);
			/* A walk must not see the pointer before the table. */
			ukarch_pt_publish();
			table[i] = ukarch_pte_table(job->env->paddr(job->env,
								    lower));
		} else if (!ukarch_pte_is_leaf(table[i], level)) {
			lower = job->env->table(job->env,
						ukarch_pte_paddr(table[i]));
			fill(job, lower, level - 1);
		} else {
			job->paddr = piece_end(job, level);
		}
		i++;
	}
}

int paging_map(struct paging_env *env, uint64_t *root, uint64_t paddr,
	       uint64_t end, unsigned int prot)
{
	struct job job = { env, paddr, end, prot, false };
	size_t need = 0;
	int rc;

	rc = survey(&job, root, ROOT_LEVEL, &need);
	if (rc < 0)
		return rc;
	if (need > env->left(env))
		return -ENOMEM;

	job.paddr = paddr;
	fill(&job, root, ROOT_LEVEL);
	ukarch_pt_publish();
	return 0;
}
