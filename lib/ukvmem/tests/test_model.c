/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Random requests, against an array with an entry for each page: its area's
 * rights, and what was written there.
 */
#include "world.h"

#include <limits.h>

#include <uk/arch/cpu.h>
#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/string.h>
#include <uk/test.h>

#define AT	((uintptr_t)0x40000000)
#define NPAGES	64u

#define NONE	(-1)

static struct {
	int prot[NPAGES];	/* NONE: no area */
	unsigned char byte[NPAGES];
	bool resident[NPAGES];
	uint64_t seed;
} model;

static unsigned int below(unsigned int n)
{
	/* Marsaglia's xorshift64 (Journal of Statistical Software 8, 14). */
	model.seed ^= model.seed << 13;
	model.seed ^= model.seed >> 7;
	model.seed ^= model.seed << 17;
	return (unsigned int)(model.seed >> 32) % n;
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

static void set(unsigned int page, int prot)
{
	model.prot[page] = prot;
	model.byte[page] = 0;
	model.resident[page] = false;
}

static bool all_areas(unsigned int from, unsigned int to)
{
	for (unsigned int p = from; p < to; p++)
		if (model.prot[p] == NONE)
			return false;
	return true;
}

static bool all_free(unsigned int from, unsigned int to)
{
	for (unsigned int p = from; p < to; p++)
		if (model.prot[p] != NONE)
			return false;
	return true;
}

static bool do_map(unsigned int from, unsigned int to)
{
	const bool fixed = below(2);
	struct uk_vma_request rq = {
		.vaddr = at(from),
		.len = (to - from) * PAGE,
		.prot = some_rights(),
		.flags = fixed ? UK_VMA_FIXED : UK_VMA_EXACT,
		.ops = &uk_vma_anon,
	};
	const int want = fixed || all_free(from, to) ? 0 : -EEXIST;

	if (uk_vma_map(&world.vas, &rq) != want)
		return false;
	for (unsigned int p = from; want == 0 && p < to; p++)
		set(p, (int)rq.prot);
	return true;
}

static bool do_unmap(unsigned int from, unsigned int to)
{
	if (uk_vma_unmap(&world.vas, at(from), (to - from) * PAGE) != 0)
		return false;
	for (unsigned int p = from; p < to; p++)
		set(p, NONE);
	return true;
}

static bool do_protect(unsigned int from, unsigned int to)
{
	const unsigned int prot = some_rights();
	const int want = all_areas(from, to) ? 0 : -ENOMEM;

	if (uk_vma_protect(&world.vas, at(from), (to - from) * PAGE, prot) !=
	    want)
		return false;
	for (unsigned int p = from; want == 0 && p < to; p++)
		model.prot[p] = (int)prot;
	return true;
}

static bool do_advise(unsigned int from, unsigned int to)
{
	static const unsigned int all[] = {
		UK_VMA_DONTNEED, UK_VMA_WILLNEED, UK_VMA_HUGE_ON,
		UK_VMA_HUGE_OFF,
	};
	const unsigned int advice = all[below(UK_ARRAY_SIZE(all))];
	const int want = all_areas(from, to) ? 0 : -ENOMEM;

	if (uk_vma_advise(&world.vas, at(from), (to - from) * PAGE, advice) !=
	    want)
		return false;
	for (unsigned int p = from; want == 0 && p < to; p++) {
		if (advice == UK_VMA_DONTNEED)
			set(p, model.prot[p]);
		if (advice == UK_VMA_WILLNEED && model.prot[p] != 0)
			model.resident[p] = true;
	}
	return true;
}

/* One area as far as rights go is one area. */
static bool one_area(unsigned int from, unsigned int to)
{
	struct uk_vma vma;

	return uk_vma_find(&world.vas, at(from), &vma) == 0 &&
	       vma.start <= at(from) && vma.end >= at(to);
}

/* To a place of the same length that it does not overlap. */
static bool do_move(unsigned int from, unsigned int to)
{
	const unsigned int n = to - from;
	const unsigned int where = below(NPAGES - n + 1);
	const bool overlaps = where < to && from < where + n;
	const int want = !one_area(from, to) ? -EFAULT : overlaps ? -EINVAL : 0;
	uintptr_t vaddr = at(where);

	if (uk_vma_remap(&world.vas, at(from), n * PAGE, n * PAGE,
			 UK_VMA_MAYMOVE | UK_VMA_FIXED, &vaddr) != want)
		return false;
	for (unsigned int i = 0; want == 0 && i < n; i++) {
		model.prot[where + i] = model.prot[from + i];
		model.byte[where + i] = model.byte[from + i];
		model.resident[where + i] = model.resident[from + i];
		set(from + i, NONE);
	}
	return true;
}

static bool do_touch(unsigned int page)
{
	const bool write = below(2);
	const unsigned int need = write ? UK_PAGE_WRITE : UK_PAGE_READ;
	unsigned char *const p = world_at(at(page) + 9, write ?
					  UK_TRAP_WRITE : UK_TRAP_READ);

	if (model.prot[page] == NONE || !((unsigned int)model.prot[page] &
							need))
		return !p;
	if (!p || *p != model.byte[page])
		return false;
	model.resident[page] = true;
	if (write) {
		*p = (unsigned char)(1 + below(255));
		model.byte[page] = *p;
	}
	return true;
}

static bool step(void)
{
	const unsigned int from = below(NPAGES);
	const unsigned int to = UK_MIN(from + 1 + below(9), NPAGES);

	switch (below(10)) {
	case 0:
		return do_map(from, to);
	case 1:
		return do_unmap(from, to);
	case 2:
		return do_protect(from, to);
	case 3:
		return do_advise(from, to);
	case 4:
		return do_move(from, to);
	default:
		return do_touch(from);
	}
}

static size_t nresident(void)
{
	size_t n = 0;

	for (unsigned int p = 0; p < NPAGES; p++)
		n += model.resident[p];
	return n;
}

static size_t npages(void)
{
	size_t n = 0;

	for (unsigned int p = 0; p < NPAGES; p++)
		n += model.prot[p] != NONE;
	return n;
}

static bool looks_right(void)
{
	struct uk_vas_stats stats;
	struct uk_vma vma;
	size_t nareas = 0;

	uk_vas_get_stats(&world.vas, &stats);
	if (stats.len != npages() * PAGE ||
	    stats.resident != nresident() * PAGE)
		return false;
	for (uintptr_t v = 0; uk_vma_find(&world.vas, v, &vma) == 0;
	     v = vma.end) {
		nareas++;
		for (uintptr_t p = vma.start; p < vma.end; p += PAGE)
			if (model.prot[(p - AT) / PAGE] != (int)vma.prot)
				return false;
	}
	return nareas == stats.nareas;
}

/* How many of @nsteps were right: up to the first one that was not. */
static unsigned int run(uint64_t seed, unsigned int nsteps)
{
	unsigned int i = 0;

	model = (__typeof__(model)){ .seed = seed };
	for (unsigned int p = 0; p < NPAGES; p++)
		set(p, NONE);
	for (; i < nsteps; i++)
		if (!step() || !looks_right())
			break;
	return i;
}

UK_TEST(vmem, areas_are_what_an_array_of_pages_says)
{
	for (uint64_t seed = 1; seed <= 4; seed++) {
		if (!world_begin())
			return;
		UK_EXPECT_EQ(run(seed, 2000), 2000);
		world_end();
	}
}
