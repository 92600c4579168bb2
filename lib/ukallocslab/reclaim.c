/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Memory that nobody uses goes back to the frames: what CPUs have in their
 * lists, the span that each class keeps, and leaves of the page map.
 *
 * Before a request fails all of it goes, and what others keep of the same
 * frames; so it does when others ask for frames. When more frames are in use
 * than ever, by a part, lists of this CPU go before the heap takes one, if the
 * spans of their class are free for the most part: a list of 100 blocks may
 * keep 100 of them. A CPU that is idle gives back its own when that has
 * happened 16 times without that a list had to be filled or emptied in
 * between: one that waits for the next packet keeps what it works with.
 */
#include "slab_priv.h"

#include <uk/essentials.h>
#include <uk/falloc.h>
#include <uk/preempt.h>

#define IDLE_ROUNDS	16u

/* More than before is such a part more, and so many bytes. */
#define TRIM_PART	64u
#define TRIM_LEAST	(UINT64_C(64) << 10)

bool slab_reclaim_lists(struct uk_alloc *a)
{
	size_t n = 0;

	for (unsigned int c = 1; c <= UK_ALLOCSLAB_CLASSES; c++)
		n += slab_empty_list(a, c);
	return n != 0;
}

/* Of one class that keeps a span. Returns false if none does. */
static bool drop_one(struct uk_alloc *a)
{
	for (unsigned int c = 1; c <= UK_ALLOCSLAB_CLASSES; c++)
		if (slab_drop_kept(a, c))
			return true;
	return false;
}

/* Bytes of all frames that somebody has. */
static uint64_t used_memory(const struct uk_falloc *fa)
{
	return __atomic_load_n(&fa->total_memory, __ATOMIC_RELAXED) -
	       __atomic_load_n(&fa->free_memory, __ATOMIC_RELAXED);
}

void slab_trim(struct uk_alloc *a)
{
	struct uk_allocslab_shared *const sh = slab_shared(a);
	uint64_t used = used_memory(sh->fa);

	if (UK_LIKELY(used <= __atomic_load_n(&sh->high_mark,
					      __ATOMIC_RELAXED)))
		return;
	for (unsigned int c = 1; c < SLAB_MEDIUM; c++)
		slab_trim_class(a, c);
	(void)slab_medium_drop_kept(a);
	used = used_memory(sh->fa);
	used += UK_MAX(used / TRIM_PART, TRIM_LEAST);
	__atomic_store_n(&sh->high_mark, used, __ATOMIC_RELAXED);
}

void slab_reclaim_own(struct uk_alloc *a)
{
	uk_preempt_disable();
	(void)slab_reclaim_lists(a);
	uk_preempt_enable();
	slab_reclaim_others(a);
	for (unsigned int c = 1; c <= UK_ALLOCSLAB_CLASSES; c++)
		(void)slab_drop_kept(a, c);
	(void)slab_map_drop(a);
}

void slab_reclaim(struct uk_alloc *a)
{
	slab_reclaim_own(a);
	(void)uk_falloc_reclaim(slab_shared(a)->fa, a);
}

/* A piece of work, if this CPU's lists have been at rest. */
static bool idle_piece(struct uk_alloc *a)
{
	struct uk_allocslab_state *const s =
		uk_percpu_ptr(*slab_state(a), ukarch_percpu());

	if (s->nmoves != s->nmoves_seen) {
		s->nmoves_seen = s->nmoves;
		s->nidle = 0;
		return false;
	}
	if (s->nidle > IDLE_ROUNDS)
		return false;
	if (s->nidle < IDLE_ROUNDS) {
		s->nidle++;
		return false;
	}
	for (unsigned int c = 1; c <= UK_ALLOCSLAB_CLASSES; c++)
		if (slab_empty_list(a, c))
			return true;
	if (drop_one(a) || slab_map_drop(a))
		return true;
	s->nidle++;
	return false;
}

bool slab_idle(struct uk_alloc *a)
{
	bool more;

	uk_preempt_disable();
	more = idle_piece(a);
	uk_preempt_enable();
	return more;
}
