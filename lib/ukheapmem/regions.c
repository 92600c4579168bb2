/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The default heap gets all FREE memory.
 *
 * The allocator lives in the largest region, so that is the first to be used;
 * the others follow by address. What the page tables took stays out.
 */
#include <uk/heapmem.h>

#include <stdint.h>

#include <uk/alloc.h>
#include <uk/arch/paging.h>
#include <uk/bootinfo.h>
#include <uk/errno.h>
#include <uk/paging.h>
#include <uk/print.h>

/* The largest one, of which the heap may have *@max bytes; NULL: none. */
static const struct uk_region *largest(const struct uk_bootinfo *bi,
				       uint64_t *max)
{
	const struct uk_region *best = NULL;

	*max = 0;
	for (uint32_t i = 0; i < bi->nregions; i++) {
		const uint64_t len = uk_paging_usable(&bi->regions[i]);

		if (len > *max) {
			*max = len;
			best = &bi->regions[i];
		}
	}
	return best;
}

int uk_heapmem_give(const struct uk_bootinfo *bi,
		    struct uk_alloc *(*make)(void *base, size_t len,
					     const struct uk_heapmem *source))
{
	uint64_t max;
	const struct uk_region *const best = largest(bi, &max);
	struct uk_alloc *a = NULL;

	if (best)
		a = make(uk_phys_to_virt(best->base), max, NULL);
	if (!a) {
		uk_pr_err("no memory is left for the heap");
		return -ENOMEM;
	}

	for (uint32_t i = 0; i < bi->nregions; i++) {
		const struct uk_region *r = &bi->regions[i];
		const uint64_t len = uk_paging_usable(r);
		int rc;

		if (r == best || len == 0)
			continue;
		rc = uk_alloc_addmem(a, uk_phys_to_virt(r->base), len);
		if (rc < 0)
			return rc;
	}
	uk_pr_info("heap of %ld KiB", uk_alloc_availmem(a) / 1024);
	return 0;
}
