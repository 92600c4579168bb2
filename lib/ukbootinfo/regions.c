/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The regions of a bootinfo, painted one over the other.
 *
 * The array is sorted, free of overlaps and merged after each call, so a
 * region is laid into it like paint: walk over what it touches, cut at its
 * ends, decide piece by piece which type wins, fill the gaps. Which type wins,
 * and the union of flags, do not depend on the order of the calls; therefore
 * neither does the result. Collecting everything first and sorting it would
 * need a second array of twice the size, and a long map of adjacent entries
 * would not fit though it merges into few.
 */
#include "bootinfo_priv.h"

#include <uk/arch/cpu.h>
#include <uk/assert.h>
#include <uk/essentials.h>

#define FLAGS_OWN	0xffffu

/* A lower rank wins. */
static const uint8_t rank[UK_REGION_NTYPES] = {
	[UK_REGION_TEXT] = 0,
	[UK_REGION_RODATA] = 1,
	[UK_REGION_DATA] = 2,
	[UK_REGION_DTB] = 3,
	[UK_REGION_INITRD] = 4,
	[UK_REGION_CMDLINE] = 5,
	[UK_REGION_ACPI] = 6,
	[UK_REGION_RESERVED] = 7,
	[UK_REGION_MMIO] = 8,
	[UK_REGION_FREE] = 9,
};

static uint64_t region_end(const struct uk_region *r)
{
	return r->base + r->len;
}

/* What piece @r becomes where a region of @type and @flags is added to it. */
static struct uk_region mixed(struct uk_region r, uint32_t type,
			      uint32_t flags)
{
	r.flags |= flags << BOOTINFO_ANY_SHIFT;
	if (rank[type] < rank[r.type]) {
		r.type = type;
		r.flags = (r.flags & ~FLAGS_OWN) | flags;
	} else if (type == r.type) {
		r.flags |= flags;
	}
	return r;
}

static bool insert(struct uk_bootinfo *bi, uint32_t at, uint64_t base,
		   uint64_t end, uint32_t type, uint32_t flags)
{
	if (bi->nregions == UK_BOOTINFO_NREGIONS)
		return false;

	for (uint32_t i = bi->nregions; i > at; i--)
		bi->regions[i] = bi->regions[i - 1];
	bi->nregions++;
	bi->regions[at] = (struct uk_region){ base, end - base, type, flags };
	return true;
}

/* Cut region @at in two at @where, which is inside it. */
static bool cut(struct uk_bootinfo *bi, uint32_t at, uint64_t where)
{
	struct uk_region *r = &bi->regions[at];

	if (!insert(bi, at + 1, where, region_end(r), r->type, r->flags))
		return false;
	r->len = where - r->base;
	return true;
}

static bool joins(const struct uk_region *r, uint32_t type, uint32_t flags)
{
	return r->type == type && r->flags == flags;
}

/* Join equal neighbours among the regions @from to @to. */
static void merge(struct uk_bootinfo *bi, uint32_t from, uint32_t to)
{
	struct uk_region *const r = bi->regions;
	uint32_t out = from;

	if (bi->nregions == 0)
		return;
	to = UK_MIN(to, bi->nregions - 1);

	for (uint32_t i = from + 1; i <= to; i++) {
		if (r[i].base == region_end(&r[out]) &&
		    joins(&r[i], r[out].type, r[out].flags))
			r[out].len += r[i].len;
		else if (++out != i)
			r[out] = r[i];
	}
	if (out >= to)
		return;

	for (uint32_t i = to + 1; i < bi->nregions; i++)
		r[++out] = r[i];
	bi->nregions = out + 1;
}

/*
 * Mix @type into region @at, which begins at or before @base and ends after
 * it. Returns where the piece that was done ends, or 0: no room.
 */
static uint64_t paint_region(struct uk_bootinfo *bi, uint32_t *at,
			     uint64_t base, uint64_t end, uint32_t type,
			     uint32_t flags)
{
	struct uk_region *r = &bi->regions[*at];
	const struct uk_region now = mixed(*r, type, flags);

	if (now.type == r->type && now.flags == r->flags)
		return UK_MIN(end, region_end(r));

	if (r->base < base) {
		if (!cut(bi, *at, base))
			return 0;
		r = &bi->regions[++*at];
	}
	if (region_end(r) > end && !cut(bi, *at, end))
		return 0;
	r->type = now.type;
	r->flags = now.flags;
	return region_end(r);
}

