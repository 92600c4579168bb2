/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The allocator behind <uk/falloc.h>: zones, memory coming and going, the lock.
 *
 * A request is tried zone by zone, the high ones first, so that low memory is
 * left for devices that need it: in a block that has it whole, then in memory
 * that was never in use. If no zone has it there, it may still exist across
 * blocks or zones, and is searched for (search.c).
 */
#include <uk/fallocbuddy.h>

#include <stdbool.h>

#include <uk/arch/paging.h>
#include <uk/config.h>
#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/string.h>

#include "fallocbuddy_priv.h"

static struct uk_fallocbuddy *buddy_of(struct uk_falloc *fa)
{
	return UK_CONTAINER_OF(fa, struct uk_fallocbuddy, fa);
}

/* Zones that @flags allow are those below this. */
static unsigned int zones_for(unsigned long flags)
{
	if (flags & UK_FALLOC_BELOW_16M)
		return 1;
	return flags & UK_FALLOC_BELOW_4G ? 2 : UK_FALLOCBUDDY_ZONES;
}

static uint64_t align_for(unsigned long flags)
{
	const unsigned int shift = UK_FALLOC_ALIGN_SHIFT(flags);

	return shift > UKARCH_PAGE_SHIFT ?
	       UINT64_C(1) << (shift - UKARCH_PAGE_SHIFT) : 1;
}

/* @n frames more are free, or -@n less; the lock is held. */
static void count(struct uk_fallocbuddy *fb, int64_t n)
{
	const uint64_t bytes = fb->fa.free_memory +
			       (uint64_t)(n * UKARCH_PAGE_SIZE);

	__atomic_store_n(&fb->fa.free_memory, bytes, __ATOMIC_RELAXED);
}

/* Take the frames from @pfn on, which are free and may be in many areas. */
static void claim(struct uk_fallocbuddy *fb, uint64_t pfn, uint64_t n)
{
	const uint64_t end = pfn + n;

	while (pfn < end) {
		struct buddy_area *const a = buddy_area_of(fb, pfn);
		const uint64_t stop = UK_MIN(end, a->end);

		buddy_claim(a, pfn, stop);
		pfn = stop;
	}
}

static uint64_t search(struct uk_fallocbuddy *fb, uint64_t n, uint64_t align,
		       uint64_t from, uint64_t to)
{
	uint64_t pfn;

	if (n > PFN(fb->fa.free_memory))
		return NO_PFN;
	pfn = buddy_find(fb, n, align, from, to);
	if (pfn == NO_PFN)
		return NO_PFN;
	claim(fb, pfn, n);
	count(fb, -(int64_t)n);
	return pfn;
}

uint64_t buddy_take_quick(struct uk_fallocbuddy *fb, uint64_t n,
			  uint64_t align, unsigned int nzones)
{
	for (unsigned int z = nzones; z-- > 0;) {
		uint64_t pfn = buddy_take_listed(&fb->zones[z], n, align);

		if (pfn == NO_PFN)
			pfn = buddy_take_fresh(&fb->zones[z], n, align);
		if (pfn != NO_PFN) {
			count(fb, -(int64_t)n);
			return pfn;
		}
	}
	return NO_PFN;
}

static uint64_t take(struct uk_fallocbuddy *fb, uint64_t n,
		     unsigned long flags)
{
	const unsigned int nzones = zones_for(flags);
	const uint64_t align = align_for(flags);
	const uint64_t pfn = buddy_take_quick(fb, n, align, nzones);

	/* A single frame is a block, or there is none. */
	if (pfn != NO_PFN || (n == 1 && align == 1))
		return pfn;
	return search(fb, n, align, 0, buddy_zone_end(nzones - 1));
}

void buddy_zero(struct uk_fallocbuddy *fb, uint64_t pfn, uint64_t n)
{
	const uint64_t end = pfn + n;

	while (pfn < end) {
		const struct buddy_area *const a = buddy_area_of(fb, pfn);
		const uint64_t stop = UK_MIN(end, a->end);

		memset((void *)(uintptr_t)(PADDR(pfn) + a->offset), 0,
		       PADDR(stop - pfn));
		pfn = stop;
	}
}

/* What was taken goes to the caller, without the lock. */
static int finish(struct uk_fallocbuddy *fb, uint64_t pfn, uint64_t n,
		  unsigned long flags, uint64_t *paddr)
{
	if (pfn == NO_PFN)
		return -ENOMEM;
	if (flags & UK_FALLOC_ZERO)
		buddy_zero(fb, pfn, n);
	*paddr = PADDR(pfn);
	return 0;
}

