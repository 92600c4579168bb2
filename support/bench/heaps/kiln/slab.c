/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The general heap, over frames of its own. What it has taken are frames, page
 * map included. What the allocator of frames knows of them is not the heap's,
 * nor are those that it has at hand for this CPU: they are free, for anybody.
 */
#include "trace.h"

#include <uk/allocslab.h>
#include <uk/arch/paging.h>
#include <uk/fallocbuddy.h>
#include <uk/percpu.h>

#include "heap.h"

#define PAGE	((size_t)UKARCH_PAGE_SIZE)

struct uk_alloc *kiln_heap;

static UK_PERCPU(struct uk_allocslab, slab);
static UK_PERCPU(struct uk_fallocbuddy_cache, at_hand);
static struct uk_allocslab_shared shared;
static struct uk_fallocbuddy frames;
static size_t at_first;

void heap_open(void *base, size_t len)
{
	const size_t meta = uk_fallocbuddy_metadata_len(len / PAGE);
	const size_t npages = (len - meta) / PAGE;
	const uint64_t paddr = uk_virt_to_phys(base);

	uk_fallocbuddy_init(&frames);
	uk_fallocbuddy_set_cache(&frames, &at_hand);
	if (uk_fallocbuddy_addmem(&frames, (char *)base + npages * PAGE, paddr,
				  npages, UKARCH_LINEAR_BASE) < 0)
		return;
	at_first = frames.fa.free_memory;
	kiln_heap = uk_allocslab_init(&slab, &shared, &frames.fa, paddr,
				      paddr + npages * PAGE);
}

size_t heap_taken(void)
{
	return at_first - frames.fa.free_memory - at_hand.n * PAGE;
}
