/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Random requests, against an array with an entry for each page of some address
 * spaces: its area's rights, what was written there, and which frame it has, by
 * a number that copies of address spaces share until somebody writes. Some of
 * the requests are refused memory, now and then or from some request on: then
 * they may fail, and leave what their header says.
 */
#include "world.h"

#include <limits.h>

#include <uk/arch/cpu.h>
#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/libparam.h>
#include <uk/string.h>
#include <uk/test.h>
#include <uk/test_random.h>

#define AT	((uintptr_t)0x40000000)
#define NPAGES	64u
#define NSPACES	3u

#define NONE	(-1)

static uint32_t nsteps = 2000;
UK_LIBPARAM(model_steps, u32, &nsteps, "random steps of the model test");

struct page {
	int prot;		/* NONE: no area */
	unsigned char byte;
	unsigned int frame;	/* 0: none, yet */
};

static struct space {
	struct uk_vas own;
	struct uk_vas *vas;	/* NULL: there is none */
	struct page page[NPAGES];
} spaces[NSPACES];

static struct {
	uint64_t seed;
	unsigned int nframes;	/* the last number of one */
	bool scarce;		/* memory is refused */
	unsigned int odds;	/* one in so many is; 0: none */
} model;

static unsigned int below(unsigned int n)
{
	return (unsigned int)(uk_test_draw(&model.seed) >> 32) % n;
}

static bool refuse(void)
{
	return model.odds && below(model.odds) == 0;
}

static void make_scarce(void)
{
	model.scarce = true;
	model.odds = below(2) * (1 + below(4));
	world.left = model.odds ? LONG_MAX : (long)below(6);
}

static void make_plenty(void)
{
	model.scarce = false;
	model.odds = 0;
	world.left = LONG_MAX;
}

/* Is it what was to come, or, with little memory, the lack of it? */
static bool may_be(int rc, int want)
{
	return rc == want || (model.scarce && rc == -ENOMEM);
}

static uintptr_t at(unsigned int page)
{
	return AT + page * PAGE;
}

static unsigned int some_rights(void)
{
	static const unsigned int all[] = { 0, UK_PAGE_READ, RW, RX, RW };

	return all[below(UK_ARRAY_SIZE(all))];
}

static void set(struct page *page, int prot)
{
	*page = (struct page){ .prot = prot };
}

static bool is_area(const struct space *s, unsigned int page, int *prot)
{
	struct uk_vma vma;

	if (uk_vma_find(s->vas, at(page), &vma) < 0 || vma.start > at(page))
		return false;
	*prot = (int)vma.prot;
	return true;
}

/* After a failure: where the areas are gone, all of them or none, they are. */
static void forget_gone(struct space *s, unsigned int from, unsigned int to)
{
	int prot;

	for (unsigned int p = from; p < to; p++)
		if (!is_area(s, p, &prot))
			set(&s->page[p], NONE);
}

static bool all_areas(const struct space *s, unsigned int from,
		      unsigned int to)
{
	for (unsigned int p = from; p < to; p++)
		if (s->page[p].prot == NONE)
			return false;
	return true;
}

static bool all_free(const struct space *s, unsigned int from,
		     unsigned int to)
{
	for (unsigned int p = from; p < to; p++)
		if (s->page[p].prot != NONE)
			return false;
	return true;
}

static bool do_map(struct space *s, unsigned int from, unsigned int to)
{
	const bool fixed = below(2);
	struct uk_vma_request rq = {
		.vaddr = at(from),
		.len = (to - from) * PAGE,
		.prot = some_rights(),
		.flags = fixed ? UK_VMA_FIXED : UK_VMA_EXACT,
		.ops = &uk_vma_anon,
	};
	const int want = fixed || all_free(s, from, to) ? 0 : -EEXIST;
	const int rc = uk_vma_map(s->vas, &rq);

	if (rc < 0 && fixed)
		forget_gone(s, from, to);
	for (unsigned int p = from; rc == 0 && p < to; p++)
		set(&s->page[p], (int)rq.prot);
	return may_be(rc, want);
}

static bool do_unmap(struct space *s, unsigned int from, unsigned int to)
{
	const int rc = uk_vma_unmap(s->vas, at(from), (to - from) * PAGE);

	for (unsigned int p = from; rc == 0 && p < to; p++)
		set(&s->page[p], NONE);
	return may_be(rc, 0);
}

