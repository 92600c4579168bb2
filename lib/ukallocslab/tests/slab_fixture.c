/* SPDX-License-Identifier: BSD-3-Clause */
#include "slab_fixture.h"

#include <uk/allocslab.h>
#include <uk/arch/paging.h>
#include <uk/compiler.h>
#include <uk/fallocbuddy.h>
#include <uk/percpu.h>
#include <uk/string.h>
#include <uk/test.h>

#include "slab_priv.h"

static UK_PERCPU(struct uk_allocslab, slab);
static struct uk_allocslab_shared shared;
static struct uk_fallocbuddy fb;
static uint64_t metadata[256];
static struct uk_alloc *heap, *outer;
static uint64_t nframes;	/* that it has to give back at the end */

struct uk_falloc *fixture_frames = &fb.fa;
char *fixture_memory;

struct uk_alloc *fixture_begin(void)
{
	struct uk_alloc *const saved = _uk_alloc_head;
	uint64_t paddr;

	UK_EXPECT_LE(uk_fallocbuddy_metadata_len(FIXTURE_NFRAMES),
		     sizeof(metadata));
	outer = saved;
	/* So that what fits does not depend on where it is. */
	fixture_memory = uk_memalign(outer, FIXTURE_NFRAMES * PAGE,
				     (FIXTURE_NFRAMES + FIXTURE_NMORE) * PAGE);
	nframes = FIXTURE_NFRAMES;
	if (!UK_EXPECT_NOT_NULL(fixture_memory))
		return NULL;
	memset(fixture_memory, 0xa5, FIXTURE_NFRAMES * PAGE);
	paddr = uk_virt_to_phys(fixture_memory);
	uk_fallocbuddy_init(&fb);
	UK_EXPECT_EQ(uk_fallocbuddy_addmem(&fb, metadata, paddr,
					   FIXTURE_NFRAMES,
					   UKARCH_LINEAR_BASE), 0);
	memset(&slab, 0, sizeof(slab));
	memset(&shared, 0, sizeof(shared));
	/* The list of allocators is the image's: put it aside, and back. */
	_uk_alloc_head = NULL;
	heap = uk_allocslab_init(&slab, &shared, &fb.fa, paddr,
				 paddr + FIXTURE_NFRAMES * PAGE);
	_uk_alloc_head = saved;
	return heap;
}

uint64_t fixture_nfree(void)
{
	struct uk_falloc_stats st;

	uk_falloc_stats_get(&fb.fa, &st);
	return st.free;
}

int fixture_add_more(void)
{
	const int rc = uk_alloc_addmem(heap, fixture_memory +
				       FIXTURE_NFRAMES * PAGE,
				       FIXTURE_NMORE * PAGE);

	/* The table that becomes too short stays. */
	if (rc == 0)
		nframes = fb.fa.total_memory / PAGE -
			  (slab_state(heap)->map_len != 0);
	return rc;
}

/* The page map: a table, an empty leaf, one for each MiB that was used. */
static uint64_t map_frames(void)
{
	const struct uk_allocslab_state *const s = slab_state(heap);
	uint64_t n = s->map_len ? 2 : 0;

	for (size_t i = 0; i < s->map_len >> SLAB_LEAF_SHIFT; i++)
		n += s->map[i] != s->shared->empty_leaf;
	return n;
}

/* Free blocks in the spans of class @c that are in its list. */
static uint64_t walk(const struct uk_allocslab_class *cl, unsigned int c)
{
	uint32_t at = cl->partial, prev = SLAB_NO_PAGE;
	unsigned int nspans = 0;
	uint64_t n = 0;

	for (; at != SLAB_NO_PAGE && nspans < FIXTURE_NFRAMES; nspans++) {
		const struct slab_page *const page = slab_page_at(heap, at);

		UK_EXPECT(at != cl->kept);
		if (!UK_EXPECT_NOT_NULL(page))
			return n;
		UK_EXPECT_EQ(page->kind, c);
		UK_EXPECT_EQ(page->prev, prev);
		UK_EXPECT_GT(page->nfree, 0);
		n += page->nfree;
		prev = at;
		at = page->next;
	}
	UK_EXPECT_LT(nspans, FIXTURE_NFRAMES);
	return n;
}

void fixture_check(void)
{
	for (unsigned int c = 1; c <= UK_ALLOCSLAB_CLASSES; c++) {
		const struct uk_allocslab_class *const cl =
			slab_class(heap, c);
		const struct slab_page *kept;
		uint64_t n;

		/* Medium blocks have no spans, and this one had none yet. */
		if (c == SLAB_MEDIUM || cl->size == 0)
			continue;
		n = walk(cl, c);
		if (cl->kept != SLAB_NO_PAGE) {
			kept = slab_page_at(heap, cl->kept);
			UK_EXPECT_EQ(kept->kind, c);
			n += kept->nfree;
		}
		UK_EXPECT_EQ(cl->nfree, n);
	}
}

void fixture_end(void)
{
	fixture_check();
	slab_reclaim(heap);
	UK_EXPECT_EQ(fixture_nfree(), nframes - map_frames());
	uk_free(outer, fixture_memory);
}
