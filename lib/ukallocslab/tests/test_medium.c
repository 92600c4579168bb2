/* SPDX-License-Identifier: BSD-3-Clause */
/* Blocks above 1 KiB and up to 16 KiB, which all sizes share regions for. */
#include <uk/alloc.h>

#include <uk/essentials.h>
#include <uk/string.h>
#include <uk/test.h>

#include "slab_fixture.h"
#include "slab_priv.h"

#define NBLOCKS	64u

static char *blocks[NBLOCKS];
static size_t sizes[NBLOCKS];
static struct uk_alloc *crashing;

static void free_it(void *ptr)
{
	uk_free(crashing, ptr);
}

static bool fill(struct uk_alloc *a, unsigned int i, size_t size)
{
	sizes[i] = size;
	blocks[i] = uk_malloc(a, size);
	if (!UK_EXPECT_NOT_NULL(blocks[i]))
		return false;
	memset(blocks[i], (int)i, size);
	return true;
}

static bool is_whole(unsigned int i)
{
	for (size_t at = 0; at < sizes[i]; at++)
		if (blocks[i][at] != (char)i)
			return false;
	return true;
}

UK_TEST(allocslab, medium_blocks_of_many_sizes_are_apart_and_share_frames)
{
	struct uk_alloc *const a = fixture_begin();
	size_t sum = 0;
	uint64_t taken;

	if (!a)
		return;
	for (unsigned int i = 0; i < NBLOCKS; i++) {
		if (!fill(a, i, 1025 + i * 37 % NBLOCKS * 233))
			return;
		UK_EXPECT(UK_IS_ALIGNED((uintptr_t)blocks[i], 64));
		sum += sizes[i];
	}
	taken = FIXTURE_NFRAMES - fixture_nfree();
	for (unsigned int i = 0; i < NBLOCKS; i++)
		UK_EXPECT(is_whole(i));
	/* Of no two the same size, and an eighth is lost; four are the map. */
	UK_EXPECT_LE((taken - 4) * PAGE, sum + sum / 8);
	/* Odd ones first: each even one then has free ones at both sides. */
	for (unsigned int i = 1; i < NBLOCKS; i += 2)
		uk_free(a, blocks[i]);
	for (unsigned int i = 0; i < NBLOCKS; i += 2) {
		UK_EXPECT(is_whole(i));
		uk_free(a, blocks[i]);
	}
	/* One region is kept, which is short. */
	UK_EXPECT_LE(slab_shared(a)->medium_npages, 16);
	(void)slab_medium_drop_kept(a);
	UK_EXPECT_EQ(slab_shared(a)->medium_npages, 0);
	UK_EXPECT_EQ(slab_class(a, SLAB_MEDIUM)->nfree, 0);
	fixture_end();
}

UK_TEST(allocslab, the_smallest_hole_that_fits_is_taken)
{
	struct uk_alloc *const a = fixture_begin();
	void *large, *small;

	if (!a)
		return;
	/* One region, with holes of 5,056 and 2,048 bytes. */
	for (unsigned int i = 0; i < 8; i++)
		if (!fill(a, i, i == 3 ? 5056 : 2048))
			return;
	large = blocks[3];
	small = blocks[5];
	uk_free(a, small);
	uk_free(a, large);
	UK_EXPECT_EQ(uk_malloc(a, 2000), small);
	UK_EXPECT_EQ(uk_malloc(a, 5000), large);
	for (unsigned int i = 0; i < 8; i++)
		uk_free(a, blocks[i]);
	fixture_end();
}

UK_TEST(allocslab, a_medium_block_grows_and_shrinks_where_it_is)
{
	struct uk_alloc *const a = fixture_begin();
	char *now;

	if (!a || !fill(a, 0, 5000) || !fill(a, 1, 1500))
		return;
	sizes[0] = 2000;
	UK_EXPECT_EQ(uk_realloc(a, blocks[0], 2000), blocks[0]);
	/* What it gave back is there for others. */
	if (!fill(a, 2, 1400))
		return;
	UK_EXPECT(blocks[2] > blocks[0] && blocks[2] < blocks[1]);
	now = uk_realloc(a, blocks[0], 5000);
	UK_EXPECT(now != blocks[0]);
	blocks[0] = now;
	UK_EXPECT(is_whole(0) && is_whole(1) && is_whole(2));
	uk_free(a, blocks[2]);
	sizes[1] = 1500;
	for (unsigned int i = 0; i < 3; i++)
		if (i < 2) {
			UK_EXPECT(is_whole(i));
			uk_free(a, blocks[i]);
		}
	/* To the end of its region and no further. */
	if (!fill(a, 0, 2000))
		return;
	now = blocks[0];
	for (size_t size = 2000; now == blocks[0] && size < 16000; size += 64)
		now = uk_realloc(a, now, size);
	blocks[0] = now;
	UK_EXPECT(is_whole(0));
	uk_free(a, now);
	fixture_end();
}

