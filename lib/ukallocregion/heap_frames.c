/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The default heap where others take frames too: it begins small and takes runs
 * of frames when it needs them, so that what it does not need is left to page
 * tables, mappings and devices.
 *
 * The frames are there before it: lib/ukfallocbuddy has its entry in the same
 * stage, and this library depends on it.
 */
#include <stddef.h>
#include <stdint.h>

#include <uk/alloc.h>
#include <uk/arch/cpu.h>
#include <uk/arch/paging.h>
#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/falloc.h>
#include <uk/fallocbuddy.h>
#include <uk/init.h>
#include <uk/print.h>

#include "allocregion_priv.h"

#define PAGE		((size_t)UKARCH_PAGE_SIZE)
#define BEGIN		(16 * PAGE)

static int take(void *at, unsigned long n, uint64_t *paddr)
{
	struct uk_falloc *const fa = uk_falloc_get_default();
	uint64_t from;

	if (!at)
		return uk_falloc(fa, paddr, n, 0);
	from = uk_virt_to_phys(at);
	return uk_falloc_from_range(fa, paddr, n, 0, from, from + n * PAGE);
}

static void *frames_more(void *at, size_t *len, size_t wish)
{
	const size_t least = UK_DIV_ROUND_UP(*len, PAGE);
	size_t n = UK_MAX(least, wish / PAGE);
	uint64_t paddr;

	while (take(at, n, &paddr) < 0) {
		if (n == least)
			return NULL;
		n = UK_MAX(least, n / 2);
	}
	*len = n * PAGE;
	return uk_phys_to_virt(paddr);
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

static const struct allocregion_source frames = {
	.more = frames_more,
	.left = frames_left,
	.most = frames_most,
};

static int heap_init(const struct uk_boot_ctx *ctx UK_UNUSED)
{
	size_t len = PAGE;
	void *const base = frames_more(NULL, &len, BEGIN);
	struct uk_alloc *a = NULL;

	if (base)
		a = allocregion_init(base, len, &frames);
	if (!a) {
		uk_pr_err("no memory is left for the heap");
		return -ENOMEM;
	}
	uk_pr_info("heap of %ld KiB", uk_alloc_availmem(a) / 1024);
	return 0;
}

UK_INIT(MEM, heap_init, NULL);