/*
 * Cover the gap from @base to @end before region *@at, in a neighbour if one
 * will do. Leaves *@at at the region that follows.
 */
static bool fill_gap(struct uk_bootinfo *bi, uint32_t *at, uint64_t base,
		     uint64_t end, uint32_t type, uint32_t flags)
{
	struct uk_region *const r = &bi->regions[*at];

	if (*at > 0 && region_end(r - 1) == base &&
	    joins(r - 1, type, flags)) {
		r[-1].len += end - base;
	} else if (*at < bi->nregions && r->base == end &&
		   joins(r, type, flags)) {
		r->base = base;
		r->len += end - base;
	} else {
		return insert(bi, (*at)++, base, end, type, flags);
	}
	return true;
}

/*
 * The first region that ends after @base. Loaders tell regions in ascending
 * order mostly, so the search begins at the end.
 */
static uint32_t find(const struct uk_bootinfo *bi, uint64_t base)
{
	const struct uk_region *r = bi->regions + bi->nregions;

	while (r > bi->regions && region_end(r - 1) > base)
		r--;
	return (uint32_t)(r - bi->regions);
}

/*
 * Does a range overlap nothing where it belongs, at region @at, and become one
 * with neither neighbour?
 */
static bool is_apart(const struct uk_bootinfo *bi, uint32_t at, uint64_t base,
		     uint64_t end, uint32_t type, uint32_t flags)
{
	const struct uk_region *const r = &bi->regions[at];

	if (at < bi->nregions && (r->base < end || (r->base == end &&
						    joins(r, type, flags))))
		return false;
	return at == 0 || region_end(r - 1) != base ||
	       !joins(r - 1, type, flags);
}

bool bootinfo_paint(struct uk_bootinfo *bi, uint64_t base, uint64_t end,
		    uint32_t type, uint32_t flags)
{
	const uint32_t both = flags | flags << BOOTINFO_ANY_SHIFT;
	uint32_t at = find(bi, base);
	const uint32_t first = at ? at - 1 : 0;
	bool room = true;

	UK_ASSERT(base < end && type < UK_REGION_NTYPES);
	UK_ASSERT(UK_IS_ALIGNED(base | end, UKARCH_PAGE_SIZE));

	if (is_apart(bi, at, base, end, type, both))
		return insert(bi, at, base, end, type, both);

	while (base < end && room) {
		const uint64_t next = at < bi->nregions ?
				      UK_MIN(bi->regions[at].base, end) : end;

		if (next > base) {
			room = fill_gap(bi, &at, base, next, type, both);
			base = next;
		} else {
			base = paint_region(bi, &at, base, end, type, flags);
			room = base != 0;
			at++;
		}
	}
	merge(bi, first, at);
	return room;
}

void bootinfo_settle(struct uk_bootinfo *bi)
{
	for (uint32_t i = 0; i < bi->nregions; i++) {
		struct uk_region *r = &bi->regions[i];

		if (r->type == UK_REGION_RESERVED || r->type == UK_REGION_MMIO)
			r->flags &= FLAGS_OWN;
		else
			r->flags >>= BOOTINFO_ANY_SHIFT;
	}
	if (bi->nregions)
		merge(bi, 0, bi->nregions - 1);
}

bool bootinfo_hits_image(const struct uk_bootinfo *bi, uint64_t base,
			 uint64_t end)
{
	for (uint32_t i = 0; i < bi->nregions; i++) {
		const struct uk_region *r = &bi->regions[i];

		if (rank[r->type] <= rank[UK_REGION_DATA] && r->base < end &&
		    region_end(r) > base)
			return true;
	}
	return false;
}

bool bootinfo_is_ram(const struct uk_bootinfo *bi, uint64_t base, uint64_t end)
{
	for (uint32_t i = 0; i < bi->nregions && base < end; i++) {
		const struct uk_region *r = &bi->regions[i];

		if (region_end(r) <= base)
			continue;
		if (r->base > base || !(r->flags & UK_REGIONF_RAM))
			return false;
		base = region_end(r);
	}
	return base >= end;
}

void bootinfo_drop_page0(struct uk_bootinfo *bi)
{
	struct uk_region *const r = bi->regions;

	if (bi->nregions == 0 || r->base != 0 || r->type != UK_REGION_FREE)
		return;

	r->base += UKARCH_PAGE_SIZE;
	r->len -= UKARCH_PAGE_SIZE;
	if (r->len)
		return;

	for (uint32_t i = 1; i < bi->nregions; i++)
		r[i - 1] = r[i];
	bi->nregions--;
}
