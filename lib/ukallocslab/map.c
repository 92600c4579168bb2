/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What each frame of the heap is for: a table of pointers, one for each MiB
 * from the lowest address on, to leaves of one frame that have 16 bytes for
 * each frame of that MiB. A leaf is made when the heap gets the first frame
 * that it knows of; until then there is an empty one, the same for all, so that
 * free need not ask whether there is one. Behind the pointers the table has for
 * each how many frames are in use there: a leaf of none is given back with
 * what else nobody uses, lest one for each MiB keep memory in pieces for ever.
 *
 * It is read without a lock. Whoever has a block got it from somebody who saw
 * the entries for it, so he sees them. A table that becomes too short is copied
 * to a longer one, and stays: another CPU may be reading it, and memory is
 * added seldom. The table comes before its length. The one who frees a pointer
 * that is no block while memory is being added may see it the other way round.
 *
 * A header before each block would be quicker to find and costs 16 bytes for
 * each; one at the beginning of aligned spans rounds spans up and believes any
 * pointer.
 */
#include "slab_priv.h"

#include <uk/arch/paging.h>
#include <uk/essentials.h>
#include <uk/falloc.h>

#define LEAF		((size_t)1 << SLAB_LEAF_SHIFT)

/* Frames of a table for @nleaves. */
static size_t table_frames(size_t nleaves)
{
	return UK_DIV_ROUND_UP(nleaves * (sizeof(void *) + sizeof(uint16_t)),
			       PAGE);
}

uint64_t slab_map_most(struct uk_alloc *a)
{
	const struct uk_allocslab_shared *const sh = slab_shared(a);

	/* A leaf, and at first the table and the empty leaf. */
	return 1 + (slab_state(a)->map_len ? 0 : 1 +
		    table_frames((sh->end - sh->base) / LEAF + 1));
}

/* Have a table for all up to physical address @end; the lock is held. */
static bool grow(struct uk_alloc *a, uint64_t end)
{
	struct uk_allocslab_state *const s = slab_state(a);
	struct uk_allocslab_shared *const sh = s->shared;
	const size_t len = UK_ALIGN_UP(UK_MAX(end, sh->end) - sh->base, LEAF);
	const size_t nleaves = len / LEAF, nold = s->map_len / LEAF;
	const size_t n = table_frames(nleaves);
	uint64_t paddr, none;
	uint16_t *used;
	void **map;

	if (uk_falloc(sh->fa, &paddr, n, 0) < 0)
		return false;
	if (!sh->empty_leaf) {
		if (uk_falloc(sh->fa, &none, 1, UK_FALLOC_ZERO) < 0) {
			(void)uk_ffree(sh->fa, paddr, n);
			return false;
		}
		sh->empty_leaf = uk_phys_to_virt(none);
	}
	map = uk_phys_to_virt(paddr);
	used = (uint16_t *)(void *)(map + nleaves);
	for (size_t i = 0; i < nleaves; i++) {
		map[i] = i < nold ? s->map[i] : sh->empty_leaf;
		used[i] = i < nold ? sh->map_used[i] : 0;
	}
	sh->map_used = used;
	__atomic_store_n(&s->map, map, __ATOMIC_RELEASE);
	__atomic_store_n(&s->map_len, len, __ATOMIC_RELEASE);
	return true;
}

static bool add_leaf(struct uk_alloc *a, size_t i)
{
	struct uk_allocslab_state *const s = slab_state(a);
	uint64_t paddr;

	if (s->map[i] != s->shared->empty_leaf)
		return true;
	if (uk_falloc(s->shared->fa, &paddr, 1, UK_FALLOC_ZERO) < 0)
		return false;
	/* Release: whoever sees it sees that it is zero. */
	__atomic_store_n(&s->map[i], uk_phys_to_virt(paddr),
			 __ATOMIC_RELEASE);
	s->shared->map_nunused++;
	return true;
}

/* Of the bytes from @from to @to, the frames in leaf @i. */
static uint16_t frames_in(size_t i, size_t from, size_t to)
{
	const size_t begin = UK_MAX(i * LEAF, from);
	const size_t end = UK_MIN((i + 1) * LEAF, to);

	return (uint16_t)((end - begin) / PAGE);
}

bool slab_map_cover(struct uk_alloc *a, const void *ptr, size_t n)
{
	struct uk_allocslab_state *const s = slab_state(a);
	const size_t from = (uintptr_t)ptr - s->map_base;
	const size_t to = from + n * PAGE;
	struct uk_allocslab_shared *const sh = s->shared;
	bool ok;

	/* Below the base nothing can be known. */
	if ((uintptr_t)ptr < s->map_base)
		return false;
	uk_spin_lock(&sh->map_lock);
	ok = to <= s->map_len || grow(a, sh->base + to);
	for (size_t i = from / LEAF; ok && i * LEAF < to; i++)
		ok = add_leaf(a, i);
	for (size_t i = from / LEAF; ok && i * LEAF < to; i++) {
		sh->map_nunused -= sh->map_used[i] == 0;
		sh->map_used[i] += frames_in(i, from, to);
	}
	uk_spin_unlock(&sh->map_lock);
	return ok;
}

void slab_map_leave(struct uk_alloc *a, const void *ptr, size_t n)
{
	const size_t from = (uintptr_t)ptr - slab_state(a)->map_base;
	const size_t to = from + n * PAGE;
	struct uk_allocslab_shared *const sh = slab_shared(a);

	uk_spin_lock(&sh->map_lock);
	for (size_t i = from / LEAF; i * LEAF < to; i++) {
		sh->map_used[i] -= frames_in(i, from, to);
		sh->map_nunused += sh->map_used[i] == 0;
	}
	uk_spin_unlock(&sh->map_lock);
}

bool slab_map_drop(struct uk_alloc *a)
{
	struct uk_allocslab_state *const s = slab_state(a);
	struct uk_allocslab_shared *const sh = s->shared;
	size_t n;

	uk_spin_lock(&sh->map_lock);
	n = sh->map_nunused;
	for (size_t i = 0; sh->map_nunused; i++) {
		void *const leaf = s->map[i];

		if (sh->map_used[i] || leaf == sh->empty_leaf)
			continue;
		/* Nobody has a block there, so nobody is reading it. */
		__atomic_store_n(&s->map[i], sh->empty_leaf,
				 __ATOMIC_RELAXED);
		(void)uk_ffree(sh->fa, uk_virt_to_phys(leaf), 1);
		sh->map_nunused--;
	}
	uk_spin_unlock(&sh->map_lock);
	return n != 0;
}
