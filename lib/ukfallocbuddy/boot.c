/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The image's frames: all FREE regions but what page tables took. What is to
 * be known of all of them is kept at the end of the largest region, so that
 * small machines do not lose a frame for each region.
 */
#include <uk/fallocbuddy.h>

#include <stddef.h>
#include <stdint.h>

#include <uk/arch/cpu.h>
#include <uk/arch/paging.h>
#include <uk/bootinfo.h>
#include <uk/compiler.h>
#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/idle.h>
#include <uk/init.h>
#include <uk/paging.h>
#include <uk/percpu.h>
#include <uk/print.h>

#include "fallocbuddy_priv.h"

#define PAGE		((uint64_t)UKARCH_PAGE_SIZE)

static struct uk_fallocbuddy frames;
static UK_PERCPU(struct uk_fallocbuddy_cache, at_hand);

/* The largest one; NULL: there is none. *@len is for metadata of all. */
static const struct uk_region *survey(const struct uk_bootinfo *bi,
				      uint64_t *len)
{
	const struct uk_region *best = NULL;

	*len = 0;
	for (uint32_t i = 0; i < bi->nregions; i++) {
		const struct uk_region *const r = &bi->regions[i];
		const uint64_t n = uk_paging_usable(r);

		if (n)
			*len += UK_ALIGN_UP(uk_fallocbuddy_metadata_len(
						    n / PAGE), 8u);
		if (n && (!best || n > uk_paging_usable(best)))
			best = r;
	}
	*len = UK_ALIGN_UP(*len, PAGE);
	return best;
}

static int buddy_init(const struct uk_boot_ctx *ctx)
{
	const struct uk_bootinfo *const bi = ctx->bi;
	uint64_t meta_len;
	const struct uk_region *const home = survey(bi, &meta_len);
	char *meta;

	uk_fallocbuddy_init(&frames);
	if (!home || uk_paging_usable(home) <= meta_len) {
		uk_pr_err("no memory is free");
		return -ENOMEM;
	}
	meta = uk_phys_to_virt(home->base + uk_paging_usable(home) - meta_len);
	for (uint32_t i = 0; i < bi->nregions; i++) {
		const struct uk_region *const r = &bi->regions[i];
		const uint64_t len = uk_paging_usable(r) -
				     (r == home ? meta_len : 0);
		int rc;

		if (len == 0)
			continue;
		rc = uk_fallocbuddy_addmem(&frames, meta, r->base, len / PAGE,
					   UKARCH_LINEAR_BASE);
		if (rc < 0)
			return rc;
		meta += UK_ALIGN_UP(uk_fallocbuddy_metadata_len(len / PAGE),
				    8u);
	}
	uk_fallocbuddy_set_cache(&frames, &at_hand);
	uk_falloc_register(&frames.fa);
	uk_pr_info("%lu KiB in frames",
		   (unsigned long)(frames.fa.free_memory / 1024));
	return 0;
}

static enum uk_event_result buddy_idle(void *data UK_UNUSED)
{
	return buddy_cache_idle(&frames) ? UK_EVENT_HANDLED :
					   UK_EVENT_NOT_HANDLED;
}

UK_INIT(MEM, buddy_init, NULL);
UK_EVENT_HANDLER(uk_idle, buddy_idle);
