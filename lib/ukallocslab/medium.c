/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Blocks above 1 KiB and up to 16 KiB, cut to 64 bytes out of regions that all
 * sizes share.
 *
 * A program has few of each such size, so that spans of one size would be half
 * empty and lose as much at their ends. A region is a run of frames. Its head
 * has two bits for each 64 bytes of it: here begins a piece; it is free. So
 * where a block ends, and what lies at both sides, is found in a word or two,
 * blocks need no header, and whatever is freed and no block is named at once.
 * Free pieces that touch are one. Those that are long enough are in lists by
 * their length, and the smallest that fits is taken: the long ones stay.
 *
 * What fits whole frames well is a run of its own (large.c), and never here: a
 * region has an odd length inside.
 *
 * A region that is free as a whole is kept if no other is, so that a block that
 * comes and goes does not make and unmake it.
 *
 * One lock is for all of it, that of the kind, which counts in units what is
 * free. Spans with lists for each CPU, as small blocks have them, took half as
 * much again as was in use where a program had some dozen blocks of all sizes.
 */
#include "slab_priv.h"

#include <uk/arch/paging.h>
#include <uk/assert.h>
#include <uk/essentials.h>
#include <uk/falloc.h>

#define UNIT		SLAB_UNIT
#define BITS		64u		/* of a word, and units of a page */

/* A region has at most: few, lest a small machine have no run for one. */
#define REGION_PAGES	16u

/* No shorter free piece is in a list, as no block is. */
#define LIST_MIN	((unsigned int)(SLAB_BY_TABLE / UNIT) + 1)
#define UNITS_MAX	((unsigned int)(SLAB_SMALL_MAX / UNIT))

/* A region is no shorter than such a part of all there are. */
#define REGION_PART	12u

/* What is to grow has room for such a part more. */
#define GROWS_PART	8u

/* Of 64 units, which is a page of the region. */
struct word {
	uint64_t begins, free;
};

/* The head, which has one word more than the region has pages. */
struct region {
	uint32_t npages;
	uint32_t nhead;		/* units that this takes */
	struct word words[REGION_PAGES + 1];
};

/* A free piece. */
struct slab_piece {
	struct slab_piece *next;	/* in its list */
	struct slab_piece **link;	/* what points here */
};

_Static_assert(UKARCH_PAGE_SIZE == BITS * UNIT, "a word for each page");

static struct region *region_of(const void *ptr, const struct slab_page *page)
{
	return (void *)(((uintptr_t)ptr & -PAGE) - page->index * PAGE);
}

static unsigned int unit_of(const struct region *r, const void *ptr)
{
	return (unsigned int)((uintptr_t)ptr - (uintptr_t)r) / UNIT;
}

static struct slab_piece *piece_at(struct region *r, unsigned int u)
{
	return (void *)((char *)r + u * UNIT);
}

static uint64_t bit(unsigned int u)
{
	return UINT64_C(1) << (u % BITS);
}

static bool is_free(const struct region *r, unsigned int u)
{
	return r->words[u / BITS].free >> (u % BITS) & 1;
}

static bool is_block(const struct region *r, unsigned int u)
{
	const struct word *const w = &r->words[u / BITS];

	return (w->begins & ~w->free) >> (u % BITS) & 1;
}

static unsigned int end_of(const struct region *r)
{
	return r->npages * BITS;
}

/* Where the piece after that at @u begins; one does where the region ends. */
static unsigned int next_of(const struct region *r, unsigned int u)
{
	const struct word *w = &r->words[++u / BITS];
	uint64_t begins = w->begins & -bit(u);

	while (!begins)
		begins = (++w)->begins;
	return (unsigned int)(w - r->words) * BITS +
	       (unsigned int)__builtin_ctzll(begins);
}

/* The piece before the one at @u, which is not the head. */
static unsigned int previous_of(const struct region *r, unsigned int u)
{
	const struct word *w = &r->words[u / BITS];
	uint64_t begins = w->begins & (bit(u) - 1);

	while (!begins)
		begins = (--w)->begins;
	return (unsigned int)(w - r->words) * BITS + 63u -
	       (unsigned int)__builtin_clzll(begins);
}