static bool do_protect(struct space *s, unsigned int from, unsigned int to)
{
	const int prot = (int)some_rights();
	const int want = all_areas(s, from, to) ? 0 : -ENOMEM;
	const int rc = uk_vma_protect(s->vas, at(from), (to - from) * PAGE,
				      (unsigned int)prot);

	for (unsigned int p = from; want == 0 && p < to; p++) {
		int now = NONE;

		/* What failed has done some of it. */
		if (rc == 0 || (is_area(s, p, &now) && now == prot))
			s->page[p].prot = prot;
	}
	return may_be(rc, want);
}

static unsigned int owners_of(unsigned int frame)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < NSPACES; i++)
		for (unsigned int p = 0; spaces[i].vas && p < NPAGES; p++)
			n += spaces[i].page[p].frame == frame;
	return n;
}

/* The page is there, after an access for which memory was found. */
static void note_touch(struct page *page, bool write)
{
	if (page->frame == 0 || (write && owners_of(page->frame) > 1))
		page->frame = ++model.nframes;
}

/* Write to what may be written, look at the rest, as it is when all is done. */
static void note_populate(struct space *s, unsigned int from, unsigned int to)
{
	for (unsigned int p = from; p < to; p++) {
		struct page *const page = &s->page[p];

		if (page->prot != 0)
			note_touch(page, page->prot & UK_PAGE_WRITE);
	}
}

static bool do_advise(struct space *s, unsigned int from, unsigned int to)
{
	static const unsigned int all[] = {
		UK_VMA_DONTNEED, UK_VMA_WILLNEED, UK_VMA_HUGE_ON,
		UK_VMA_HUGE_OFF, UK_VMA_LOCK_ON, UK_VMA_LOCK_OFF,
	};
	const unsigned int advice = all[below(UK_ARRAY_SIZE(all))];
	const int want = all_areas(s, from, to) ? 0 : -ENOMEM;
	int rc;

	/* How far it came would be all that is known. */
	if (advice == UK_VMA_WILLNEED)
		make_plenty();
	rc = uk_vma_advise(s->vas, at(from), (to - from) * PAGE, advice);
	for (unsigned int p = from; rc == 0 && p < to; p++)
		if (advice == UK_VMA_DONTNEED)
			set(&s->page[p], s->page[p].prot);
	if (rc == 0 && advice == UK_VMA_WILLNEED)
		note_populate(s, from, to);
	return may_be(rc, want);
}

/* One area as far as rights go is one area. */
static bool one_area(const struct space *s, unsigned int from,
		     unsigned int to)
{
	struct uk_vma vma;

	return uk_vma_find(s->vas, at(from), &vma) == 0 &&
	       vma.start <= at(from) && vma.end >= at(to);
}

/* To a place of the same length that it does not overlap. */
static bool do_move(struct space *s, unsigned int from, unsigned int to)
{
	const unsigned int n = to - from;
	const unsigned int where = below(NPAGES - n + 1);
	const bool overlaps = where < to && from < where + n;
	const unsigned int keep = below(2) ? UK_VMA_KEEP : 0;
	const int want = !one_area(s, from, to) ? -EFAULT :
			 overlaps ? -EINVAL : 0;
	uintptr_t vaddr = at(where);
	const int rc = uk_vma_remap(s->vas, at(from), n * PAGE, n * PAGE,
				    UK_VMA_MAYMOVE | UK_VMA_FIXED | keep,
				    &vaddr);

	if (rc == -ENOMEM)
		forget_gone(s, where, where + n);
	for (unsigned int i = 0; rc == 0 && i < n; i++) {
		s->page[where + i] = s->page[from + i];
		set(&s->page[from + i],
		    keep ? s->page[from + i].prot : NONE);
	}
	return may_be(rc, want);
}

static bool do_touch(struct space *s, unsigned int at_page)
{
	struct page *const page = &s->page[at_page];
	const bool write = below(2);
	const unsigned int need = write ? UK_PAGE_WRITE : UK_PAGE_READ;
	const int want = page->prot == NONE ? -EFAULT :
			 (unsigned int)page->prot & need ? 0 : -EACCES;
	struct uk_paging_leaf leaf;
	unsigned char *byte;
	int rc;

	rc = uk_vma_touch(s->vas, at(at_page) + 9,
			  write ? UK_TRAP_WRITE : UK_TRAP_READ);
	if (rc < 0)
		return may_be(rc, want);
	if (want != 0 || uk_paging_find(&s->vas->pt, at(at_page), &leaf) < 0 ||
	    !(leaf.prot & need))
		return false;
	byte = (unsigned char *)uk_phys_to_virt(leaf.paddr) + 9;
	if (*byte != page->byte)
		return false;
	note_touch(page, write);
	if (write) {
		*byte = (unsigned char)(1 + below(255));
		page->byte = *byte;
	}
	return true;
}

