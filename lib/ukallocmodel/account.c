/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Blocks of palloc are counted by allocators that make them of others and not
 * by those that are made of pages, so these may be in the counts or not. Where
 * a layer lies over the allocator that keeps blocks back, and counts its own
 * bytes, nothing of this can be told; a block that is freed shows it.
 */
#include "model_priv.h"

#include <uk/config.h>

static bool keeps_back(struct uk_alloc *a)
{
	struct uk_alloc_stats before, after;

	if (uk_alloc_stats_get(a, &before) < 0)
		return true;
	uk_free(a, uk_malloc(a, 1));
	(void)uk_alloc_stats_get(a, &after);
	return before.cur_nb_allocs != after.cur_nb_allocs;
}

void model_account_begin(struct model_account *acc, struct uk_alloc_model *m)
{
	const bool is_layered = UK_IS_ENABLED(CONFIG_LIBUKALLOC_DEBUG) &&
				keeps_back(m->a);

	acc->counts = !m->is_shared && !is_layered &&
		      uk_alloc_stats_get(m->a, &acc->stats) == 0;
	acc->avail = acc->max = -1;
	if (!m->is_shared && !is_layered && m->reuses) {
		acc->avail = uk_alloc_availmem(m->a);
		acc->max = uk_alloc_maxalloc(m->a);
	}
}

const char *model_account_check(const struct model_account *acc,
				const struct uk_alloc_model *m)
{
	int64_t nblocks = 0, npages = 0, len = 0;
	struct uk_alloc_stats now;

	if (!acc->counts)
		return NULL;
	for (unsigned int i = 0; i < m->nblocks; i++) {
		if (!m->blocks[i].ptr)
			continue;
		if (m->blocks[i].kind == MODEL_PAGES) {
			npages++;
			continue;
		}
		nblocks++;
		len += (int64_t)m->blocks[i].size;
	}
	(void)uk_alloc_stats_get(m->a, &now);
	nblocks += acc->stats.cur_nb_allocs;
	len += acc->stats.cur_mem_use;
	if (now.cur_nb_allocs < nblocks ||
	    now.cur_nb_allocs > nblocks + npages)
		return "statistics count other blocks than there are";
	if (now.cur_mem_use < len)
		return "statistics count fewer bytes than are in use";
	if (now.max_nb_allocs < now.cur_nb_allocs ||
	    now.max_mem_use < now.cur_mem_use)
		return "a maximum of statistics was exceeded";
	return NULL;
}

const char *model_account_end(const struct model_account *acc,
			      const struct uk_alloc_model *m)
{
	struct uk_alloc_stats now;

	if (acc->counts) {
		(void)uk_alloc_stats_get(m->a, &now);
		if (now.cur_nb_allocs != acc->stats.cur_nb_allocs)
			return "statistics count blocks that were freed";
		if (now.cur_mem_use != acc->stats.cur_mem_use)
			return "statistics count bytes that were freed";
	}
	if (acc->avail >= 0 &&
	    uk_alloc_availmem(m->a) + (long)m->kept < acc->avail)
		return "less memory is there than before";
	if (acc->max >= 0 &&
	    uk_alloc_maxalloc(m->a) + (long)m->kept < acc->max)
		return "the largest block is smaller than before";
	return NULL;
}