/* The list of pieces of @n units, and up to 63 more if no block is so long. */
static unsigned int list_for(unsigned int n)
{
	return n <= UNITS_MAX ? n - LIST_MIN :
	       UNITS_MAX - LIST_MIN + (n - UNITS_MAX + BITS - 1) / BITS;
}

/* Where nothing begins there is a free piece of @n units now. */
static void insert(struct uk_allocslab_shared *sh, struct region *r,
		   unsigned int u, unsigned int n)
{
	struct slab_piece *const p = piece_at(r, u);
	struct word *const w = &r->words[u / BITS];
	unsigned int list;

	w->begins |= bit(u);
	w->free |= bit(u);
	if (n < LIST_MIN)
		return;
	list = list_for(n);
	p->next = sh->pieces[list];
	p->link = &sh->pieces[list];
	if (p->next)
		p->next->link = &p->next;
	sh->pieces[list] = p;
	sh->listed[list / BITS] |= bit(list);
}

/* The free piece of @n units at @u is none any more, and nothing begins. */
static void take_out(struct uk_allocslab_shared *sh, struct region *r,
		     unsigned int u, unsigned int n)
{
	const struct slab_piece *const p = piece_at(r, u);
	struct word *const w = &r->words[u / BITS];
	unsigned int list;

	w->begins &= ~bit(u);
	w->free &= ~bit(u);
	if (n < LIST_MIN)
		return;
	*p->link = p->next;
	if (p->next) {
		p->next->link = p->link;
		return;
	}
	list = list_for(n);
	if (!sh->pieces[list])
		sh->listed[list / BITS] &= ~bit(list);
}

/* The smallest free piece of @n units or more, at least LIST_MIN; or NULL. */
static struct slab_piece *find(const struct uk_allocslab_shared *sh,
			       unsigned int n)
{
	const unsigned int list = list_for(n);
	unsigned int w = list / BITS;
	uint64_t listed = sh->listed[w] & -bit(list);

	while (!listed) {
		if (++w == UK_ARRAY_SIZE(sh->listed))
			return NULL;
		listed = sh->listed[w];
	}
	return sh->pieces[w * BITS + (unsigned int)__builtin_ctzll(listed)];
}

/* Units that the head of @npages takes. */
static unsigned int head_units(size_t npages)
{
	const size_t len = offsetof(struct region, words) +
			   (npages + 1) * sizeof(struct word);

	return (unsigned int)UK_DIV_ROUND_UP(len, UNIT);
}

/* How many blocks of @n units a region of @npages has. */
static unsigned int capacity(size_t npages, unsigned int n)
{
	return ((unsigned int)npages * BITS - head_units(npages)) / n;
}

/*
 * Pages for a region that is made for a block of @n units, when all others have
 * @nnow: more of that length will follow, so few units are lost if they fill
 * it. The first ones are as short as that allows: who has a few blocks does not
 * take much.
 */
static size_t wanted_pages(size_t nnow, unsigned int n)
{
	const size_t least = UK_MIN(nnow / REGION_PART, REGION_PAGES - 4u);
	size_t best = 0, best_lost = 0;

	for (size_t npages = UK_MAX(least, (size_t)1); npages <= REGION_PAGES;
	     npages++) {
		const unsigned int k = capacity(npages, n);
		const size_t lost = npages * BITS - k * n;

		if (k == 0)
			continue;
		if (lost * 32 <= npages * BITS)
			return npages;
		/* Compared per page, without a division. */
		if (best == 0 || lost * best < best_lost * npages) {
			best = npages;
			best_lost = lost;
		}
	}
	return best;
}

static bool new_region(struct uk_alloc *a, struct uk_allocslab_class *cl,
		       size_t npages)
{
	struct uk_falloc *const fa = slab_shared(a)->fa;
	struct region *r;
	uint64_t paddr;

	if (uk_falloc(fa, &paddr, npages, 0) < 0)
		return false;
	r = uk_phys_to_virt(paddr);
	if (!slab_map_cover(a, r, npages)) {
		(void)uk_ffree(fa, paddr, npages);
		return false;
	}
	r->npages = (uint32_t)npages;
	r->nhead = head_units(npages);
	for (size_t i = 0; i < npages; i++) {
		struct slab_page *const page =
			slab_page_of(a, (char *)r + i * PAGE);

		page->kind = SLAB_MEDIUM;
		page->index = (uint8_t)i;
		r->words[i] = (struct word){ 0, 0 };
	}
	/* The head, and what lies behind, are pieces that are never free. */
	r->words[0].begins = 1;
	r->words[npages] = (struct word){ .begins = 1 };
	insert(slab_shared(a), r, r->nhead, end_of(r) - r->nhead);
	slab_shared(a)->medium_npages += npages;
	cl->nfree += end_of(r) - r->nhead;
	return true;
}