int buddy_falloc(struct uk_falloc *fa, uint64_t *paddr, unsigned long nframes,
		 unsigned long flags)
{
	struct uk_fallocbuddy *const fb = buddy_of(fa);
	unsigned long irq = uk_spin_lock_irqsave(&fb->lock);
	uint64_t pfn = take(fb, nframes, flags);

	uk_spin_unlock_irqrestore(&fb->lock, irq);
	if (pfn == NO_PFN && buddy_cache_used(fb)) {
		irq = buddy_cache_lock_all(fb);
		pfn = take(fb, nframes, flags);
		buddy_cache_unlock_all(fb, irq);
	}
	return finish(fb, pfn, nframes, flags, paddr);
}

static int buddy_falloc_from_range(struct uk_falloc *fa, uint64_t *paddr,
				   unsigned long nframes, unsigned long flags,
				   uint64_t min, uint64_t max)
{
	struct uk_fallocbuddy *const fb = buddy_of(fa);
	const uint64_t to = UK_MIN(PFN(max),
				   buddy_zone_end(zones_for(flags) - 1));
	const uint64_t align = align_for(flags);
	unsigned long irq = uk_spin_lock_irqsave(&fb->lock);
	uint64_t pfn = search(fb, nframes, align, PFN(min), to);

	uk_spin_unlock_irqrestore(&fb->lock, irq);
	if (pfn == NO_PFN && buddy_cache_used(fb)) {
		irq = buddy_cache_lock_all(fb);
		pfn = search(fb, nframes, align, PFN(min), to);
		buddy_cache_unlock_all(fb, irq);
	}
	return finish(fb, pfn, nframes, flags, paddr);
}

/* Are the frames from @pfn to @end in our areas, and were they given out? */
static bool is_ours(struct uk_fallocbuddy *fb, uint64_t pfn, uint64_t end)
{
	while (pfn < end) {
		const struct buddy_area *const a = buddy_area_of(fb, pfn);

		if (!a || UK_MIN(end, a->end) > a->fresh)
			return false;
		pfn = a->end;
	}
	return true;
}

void buddy_put(struct uk_fallocbuddy *fb, uint64_t pfn, uint64_t end)
{
	count(fb, (int64_t)(end - pfn));
	while (pfn < end) {
		struct buddy_area *const a = buddy_area_of(fb, pfn);
		const uint64_t stop = UK_MIN(end, a->end);

		buddy_give(a, pfn, stop - pfn);
		pfn = stop;
	}
}

int buddy_ffree(struct uk_falloc *fa, uint64_t paddr, unsigned long nframes)
{
	struct uk_fallocbuddy *const fb = buddy_of(fa);
	const uint64_t pfn = PFN(paddr), end = pfn + nframes;
	unsigned long irq;
	int rc = -EFAULT;

	if (UK_IS_ENABLED(CONFIG_LIBUKFALLOC_DEBUG))
		buddy_check_run(fb, pfn, nframes);
	irq = uk_spin_lock_irqsave(&fb->lock);
	if (end > pfn && is_ours(fb, pfn, end)) {
		buddy_put(fb, pfn, end);
		rc = 0;
	}
	uk_spin_unlock_irqrestore(&fb->lock, irq);
	return rc;
}

static bool overlaps(struct uk_fallocbuddy *fb, uint64_t pfn, uint64_t end)
{
	const struct buddy_area *a = NULL;

	while ((a = buddy_area_next(fb, a)) != NULL)
		if (a->first < end && a->meta_end > pfn)
			return true;
	return false;
}

static void insert(struct uk_fallocbuddy_zone *zone, struct buddy_area *a)
{
	struct buddy_area **at = &zone->areas;

	while (*at && (*at)->first < a->first)
		at = &(*at)->next;
	a->next = *at;
	/* Pairs with the acquire in buddy_area_of(). */
	__atomic_store_n(at, a, __ATOMIC_RELEASE);
}

/*
 * Make areas, one for each zone, of the frames from @pfn to @end; @nmeta more
 * are metadata.
 */
