/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Random calls, against an array with an entry for each page of a range: its
 * rights, its byte, and whether it is shared. Then the same with frames that
 * run out now and then: what fails may have lost what it was to replace, and
 * nothing is left over at the end.
 */
#include "calls.h"

#include <uk/alloc.h>
#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/test_random.h>

#define AT	((uintptr_t)0x380000000000)
#define NPAGES	48u
#define NSTEPS	6000u
#define NONE	(-1)

static struct page {
	int prot;		/* NONE: nothing is there */
	unsigned char byte;
	bool shared;
} pages[NPAGES];

static struct {
	uint64_t seed;
	bool scarce;
	struct uk_falloc fa;	/* refuses */
	struct uk_vas vas;
} model;

static unsigned int below(unsigned int n)
{
	return (unsigned int)(uk_test_draw(&model.seed) >> 32) % n;
}

static int take(struct uk_falloc *fa UK_UNUSED, uint64_t *paddr,
		unsigned long nframes, unsigned long flags)
{
	if (model.scarce && below(3) == 0)
		return -ENOMEM;
	return uk_falloc(uk_falloc_get_default(), paddr, nframes, flags);
}

static int give(struct uk_falloc *fa UK_UNUSED, uint64_t paddr,
		unsigned long nframes)
{
	return uk_ffree(uk_falloc_get_default(), paddr, nframes);
}

static uintptr_t at(unsigned int page)
{
	return AT + page * PAGE;
}

static bool may_be(long rc, long want)
{
	return rc == want || (model.scarce && rc == -ENOMEM);
}

static int prot_at(unsigned int page)
{
	struct uk_vma vma;

	return uk_vma_find(mm_vas(), at(page), &vma) == 0 &&
	       vma.start <= at(page) ? (int)vma.prot : NONE;
}

/* After what failed: pages that were to be replaced may be gone. */
static void forget_gone(unsigned int from, unsigned int to)
{
	for (unsigned int p = from; p < to; p++)
		if (prot_at(p) == NONE)
			pages[p] = (struct page){ .prot = NONE };
}

static bool all(unsigned int from, unsigned int to, bool (*is)(struct page))
{
	for (unsigned int p = from; p < to; p++)
		if (!is(pages[p]))
			return false;
	return true;
}

static bool is_there(struct page page)
{
	return page.prot != NONE;
}

static bool is_free(struct page page)
{
	return page.prot == NONE;
}

static int some_prot(void)
{
	static const int prots[] = { 0, UK_ABI_PROT_READ, RW, RW, RW };

	return prots[below(UK_ARRAY_SIZE(prots))];
}

static bool do_mmap(unsigned int from, unsigned int to)
{
	const bool replace = below(2), shared = below(4) == 0;
	const int prot = some_prot();
	const long flags = (shared ? SHARED : ANON) |
			   (replace ? FIXED : UK_ABI_MAP_FIXED_NOREPLACE);
	const long rc = mmap(at(from), (to - from) * PAGE, prot, flags);
	const bool fits = replace || all(from, to, is_free);

	if (rc < 0 && replace)
		forget_gone(from, to);
	for (unsigned int p = from; rc > 0 && p < to; p++)
		pages[p] = (struct page){ .prot = prot, .shared = shared };
	return may_be(rc, fits ? (long)at(from) : -EEXIST);
}

static bool do_munmap(unsigned int from, unsigned int to)
{
	const long rc = munmap(at(from), (to - from) * PAGE);

	for (unsigned int p = from; rc == 0 && p < to; p++)
		pages[p] = (struct page){ .prot = NONE };
	return may_be(rc, 0);
}

static bool do_mprotect(unsigned int from, unsigned int to)
{
	const int prot = some_prot();
	const long want = all(from, to, is_there) ? 0 : -ENOMEM;
	const long rc = mprotect(at(from), (to - from) * PAGE, prot);

	for (unsigned int p = from; want == 0 && p < to; p++)
		if (rc == 0 || prot_at(p) == prot)
			pages[p].prot = prot;
	return may_be(rc, want);
}

static bool do_madvise(unsigned int from, unsigned int to)
{
	const long want = all(from, to, is_there) ? 0 : -ENOMEM;
	const long rc = madvise(at(from), (to - from) * PAGE,
				UK_ABI_MADV_DONTNEED);

	/* Holes are passed over. */
	for (unsigned int p = from; p < to; p++)
		if (!pages[p].shared)
			pages[p].byte = 0;
	return may_be(rc, want);
}

