/* SPDX-License-Identifier: BSD-3-Clause */
/* Counting, for CONFIG_LIBUKALLOC_IFSTATS; else see nostats.c. */
#include <uk/alloc_impl.h>

#include <stddef.h>

#include <uk/essentials.h>

_Static_assert(offsetof(struct uk_alloc, _stats) ==
	       offsetof(struct uk_alloc, addmem) + sizeof(void *),
	       "struct uk_alloc has its published order");

void uk_alloc_stats_reset(struct uk_alloc *a)
{
	a->_stats = (struct uk_alloc_stats){ .min_alloc_size = SIZE_MAX };
}

/* Bytes in use went from @from to @to. */
static void count_bytes(struct uk_alloc_stats *s, size_t from, size_t to)
{
	s->cur_mem_use += (int64_t)to - (int64_t)from;
	s->max_mem_use = UK_MAX(s->max_mem_use, s->cur_mem_use);
}

static void count_request(struct uk_alloc_stats *s, size_t size)
{
	s->last_alloc_size = size;
	s->max_alloc_size = UK_MAX(s->max_alloc_size, size);
	s->min_alloc_size = UK_MIN(s->min_alloc_size, size);
}

void uk_alloc_stats_alloc(struct uk_alloc *a, const void *ptr, size_t size)
{
	struct uk_alloc_stats *const s = &a->_stats;

	if (!ptr) {
		s->nb_enomem++;
		return;
	}
	count_request(s, size);
	count_bytes(s, 0, size);
	s->tot_nb_allocs++;
	s->cur_nb_allocs++;
	s->max_nb_allocs = UK_MAX(s->max_nb_allocs, s->cur_nb_allocs);
}

void uk_alloc_stats_free(struct uk_alloc *a, size_t size)
{
	struct uk_alloc_stats *const s = &a->_stats;

	count_bytes(s, size, 0);
	s->tot_nb_frees++;
	s->cur_nb_allocs--;
}

void uk_alloc_stats_resize(struct uk_alloc *a, size_t from, size_t to)
{
	count_request(&a->_stats, to);
	count_bytes(&a->_stats, from, to);
}

int uk_alloc_stats_get(const struct uk_alloc *a, struct uk_alloc_stats *stats)
{
	*stats = a->_stats;
	if (stats->tot_nb_allocs == 0)
		stats->min_alloc_size = 0;
	return 0;
}
