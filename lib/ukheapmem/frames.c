/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The default heap where others take frames too: it begins small and takes runs
 * of frames when it needs them, so that what it does not need is left to page
 * tables, mappings and devices.
 *
 * The frames are there before it: lib/ukfallocbuddy has its entry in the same
 * stage, and this library depends on it.
 */
#include <uk/heapmem.h>

#include <stdint.h>

#include <uk/alloc.h>
#include <uk/arch/cpu.h>
#include <uk/arch/paging.h>
#include <uk/compiler.h>
#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/falloc.h>
#include <uk/fallocbuddy.h>
#include <uk/print.h>

#define PAGE		((size_t)UKARCH_PAGE_SIZE)
#define BEGIN		(16 * PAGE)

/* Where a run of frames is to lie. */
struct run {
	uint64_t at;		/* a physical address, or 0: anywhere */
	unsigned long flags;
};

static int take(const struct run *run, uint64_t *paddr, unsigned long n)
{
	struct uk_falloc *const fa = uk_falloc_get_default();

	if (!run->at)
		return uk_falloc(fa, paddr, n, run->flags);
	return uk_falloc_from_range(fa, paddr, n, 0, run->at,
				    run->at + n * PAGE);
}

/* @wish bytes, or less of them, down to *@len. */
static void *take_some(const struct run *run, size_t *len, size_t wish)
{
	const size_t least = UK_DIV_ROUND_UP(*len, PAGE);
	size_t n = UK_MAX(least, wish / PAGE);
	uint64_t paddr;

	while (take(run, &paddr, n) < 0) {
		if (n == least)
			return NULL;
		n = UK_MAX(least, n / 2);
	}
	*len = n * PAGE;
	return uk_phys_to_virt(paddr);
}

static void *frames_more(size_t *len, size_t wish, size_t align)
{
	const unsigned int shift = (unsigned int)__builtin_ctzl(align);
	const struct run run = {
		.flags = align > PAGE ? UK_FALLOC_ALIGN(shift) : 0,
	};

	return take_some(&run, len, wish);
}

static void *frames_more_at(void *at, size_t *len, size_t wish)
{
	const struct run run = { .at = uk_virt_to_phys(at) };

	return take_some(&run, len, wish);
}

static size_t frames_left(void)
{
	return __atomic_load_n(&uk_falloc_get_default()->free_memory,
			       __ATOMIC_RELAXED);
}

static size_t frames_most(void)
{
	struct uk_falloc_stats stats;

	uk_falloc_stats_get(uk_falloc_get_default(), &stats);
	return stats.largest_run * PAGE;
}

static const struct uk_heapmem frames = {
	.more = frames_more,
	.more_at = frames_more_at,
	.left = frames_left,
	.most = frames_most,
};

int uk_heapmem_give(const struct uk_bootinfo *bi UK_UNUSED,
		    struct uk_alloc *(*make)(void *base, size_t len,
					     const struct uk_heapmem *source))
{
	size_t len = PAGE;
	void *const base = frames_more(&len, BEGIN, PAGE);
	struct uk_alloc *a = NULL;

	if (base)
		a = make(base, len, &frames);
	if (!a) {
		uk_pr_err("no memory is left for the heap");
		return -ENOMEM;
	}
	uk_pr_info("heap of %ld KiB", uk_alloc_availmem(a) / 1024);
	return 0;
}