static bool is_one_area(unsigned int from, unsigned int to)
{
	struct uk_vma vma;

	return uk_vma_find(mm_vas(), at(from), &vma) == 0 &&
	       vma.start <= at(from) && vma.end >= at(to);
}

static bool do_mremap(unsigned int from, unsigned int to)
{
	const unsigned int n = to - from;
	const unsigned int where = below(NPAGES - n + 1);
	const bool overlaps = where < to && from < where + n;
	const long keep = below(2) ? UK_ABI_MREMAP_DONTUNMAP : 0;
	const long want = overlaps ? -EINVAL :
			  !is_one_area(from, to) ? -EFAULT : (long)at(where);
	const long rc = mremap(at(from), n * PAGE, n * PAGE,
			       UK_ABI_MREMAP_MAYMOVE | UK_ABI_MREMAP_FIXED |
			       keep, at(where));

	if (rc == -ENOMEM)
		forget_gone(where, where + n);
	for (unsigned int i = 0; rc > 0 && i < n; i++) {
		struct page *const page = &pages[from + i];

		pages[where + i] = *page;
		if (!keep)
			*page = (struct page){ .prot = NONE };
		else if (!page->shared)
			page->byte = 0;
	}
	/* Two places of the same would change together. */
	if (rc > 0 && keep && pages[where].shared)
		return do_munmap(from, to) || model.scarce;
	return may_be(rc, want);
}

static bool do_touch(unsigned int p)
{
	struct page *const page = &pages[p];

	if (page->prot <= 0 ||
	    uk_vma_touch(mm_vas(), at(p), page->prot & UK_ABI_PROT_WRITE
			 ? UK_TRAP_WRITE : UK_TRAP_READ) < 0)
		return model.scarce || page->prot <= 0;
	if (*byte(at(p)) != page->byte)
		return false;
	if (page->prot & UK_ABI_PROT_WRITE) {
		page->byte = (unsigned char)below(256);
		*byte(at(p)) = page->byte;
	}
	return true;
}

static bool step(void)
{
	const unsigned int from = below(NPAGES);
	const unsigned int to = UK_MIN(from + 1 + below(8), NPAGES);

	switch (below(16)) {
	case 0 ... 1:
		return do_mmap(from, to);
	case 2:
		return do_munmap(from, to);
	case 3 ... 4:
		return do_mprotect(from, to);
	case 5:
		return do_madvise(from, to);
	case 6 ... 7:
		return do_mremap(from, to);
	}
	return do_touch(from);
}

/* Returns how many steps were right, up to the first one that was not. */
static unsigned int run(uint64_t seed, bool scarce)
{
	unsigned int i = 0;

	model.seed = seed;
	for (unsigned int p = 0; p < NPAGES; p++)
		pages[p] = (struct page){ .prot = NONE };
	for (; i < NSTEPS; i++) {
		bool right;

		model.scarce = scarce && below(2);
		right = step();
		model.scarce = false;
		for (unsigned int p = 0; right && p < NPAGES; p++)
			right = pages[p].prot == prot_at(p);
		if (!right)
			break;
	}
	return i;
}

static void run_in_own(uint64_t seed, bool scarce)
{
	model.fa = (struct uk_falloc){ .falloc = take, .ffree = give };
	if (!UK_EXPECT_EQ(uk_vas_create(&model.vas, uk_alloc_get_default(),
					&model.fa), 0))
		return;
	uk_vas_activate(&model.vas);
	UK_EXPECT_EQ(run(seed, scarce), NSTEPS);
	uk_vas_activate(NULL);
	UK_EXPECT_EQ(uk_vas_destroy(&model.vas), 0);
}

UK_TEST(mmap_model, memory_is_what_an_array_of_pages_says)
{
	const struct levels before = levels();

	UK_EXPECT_EQ(run(1, false), NSTEPS);
	UK_EXPECT_EQ(munmap(AT, NPAGES * PAGE), 0);
	expect_levels(&before);
}

UK_TEST(mmap_model, without_memory_nothing_is_lost_but_what_was_replaced)
{
	const struct levels before = levels();

	for (uint64_t seed = 2; seed < 6; seed++)
		run_in_own(seed, true);
	expect_levels(&before);
}
