/* SPDX-License-Identifier: BSD-3-Clause */
/* What becomes of a span in the course of its life. */
#include <uk/allocslab.h>

#include <uk/preempt.h>
#include <uk/test.h>

#include "slab_fixture.h"
#include "slab_priv.h"

#define SIZE	((size_t)512)
#define CLASS	slab_class_of(SIZE)
/* As many as some short spans have, and more than a list. */
#define NBLOCKS	64u

static void *blocks[NBLOCKS];

static const struct uk_allocslab_class *class_of(struct uk_alloc *a)
{
	return slab_class(a, CLASS);
}

/* The list has none of them any more: all are in their spans. */
static void put_all(struct uk_alloc *a)
{
	for (unsigned int i = 0; i < NBLOCKS; i++)
		uk_free(a, blocks[i]);
	uk_preempt_disable();
	(void)slab_reclaim_lists(a);
	uk_preempt_enable();
	fixture_check();
}

static void get_all(struct uk_alloc *a)
{
	for (unsigned int i = 0; i < NBLOCKS; i++) {
		blocks[i] = uk_malloc(a, SIZE);
		UK_EXPECT_NOT_NULL(blocks[i]);
		fixture_check();
	}
}

UK_TEST(allocslab, a_span_that_is_kept_is_the_next_one_used_and_kept_no_more)
{
	struct uk_alloc *const a = fixture_begin();
	const struct uk_allocslab_class *cl;
	uint32_t kept;

	if (!a)
		return;
	cl = class_of(a);
	get_all(a);
	UK_EXPECT_EQ(cl->kept, SLAB_NO_PAGE);
	put_all(a);
	UK_EXPECT_EQ(cl->partial, SLAB_NO_PAGE);
	kept = cl->kept;
	if (!UK_EXPECT(kept != SLAB_NO_PAGE)) {
		fixture_end();
		return;
	}

	blocks[0] = uk_malloc(a, SIZE);
	UK_EXPECT_EQ(cl->kept, SLAB_NO_PAGE);
	UK_EXPECT(slab_page_at(a, kept) ==
		  slab_page_at(a, slab_number(a, blocks[0])) -
		  slab_index(slab_page_of(a, blocks[0])));
	fixture_check();
	uk_free(a, blocks[0]);
	fixture_end();
}

UK_TEST(allocslab, of_spans_without_a_block_in_use_one_is_kept_the_others_go)
{
	struct uk_alloc *const a = fixture_begin();
	uint64_t before;

	if (!a)
		return;
	get_all(a);
	put_all(a);
	UK_EXPECT_EQ(class_of(a)->partial, SLAB_NO_PAGE);
	UK_EXPECT(class_of(a)->kept != SLAB_NO_PAGE);
	before = fixture_nfree();
	uk_preempt_disable();
	UK_EXPECT(slab_drop_kept(a, CLASS));
	UK_EXPECT(!slab_drop_kept(a, CLASS));
	uk_preempt_enable();
	UK_EXPECT_GT(fixture_nfree(), before);
	UK_EXPECT_EQ(class_of(a)->nfree, 0);
	fixture_end();
}