/* A region that is free as a whole goes back to the frames. */
static void release(struct uk_alloc *a, struct uk_allocslab_class *cl,
		    struct region *r)
{
	struct uk_allocslab_shared *const sh = slab_shared(a);
	const size_t npages = r->npages;
	int rc;

	take_out(sh, r, r->nhead, end_of(r) - r->nhead);
	sh->medium_npages -= npages;
	cl->nfree -= end_of(r) - r->nhead;
	for (size_t i = 0; i < npages; i++)
		slab_page_of(a, (char *)r + i * PAGE)->kind = SLAB_NONE;
	slab_map_leave(a, r, npages);
	rc = uk_ffree(sh->fa, uk_virt_to_phys(r), npages);
	UK_ASSERT(rc == 0);
}

/* Have a region with room for @n units. Returns false: no memory. */
static bool grow(struct uk_alloc *a, struct uk_allocslab_class *cl,
		 unsigned int n)
{
	size_t npages = wanted_pages(slab_shared(a)->medium_npages, n);

	/* Where no such run is free, shorter ones that hold it. */
	while (!new_region(a, cl, npages)) {
		if (npages == 1 || capacity(npages - 1, n) == 0)
			return false;
		npages = capacity(npages / 2, n) ? npages / 2 : npages - 1;
	}
	return true;
}

static struct uk_allocslab_class *lock_medium(struct uk_alloc *a)
{
	struct uk_allocslab_class *const cl = slab_class(a, SLAB_MEDIUM);

	uk_spin_lock(&cl->lock);
	cl->size = UNIT;
	return cl;
}

/* Units of a block of @size bytes. */
static unsigned int units(size_t size)
{
	return UK_MAX((unsigned int)UK_DIV_ROUND_UP(size, UNIT), LIST_MIN);
}

/* Is it, or nearly, a number of pages? */
static bool fits_pages(size_t len)
{
	return UK_ALIGN_UP(len, PAGE) - len <= len / 32;
}

/* Of the free piece @p, the @n units from a multiple of @align bytes on. */
static void *cut(struct uk_alloc *a, struct uk_allocslab_class *cl,
		 struct slab_piece *p, unsigned int n, size_t align)
{
	struct uk_allocslab_shared *const sh = slab_shared(a);
	struct region *const r = region_of(p, slab_page_of(a, p));
	const unsigned int from = unit_of(r, p), end = next_of(r, from);
	const unsigned int u = unit_of(r, (void *)UK_ALIGN_UP((uintptr_t)p,
							      align));

	take_out(sh, r, from, end - from);
	if (u > from)
		insert(sh, r, from, u - from);
	r->words[u / BITS].begins |= bit(u);
	if (end > u + n)
		insert(sh, r, u + n, end - (u + n));
	if (sh->medium_kept == r)
		sh->medium_kept = NULL;
	cl->nfree -= n;
	return piece_at(r, u);
}

void *slab_medium_new(struct uk_alloc *a, size_t size, size_t align)
{
	const unsigned int n = units(size);
	const unsigned int most = n + (unsigned int)(align / UNIT) - 1;
	struct uk_allocslab_class *cl;
	struct slab_piece *p;
	void *ptr;

	if (fits_pages(n * UNIT) || most > UNITS_MAX)
		return slab_large_try(a, slab_npages(size), 0);
	cl = lock_medium(a);
	p = find(slab_shared(a), most);
	if (!p) {
		uk_spin_unlock(&cl->lock);
		slab_trim(a);
		uk_spin_lock(&cl->lock);
		p = find(slab_shared(a), most);
	}
	if (!p && grow(a, cl, most))
		p = find(slab_shared(a), most);
	ptr = p ? cut(a, cl, p, n, align) : NULL;
	uk_spin_unlock(&cl->lock);
	return ptr;
}

