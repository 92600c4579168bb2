/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The default heap. The frames are there before it: lib/ukfallocbuddy has its
 * entry in the same stage, and this library depends on it. It takes none of
 * them until somebody wants memory.
 */
#include <uk/allocslab.h>

#include <uk/bootinfo.h>
#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/falloc.h>
#include <uk/fallocbuddy.h>
#include <uk/idle.h>
#include <uk/init.h>
#include <uk/percpu.h>
#include <uk/print.h>

#include "slab_priv.h"

/* What is added later may lie below the first region, but not by a GiB. */
#define SLACK		(UINT64_C(1) << 30)

static UK_PERCPU(struct uk_allocslab, heap);
static struct uk_allocslab_shared shared;
static struct uk_alloc *alloc;

static int heap_init(const struct uk_boot_ctx *ctx)
{
	const struct uk_bootinfo *const bi = ctx->bi;
	uint64_t from = UINT64_MAX, to = 0;

	for (uint32_t i = 0; i < bi->nregions; i++) {
		const struct uk_region *const r = &bi->regions[i];

		if (r->type != UK_REGION_FREE)
			continue;
		from = UK_MIN(from, r->base);
		to = UK_MAX(to, r->base + r->len);
	}
	if (from >= to) {
		uk_pr_err("no memory is left for the heap");
		return -ENOMEM;
	}
	alloc = uk_allocslab_init(&heap, &shared, uk_falloc_get_default(),
				  UK_ALIGN_DOWN(from, SLACK), to);
	return 0;
}

static enum uk_event_result heap_idle(void *data UK_UNUSED)
{
	return slab_idle(alloc) ? UK_EVENT_HANDLED : UK_EVENT_NOT_HANDLED;
}

static enum uk_event_result heap_short(void *data)
{
	const struct uk_falloc_short *const s = data;

	if (!alloc || s->asker == alloc || s->fa != shared.fa)
		return UK_EVENT_NOT_HANDLED;
	slab_reclaim_own(alloc);
	return UK_EVENT_HANDLED_CONT;
}

UK_INIT(MEM, heap_init, NULL);
UK_EVENT_HANDLER(uk_idle, heap_idle);
UK_EVENT_HANDLER(uk_falloc_short, heap_short);
