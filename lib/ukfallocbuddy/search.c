/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Runs that no single block has, or that must lie in a range: all areas are
 * walked by address, a free block at a step and frames in use eight at a step.
 * That is slow where much is in use, but finds whatever there is, across blocks
 * and areas that lie side by side. It ends where the range does, so that to ask
 * for one place is quick.
 */
#include "fallocbuddy_priv.h"

#include <uk/essentials.h>
#include <uk/string.h>

/* Eight of BUDDY_HEAD. */
#define HEADS		UINT64_C(0x8080808080808080)

uint64_t buddy_zone_end(unsigned int z)
{
	return z == 0 ? PFN(UINT64_C(16) << 20) :
	       z == 1 ? PFN(UINT64_C(4) << 30) : NO_PFN;
}

unsigned int buddy_zone_of(uint64_t pfn)
{
	return pfn < buddy_zone_end(0) ? 0 : pfn < buddy_zone_end(1) ? 1 : 2;
}

struct buddy_area *buddy_area_of(struct uk_fallocbuddy *fb, uint64_t pfn)
{
	struct buddy_area **at = &fb->zones[buddy_zone_of(pfn)].areas;
	struct buddy_area *a;

	/* Pairs with the release in insert(). */
	while ((a = __atomic_load_n(at, __ATOMIC_ACQUIRE)) != NULL) {
		if (pfn >= a->first && pfn < a->end)
			return a;
		at = &a->next;
	}
	return NULL;
}

struct buddy_area *buddy_area_next(struct uk_fallocbuddy *fb,
				   const struct buddy_area *a)
{
	struct uk_fallocbuddy_zone *zone = a ? a->zone : fb->zones;
	struct buddy_area *next = a ? a->next : zone->areas;

	while (!next && ++zone < fb->zones + UK_FALLOCBUDDY_ZONES)
		next = zone->areas;
	return next;
}

/* The next frame from @pfn on, below @end, that is a block's first, or @end. */
static uint64_t next_head(const struct buddy_area *a, uint64_t pfn,
			  uint64_t end)
{
	const uint8_t *state = a->state + (pfn - a->first);
	uint64_t eight;

	for (; pfn < end; pfn++, state++) {
		if (*state & BUDDY_HEAD)
			return pfn;
		for (; end - pfn > 8; pfn += 8, state += 8) {
			memcpy(&eight, state + 1, sizeof(eight));
			if (eight & HEADS)
				break;
		}
	}
	return end;
}

/* The first free frame of @a from @pfn on, or one from @to or its end on. */
static uint64_t next_free(const struct buddy_area *a, uint64_t pfn,
			  uint64_t to)
{
	if (pfn >= a->fresh || buddy_block_of(a, pfn) != NO_PFN)
		return pfn;
	if (to > a->fresh)
		return next_head(a, pfn, a->fresh);
	pfn = next_head(a, pfn, to);
	return pfn < to ? pfn : a->end;
}

/* The first frame that is not free, from @pfn on, which is; or the end. */
static uint64_t next_used(const struct buddy_area *a, uint64_t pfn,
			  uint64_t to)
{
	if (pfn < a->fresh)
		pfn = buddy_block_end(a, buddy_block_of(a, pfn));
	while (pfn < a->fresh && pfn < to &&
	       (a->state[pfn - a->first] & BUDDY_HEAD))
		pfn = buddy_block_end(a, pfn);
	return pfn < a->fresh ? pfn : a->end;
}

/* A walk over free runs, those that reach from one area into the next too. */
struct walk {
	struct uk_fallocbuddy *fb;
	struct buddy_area *area;
	uint64_t pfn;		/* to go on from */
	uint64_t to;		/* what lies from here on is left out */
};

/* The next run is from *@first to *@end. Returns false if there is none. */
static bool next_run(struct walk *w, uint64_t *first, uint64_t *end)
{
	for (;; w->area = buddy_area_next(w->fb, w->area), w->pfn = 0) {
		if (!w->area)
			return false;
		*first = next_free(w->area, UK_MAX(w->pfn, w->area->first),
				   w->to);
		if (*first < w->area->end)
			break;
	}
	for (;;) {
		*end = next_used(w->area, UK_MAX(*first, w->area->first),
				 w->to);
		w->pfn = *end;
		if (*end < w->area->end)
			return true;
		w->area = buddy_area_next(w->fb, w->area);
		if (!w->area || w->area->first != *end ||
		    next_free(w->area, *end, w->to) != *end)
			return true;
	}
}

uint64_t buddy_find(struct uk_fallocbuddy *fb, uint64_t n, uint64_t align,
		    uint64_t from, uint64_t to)
{
	struct walk w = { fb, buddy_area_next(fb, NULL), from, to };
	uint64_t first, end;

	while (w.area && w.area->end <= from)
		w.area = buddy_area_next(fb, w.area);
	while (next_run(&w, &first, &end) && first < to) {
		const uint64_t pfn = UK_ALIGN_UP(first, align);

		end = UK_MIN(end, to);
		if (pfn >= first && pfn <= end && n <= end - pfn)
			return pfn;
	}
	return NO_PFN;
}

uint64_t buddy_longest(struct uk_fallocbuddy *fb)
{
	struct walk w = { fb, buddy_area_next(fb, NULL), 0, NO_PFN };
	uint64_t first, end, longest = 0;

	while (next_run(&w, &first, &end))
		longest = UK_MAX(longest, end - first);
	return longest;
}