static bool end(struct space *s)
{
	const bool ended = !s->vas || uk_vas_destroy(s->vas) == 0;

	s->vas = NULL;
	return ended;
}

static bool do_copy(const struct space *s)
{
	struct space *const to = &spaces[1 + below(NSPACES - 1)];
	int rc;

	if (to == s)
		return true;
	if (!end(to))
		return false;
	rc = uk_vas_copy(&to->own, s->vas);
	if (rc == 0) {
		to->vas = &to->own;
		memcpy(to->page, s->page, sizeof(to->page));
	}
	return may_be(rc, 0);
}

static bool step(struct space *s)
{
	const unsigned int from = below(NPAGES);
	const unsigned int to = UK_MIN(from + 1 + below(9), NPAGES);

	switch (below(20)) {
	case 0 ... 1:
		return do_map(s, from, to);
	case 2 ... 3:
		return do_unmap(s, from, to);
	case 4 ... 5:
		return do_protect(s, from, to);
	case 6 ... 7:
		return do_advise(s, from, to);
	case 8 ... 9:
		return do_move(s, from, to);
	case 10:
		return do_copy(s);
	default:
		return do_touch(s, from);
	}
}

static bool areas_are_right(const struct space *s)
{
	size_t nresident = 0, npages = 0, nareas = 0;
	struct uk_vas_stats stats;
	struct uk_vma vma;

	for (unsigned int p = 0; p < NPAGES; p++) {
		nresident += s->page[p].frame != 0;
		npages += s->page[p].prot != NONE;
	}
	uk_vas_get_stats(s->vas, &stats);
	if (stats.len != npages * PAGE || stats.resident != nresident * PAGE)
		return false;
	for (uintptr_t v = 0; uk_vma_find(s->vas, v, &vma) == 0; v = vma.end) {
		nareas++;
		for (uintptr_t p = vma.start; p < vma.end; p += PAGE)
			if (s->page[(p - AT) / PAGE].prot != (int)vma.prot)
				return false;
	}
	return nareas == stats.nareas;
}

/* Each number of a frame is one frame, and the other way round. */
static bool frames_are_right(void)
{
	static struct {
		unsigned int frame;
		uint64_t paddr;
	} seen[NSPACES * NPAGES];
	unsigned int n = 0;

	for (unsigned int i = 0; i < NSPACES * NPAGES; i++) {
		const struct space *const s = &spaces[i / NPAGES];
		const unsigned int frame = s->page[i % NPAGES].frame;
		struct uk_paging_leaf leaf;

		if (!s->vas || frame == 0)
			continue;
		if (uk_paging_find(&s->vas->pt, at(i % NPAGES), &leaf) < 0)
			return false;
		for (unsigned int k = 0; k < n; k++)
			if ((seen[k].frame == frame) !=
			    (seen[k].paddr == leaf.paddr))
				return false;
		seen[n].frame = frame;
		seen[n++].paddr = leaf.paddr;
	}
	return true;
}

/* How many of @n were right: up to the first one that was not. */
static unsigned int run(uint64_t seed, unsigned int n)
{
	unsigned int i = 0;

	model = (__typeof__(model)){ .seed = seed };
	memset(spaces, 0, sizeof(spaces));
	spaces[0].vas = &world.vas;
	for (unsigned int p = 0; p < NPAGES; p++)
		set(&spaces[0].page[p], NONE);
	world.refuse = refuse;
	for (; i < n; i++) {
		struct space *s = &spaces[below(NSPACES)];
		bool right;

		if (!s->vas)
			s = &spaces[0];
		if (below(4) == 0)
			make_scarce();
		right = step(s);
		make_plenty();
		if (!right || !areas_are_right(s) ||
		    (i % 64 == 0 && !frames_are_right()))
			break;
	}
	for (unsigned int k = 1; k < NSPACES; k++)
		UK_EXPECT(end(&spaces[k]));
	return i;
}

UK_TEST(vmem, areas_are_what_an_array_of_pages_says)
{
	for (uint64_t seed = 1; seed <= 4; seed++) {
		if (!world_begin())
			return;
		UK_EXPECT_EQ(run(seed, nsteps), nsteps);
		world_end();
	}
}