void *slab_medium_to_grow(struct uk_alloc *a, size_t size)
{
	const unsigned int n = units(size);
	struct uk_allocslab_class *const cl = lock_medium(a);
	struct slab_piece *const p =
		find(slab_shared(a), UK_MIN(n + n / GROWS_PART, UNITS_MAX));
	void *const ptr = p ? cut(a, cl, p, n, UNIT) : NULL;

	uk_spin_unlock(&cl->lock);
	return ptr;
}

/* Of the block at @ptr, the unit; crash if it is none. */
static unsigned int block_unit(const struct region *r, const void *ptr)
{
	const unsigned int u = unit_of(r, ptr);

	if ((uintptr_t)ptr % UNIT || u < r->nhead || !is_block(r, u))
		slab_no_block(ptr);
	return u;
}

/* Those from @u to @end are no block any more: one free piece with others. */
static void give(struct uk_alloc *a, struct uk_allocslab_class *cl,
		 struct region *r, unsigned int u, unsigned int end)
{
	struct uk_allocslab_shared *const sh = slab_shared(a);
	const unsigned int before = previous_of(r, u);

	cl->nfree += end - u;
	if (is_free(r, end)) {
		const unsigned int next = next_of(r, end);

		take_out(sh, r, end, next - end);
		end = next;
	}
	if (is_free(r, before)) {
		take_out(sh, r, before, u - before);
		u = before;
	}
	insert(sh, r, u, end - u);
	if (u > r->nhead || end < end_of(r))
		return;
	if (sh->medium_kept)
		release(a, cl, r);
	else
		sh->medium_kept = r;
}

void slab_medium_free(struct uk_alloc *a, void *ptr)
{
	struct uk_allocslab_class *const cl = lock_medium(a);
	struct region *const r = region_of(ptr, slab_page_of(a, ptr));
	const unsigned int u = block_unit(r, ptr);

	r->words[u / BITS].begins &= ~bit(u);
	give(a, cl, r, u, next_of(r, u));
	uk_spin_unlock(&cl->lock);
}

/* The block that ends at @end is to end at @wish. Returns false: no room. */
static bool extend(struct uk_alloc *a, struct uk_allocslab_class *cl,
		   struct region *r, unsigned int end, unsigned int wish)
{
	struct uk_allocslab_shared *const sh = slab_shared(a);
	unsigned int next;

	if (!is_free(r, end))
		return false;
	next = next_of(r, end);
	if (wish > next)
		return false;
	take_out(sh, r, end, next - end);
	if (next > wish)
		insert(sh, r, wish, next - wish);
	cl->nfree -= wish - end;
	return true;
}

bool slab_medium_resize(struct uk_alloc *a, void *ptr, size_t size,
			size_t *len)
{
	struct uk_allocslab_class *const cl = lock_medium(a);
	struct region *const r = region_of(ptr, slab_page_of(a, ptr));
	const unsigned int u = block_unit(r, ptr), end = next_of(r, u);
	const unsigned int wish = u + units(size);
	bool fits = true;

	*len = (end - u) * UNIT;
	if (wish > end)
		fits = extend(a, cl, r, end, wish);
	else if (wish < end)
		give(a, cl, r, wish, end);
	uk_spin_unlock(&cl->lock);
	return fits;
}

bool slab_medium_drop_kept(struct uk_alloc *a)
{
	struct uk_allocslab_class *const cl = lock_medium(a);
	struct region *const kept = slab_shared(a)->medium_kept;

	if (kept)
		release(a, cl, kept);
	slab_shared(a)->medium_kept = NULL;
	uk_spin_unlock(&cl->lock);
	return kept != NULL;
}

size_t slab_medium_size(struct uk_alloc *a, const void *ptr,
			const struct slab_page *page)
{
	struct uk_allocslab_class *const cl = lock_medium(a);
	const struct region *const r = region_of(ptr, page);
	const unsigned int u = block_unit(r, ptr), end = next_of(r, u);

	uk_spin_unlock(&cl->lock);
	return (end - u) * UNIT;
}