UK_TEST(allocslab, who_asks_for_a_page_gets_just_that)
{
	struct uk_alloc *const a = fixture_begin();
	uint64_t before;
	char *ptr;

	if (!a)
		return;
	uk_free(a, uk_malloc(a, 2000));
	for (size_t n = 1; n <= 4; n++) {
		before = fixture_nfree();
		ptr = uk_malloc(a, n * PAGE - 30);
		UK_EXPECT(UK_IS_ALIGNED((uintptr_t)ptr, PAGE));
		UK_EXPECT_EQ(fixture_nfree(), before - n);
		UK_EXPECT_EQ(uk_realloc(a, ptr, n * PAGE), ptr);
		uk_free(a, ptr);
	}
	fixture_end();
}

UK_TEST(allocslab, a_pointer_into_a_medium_block_is_named)
{
	struct uk_alloc *const a = fixture_begin();

	if (!a || !fill(a, 0, 3000))
		return;
	crashing = a;
	UK_EXPECT_CRASH(free_it, blocks[0] + 64);
}

UK_TEST(allocslab, what_lies_before_the_first_medium_block_is_none)
{
	struct uk_alloc *const a = fixture_begin();

	if (!a || !fill(a, 0, 3000))
		return;
	crashing = a;
	UK_EXPECT_CRASH(free_it, (void *)UK_ALIGN_DOWN((uintptr_t)blocks[0],
						       PAGE));
}

UK_TEST(allocslab, a_medium_block_that_is_freed_twice_is_named_at_once)
{
	struct uk_alloc *const a = fixture_begin();

	if (!a || !fill(a, 0, 3000) || !fill(a, 1, 3000))
		return;
	uk_free(a, blocks[0]);
	crashing = a;
	UK_EXPECT_CRASH(free_it, blocks[0]);
}

UK_TEST(allocslab, where_no_long_run_is_free_a_short_one_has_medium_blocks)
{
	struct uk_alloc *const a = fixture_begin();
	static void *pages[FIXTURE_NFRAMES];
	unsigned int n = 0;

	if (!a)
		return;
	while (n < FIXTURE_NFRAMES && (pages[n] = uk_palloc(a, 1)) != NULL)
		n++;
	/* Single frames are free, each between two that are not. */
	for (unsigned int i = 0; i < n; i += 2)
		uk_pfree(a, pages[i], 1);
	for (unsigned int i = 0; i < NBLOCKS; i++)
		if (!fill(a, i, 2000))
			return;
	UK_EXPECT_NULL(uk_malloc(a, 4500));
	for (unsigned int i = 0; i < NBLOCKS; i++) {
		UK_EXPECT(is_whole(i));
		uk_free(a, blocks[i]);
	}
	for (unsigned int i = 1; i < n; i += 2)
		uk_pfree(a, pages[i], 1);
	fixture_end();
}

/* A list holds a block of each of many spans, which are else free. */
UK_TEST(allocslab, a_heap_that_grows_takes_what_lists_hold_first)
{
	struct uk_alloc *const a = fixture_begin();
	static void *small[1024];
	uint64_t before;

	if (!a)
		return;
	for (unsigned int i = 0; i < UK_ARRAY_SIZE(small); i++)
		small[i] = uk_malloc(a, 512);
	for (unsigned int i = 0; i < UK_ARRAY_SIZE(small); i++)
		uk_free(a, small[i * 389 % UK_ARRAY_SIZE(small)]);
	before = fixture_nfree();
	UK_EXPECT(*SLAB_LIST(a, slab_class_of(512)) != NULL);
	/* As much as it had before, and the part that it may have more. */
	for (unsigned int i = 0; i < NBLOCKS; i++)
		if (!fill(a, i, 9000 + i * 17))
			return;
	UK_EXPECT(*SLAB_LIST(a, slab_class_of(512)) == NULL);
	for (unsigned int i = 0; i < NBLOCKS; i++)
		uk_free(a, blocks[i]);
	UK_EXPECT_GT(fixture_nfree(), before);
	fixture_end();
}