static void add_areas(struct uk_fallocbuddy *fb, struct buddy_area *a,
		      uint64_t pfn, uint64_t end, unsigned long nmeta,
		      uintptr_t offset)
{
	uint8_t *state = (uint8_t *)(a + UK_FALLOCBUDDY_ZONES);

	count(fb, (int64_t)(end - pfn));
	__atomic_store_n(&fb->fa.total_memory,
			 fb->fa.total_memory + PADDR(end - pfn),
			 __ATOMIC_RELAXED);
	for (; pfn < end; a++) {
		const unsigned int z = buddy_zone_of(pfn);
		const uint64_t stop = UK_MIN(end, buddy_zone_end(z));

		*a = (struct buddy_area){
			.zone = &fb->zones[z], .first = pfn, .end = stop,
			.meta_end = stop == end ? end + nmeta : stop,
			.fresh = pfn, .offset = offset, .state = state,
		};
		insert(a->zone, a);
		state += stop - pfn;
		pfn = stop;
	}
}

size_t uk_fallocbuddy_metadata_len(unsigned long nframes)
{
	return UK_FALLOCBUDDY_ZONES * sizeof(struct buddy_area) + nframes;
}

/* @nmeta frames after the @nframes ones are the allocator's own too. */
static int add(struct uk_fallocbuddy *fb, void *metadata, uint64_t paddr,
	       unsigned long nframes, unsigned long nmeta, uintptr_t offset)
{
	const uint64_t pfn = PFN(paddr), end = pfn + nframes;
	unsigned long irq;
	int rc = -EEXIST;

	if (!UK_IS_ALIGNED(paddr, UKARCH_PAGE_SIZE) || end <= pfn)
		return -EINVAL;
	irq = uk_spin_lock_irqsave(&fb->lock);
	if (!overlaps(fb, pfn, end + nmeta)) {
		add_areas(fb, metadata, pfn, end, nmeta, offset);
		rc = 0;
	}
	uk_spin_unlock_irqrestore(&fb->lock, irq);
	return rc;
}

int uk_fallocbuddy_addmem(struct uk_fallocbuddy *fb, void *metadata,
			  uint64_t paddr, unsigned long nframes,
			  uintptr_t offset)
{
	return add(fb, metadata, paddr, nframes, 0, offset);
}

/* The last frames hold what is to be known of the others. */
static int buddy_addmem(struct uk_falloc *fa, uint64_t paddr,
			unsigned long nframes)
{
	const unsigned long nmeta =
		UK_DIV_ROUND_UP(uk_fallocbuddy_metadata_len(nframes),
				(unsigned long)UKARCH_PAGE_SIZE);

	if (nframes <= nmeta)
		return -EINVAL;
	nframes -= nmeta;
	return add(buddy_of(fa), uk_phys_to_virt(paddr + PADDR(nframes)),
		   paddr, nframes, nmeta, UKARCH_LINEAR_BASE);
}

static void buddy_stats(struct uk_falloc *fa, struct uk_falloc_stats *stats)
{
	struct uk_fallocbuddy *const fb = buddy_of(fa);
	const unsigned long irq = buddy_cache_lock_all(fb);
	const struct buddy_area *a = NULL;

	*stats = (struct uk_falloc_stats){
		.total = PFN(fa->total_memory),
		.free = PFN(fa->free_memory),
		.largest_run = buddy_longest(fb),
	};
	for (unsigned int z = 0; z < UK_FALLOCBUDDY_ZONES; z++)
		for (unsigned int order = 0; order < ORDERS; order++) {
			const struct uk_list *const head =
				&fb->zones[z].blocks[order];

			for (const struct uk_list *at = head->next;
			     at != head; at = at->next)
				stats->nblocks[order]++;
		}
	while ((a = buddy_area_next(fb, a)) != NULL)
		stats->fresh += a->end - a->fresh;
	buddy_cache_unlock_all(fb, irq);
}

void uk_fallocbuddy_init(struct uk_fallocbuddy *fb)
{
	*fb = (struct uk_fallocbuddy){
		.fa = {
			.falloc = buddy_falloc,
			.falloc_from_range = buddy_falloc_from_range,
			.ffree = buddy_ffree,
			.addmem = buddy_addmem,
			.stats = buddy_stats,
		},
		.lock = UK_SPINLOCK_INIT,
	};
	for (unsigned int z = 0; z < UK_FALLOCBUDDY_ZONES; z++) {
		struct uk_fallocbuddy_zone *const zone = &fb->zones[z];

		for (unsigned int order = 0; order < ORDERS; order++)
			uk_list_init(&zone->blocks[order]);
	}
}
