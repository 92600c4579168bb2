/* SPDX-License-Identifier: BSD-3-Clause */
/* Blocks of all sizes, in a heap over frames of the test's own. */
#include <uk/allocslab.h>

#include <limits.h>
#include <stdbool.h>

#include <uk/arch/paging.h>
#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/string.h>
#include <uk/test.h>

#include "slab_fixture.h"
#include "slab_priv.h"

static void *ptrs[1024];
static struct uk_alloc *crashing;

static bool is_filled(const char *ptr, char with, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (ptr[i] != with)
			return false;
	return true;
}

UK_TEST(allocslab, each_size_has_the_smallest_class_that_holds_it)
{
	for (size_t size = 0; size <= SLAB_SMALL_MAX; size++) {
		const unsigned int c = slab_class_of(size);

		if (!UK_EXPECT_EQ(size > SLAB_BY_TABLE, c >= SLAB_MEDIUM) ||
		    !UK_EXPECT(c >= 1 && size <= slab_size_of(c)) ||
		    !UK_EXPECT(c == 1 || slab_size_of(c - 1) < size))
			break;
		/* At most an eighth is lost, above the smallest. */
		if (size > 128)
			UK_EXPECT_LE(slab_size_of(c) - size,
				     UK_MIN(size / 8, SLAB_UNIT - 1));
	}
}

UK_TEST(allocslab, a_long_span_loses_a_thirty_second_at_most)
{
	struct uk_alloc *const a = fixture_begin();

	if (!a)
		return;
	for (unsigned int c = 1; c < SLAB_MEDIUM; c++) {
		const struct uk_allocslab_class *const cl =
			&slab_shared(a)->classes[c];

		uk_free(a, uk_malloc(a, slab_size_of(c)));
		UK_EXPECT_EQ(cl->size, slab_size_of(c));
		UK_EXPECT_LE(cl->npages, 16);
		UK_EXPECT_GE(cl->nslots, 1);
		UK_EXPECT_LE((cl->npages * PAGE - cl->nslots * cl->size) * 32,
			     cl->npages * PAGE);
	}
	fixture_end();
}

UK_TEST(allocslab, a_heap_that_nobody_uses_takes_nothing)
{
	struct uk_alloc *const a = fixture_begin();

	if (!a)
		return;
	UK_EXPECT_EQ(fixture_nfree(), FIXTURE_NFRAMES);
	uk_free(a, NULL);
	UK_EXPECT_EQ(fixture_nfree(), FIXTURE_NFRAMES);
	UK_EXPECT_EQ(uk_alloc_maxalloc(a),
		     (FIXTURE_NFRAMES - slab_map_most(a)) * PAGE);
	UK_EXPECT_EQ(uk_alloc_availmem(a), FIXTURE_NFRAMES * PAGE);
	fixture_end();
}

UK_TEST(allocslab, blocks_at_the_edges_of_each_class_are_apart_and_aligned)
{
	struct uk_alloc *const a = fixture_begin();
	unsigned int n = 0;

	if (!a)
		return;
	for (unsigned int c = 1; c <= UK_ALLOCSLAB_CLASSES; c++)
		for (size_t d = 0; d < 3; d++, n++) {
			const size_t size = slab_size_of(c) + d - 1;
			char *const ptr = uk_malloc(a, size);

			ptrs[n] = ptr;
			if (!UK_EXPECT_NOT_NULL(ptr))
				break;
			UK_EXPECT(UK_IS_ALIGNED((uintptr_t)ptr, 16));
			memset(ptr, (int)n, size);
		}
	n = 0;
	for (unsigned int c = 1; c <= UK_ALLOCSLAB_CLASSES; c++)
		for (size_t d = 0; d < 3; d++, n++) {
			const size_t size = slab_size_of(c) + d - 1;

			UK_EXPECT(is_filled(ptrs[n], (char)n, size));
			if (n % 2 || size > 1024)
				uk_free(a, ptrs[n]);
			else
				uk_free_sized(a, ptrs[n], size);
		}
	fixture_end();
}

UK_TEST(allocslab, blocks_of_no_bytes_are_blocks)
{
	struct uk_alloc *const a = fixture_begin();
	void *p, *q;

	if (!a)
		return;
	p = uk_malloc(a, 0);
	q = uk_calloc(a, 0, 8);
	UK_EXPECT_NOT_NULL(p);
	UK_EXPECT_NOT_NULL(q);
	UK_EXPECT(p != q);
	uk_free_sized(a, p, 0);
	uk_free(a, q);
	fixture_end();
}

UK_TEST(allocslab, what_was_freed_last_goes_out_first)
{
	struct uk_alloc *const a = fixture_begin();
	void *ptr;

	if (!a)
		return;
	ptr = uk_malloc(a, 100);
	uk_free(a, ptr);
	UK_EXPECT_EQ(uk_malloc(a, 112), ptr);
	uk_free_sized(a, ptr, 112);
	UK_EXPECT_EQ(uk_malloc(a, 97), ptr);
	uk_free(a, ptr);
	fixture_end();
}

UK_TEST(allocslab, a_list_knows_its_length_and_keeps_no_more_than_8_kib)
{
	struct uk_alloc *const a = fixture_begin();
	const unsigned int c = slab_class_of(64);
	const struct ukarch_item *slot;
	unsigned int n;

	if (!a)
		return;
	for (unsigned int i = 0; i < 1000; i++)
		ptrs[i] = uk_malloc(a, 64);
	for (unsigned int i = 0; i < 1000; i++) {
		uk_free(a, ptrs[i]);
		n = 0;
		for (slot = *SLAB_LIST(a, c); slot; slot = slot->next)
			n++;
		slot = *SLAB_LIST(a, c);
		if (!UK_EXPECT_EQ(n + slot->room, slab_class(a, c)->limit) ||
		    !UK_EXPECT_LE(n * 64, 8192))
			break;
	}
	fixture_end();
}

UK_TEST(allocslab, calloc_zeroes_and_refuses_products_that_overflow)
{
	struct uk_alloc *const a = fixture_begin();
	static const size_t sizes[] = { 1, 100, 4096, 16384, 16385, 100000 };

	if (!a)
		return;
	for (unsigned int i = 0; i < UK_ARRAY_SIZE(sizes); i++) {
		char *ptr = uk_malloc(a, sizes[i]);

		memset(ptr, 0xff, sizes[i]);
		uk_free(a, ptr);
		ptr = uk_calloc(a, 1, sizes[i]);
		UK_EXPECT(ptr && is_filled(ptr, 0, sizes[i]));
		uk_free(a, ptr);
	}
	UK_EXPECT_NULL(uk_calloc(a, SIZE_MAX / 2, 3));
	UK_EXPECT_NULL(uk_calloc(a, (size_t)1 << 32, (size_t)1 << 32));
	fixture_end();
}

UK_TEST(allocslab, absurd_sizes_and_alignments_are_refused)
{
	struct uk_alloc *const a = fixture_begin();
	void *ptr = a;

	if (!a)
		return;
	UK_EXPECT_NULL(uk_malloc(a, SIZE_MAX));
	UK_EXPECT_NULL(uk_malloc(a, PTRDIFF_MAX));
	UK_EXPECT_NULL(uk_malloc(a, (size_t)PTRDIFF_MAX + 1));
	UK_EXPECT_NULL(uk_palloc(a, 0));
	UK_EXPECT_NULL(uk_palloc(a, ULONG_MAX));
	UK_EXPECT_EQ(uk_posix_memalign(a, &ptr, 0, 8), EINVAL);
	UK_EXPECT_EQ(uk_posix_memalign(a, &ptr, 3, 8), EINVAL);
	UK_EXPECT_EQ(uk_posix_memalign(a, &ptr, (size_t)1 << 63, 8), ENOMEM);
	UK_EXPECT_EQ(uk_posix_memalign(a, &ptr, 16, SIZE_MAX), ENOMEM);
	UK_EXPECT(ptr == a);
	fixture_end();
}

/* What the page map takes is out of the way: it has a leaf everywhere. */
static void make_map(struct uk_alloc *a)
{
	void *blocks[FIXTURE_NFRAMES / 32];

	for (unsigned int i = 0; i < UK_ARRAY_SIZE(blocks); i++)
		blocks[i] = uk_palloc(a, 32);
	for (unsigned int i = 0; i < UK_ARRAY_SIZE(blocks); i++)
		uk_free(a, blocks[i]);
}

UK_TEST(allocslab, each_alignment_up_to_an_eighth_of_all_memory_is_kept)
{
	struct uk_alloc *const a = fixture_begin();

	if (!a)
		return;
	make_map(a);
	/* Frames of the page map may lie at half of the places, not at all. */
	for (size_t align = 8; align <= FIXTURE_NFRAMES / 8 * PAGE; align *= 2)
		for (size_t size = 0; size < 20000; size += 1 + size / 2) {
			void *p = NULL, *q = NULL;

			UK_EXPECT_EQ(uk_posix_memalign(a, &p, align, size), 0);
			UK_EXPECT_EQ(uk_posix_memalign(a, &q, align, size), 0);
			UK_EXPECT(UK_IS_ALIGNED((uintptr_t)p, align));
			UK_EXPECT(UK_IS_ALIGNED((uintptr_t)q, align));
			if (!UK_EXPECT(p && q))
				break;
			memset(p, 1, size);
			memset(q, 2, size);
			UK_EXPECT(is_filled(p, 1, size));
			uk_free(a, p);
			uk_free(a, q);
		}
	fixture_end();
}

UK_TEST(allocslab, pages_come_and_go_exactly)
{
	struct uk_alloc *const a = fixture_begin();

	if (!a)
		return;
	make_map(a);
	for (unsigned long n = 1; n < 40; n++) {
		const uint64_t before = fixture_nfree();
		void *const ptr = uk_palloc(a, n);

		UK_EXPECT(ptr && UK_IS_ALIGNED((uintptr_t)ptr, PAGE));
		UK_EXPECT_EQ(fixture_nfree(), before - n);
		uk_pfree(a, ptr, n);
		UK_EXPECT_EQ(fixture_nfree(), before);
	}
	fixture_end();
}

UK_TEST(allocslab, realloc_keeps_the_bytes_and_stays_within_a_class)
{
	struct uk_alloc *const a = fixture_begin();
	char *ptr, *now;

	if (!a)
		return;
	ptr = uk_realloc(a, NULL, 97);
	now = uk_realloc(a, ptr, 112);
	UK_EXPECT_EQ(now, ptr);
	memset(now, 7, 112);
	now = uk_realloc(a, now, 5000);
	UK_EXPECT(now != ptr && is_filled(now, 7, 112));
	memset(now, 8, 5000);
	now = uk_realloc(a, now, 70000);
	UK_EXPECT(is_filled(now, 8, 5000));
	now = uk_realloc(a, now, 20);
	UK_EXPECT(is_filled(now, 8, 20));
	/* Who frees it by its size relies on that. */
	UK_EXPECT_EQ(slab_page_of(a, now)->kind, slab_class_of(20));
	now = uk_realloc(a, now, 1000);
	now = uk_realloc(a, now, 20);
	UK_EXPECT_EQ(slab_page_of(a, now)->kind, slab_class_of(20));
	uk_free_sized(a, now, 20);
	UK_EXPECT_NULL(uk_realloc(a, uk_malloc(a, 10), 0));
	fixture_end();
}

UK_TEST(allocslab, a_large_block_grows_and_shrinks_where_it_is)
{
	struct uk_alloc *const a = fixture_begin();
	uint64_t before;
	char *ptr;
	void *behind;

	if (!a)
		return;
	ptr = uk_palloc(a, 200);
	UK_EXPECT_EQ(uk_realloc(a, ptr, 50 * PAGE), ptr);
	before = fixture_nfree();
	memset(ptr, 9, 50 * PAGE);
	UK_EXPECT_EQ(uk_realloc(a, ptr, 150 * PAGE - 5), ptr);
	UK_EXPECT_EQ(fixture_nfree(), before - 100);
	UK_EXPECT(is_filled(ptr, 9, 50 * PAGE));
	UK_EXPECT_EQ(uk_realloc(a, ptr, 5 * PAGE), ptr);
	UK_EXPECT_EQ(fixture_nfree(), before + 45);
	/* Somebody else has what lies behind. */
	UK_EXPECT_EQ(uk_falloc_from_range(
			     fixture_frames, &before, 1, 0,
			     uk_virt_to_phys(ptr + 5 * PAGE),
			     uk_virt_to_phys(ptr + 6 * PAGE)), 0);
	behind = uk_realloc(a, ptr, 6 * PAGE);
	UK_EXPECT(behind && behind != ptr);
	UK_EXPECT(is_filled(behind, 9, 5 * PAGE));
	uk_free(a, behind);
	UK_EXPECT_EQ(uk_ffree(fixture_frames, before, 1), 0);
	fixture_end();
}

UK_TEST(allocslab, a_realloc_that_fails_leaves_the_block)
{
	struct uk_alloc *const a = fixture_begin();
	char *ptr;

	if (!a)
		return;
	ptr = uk_malloc(a, 500);
	memset(ptr, 3, 500);
	UK_EXPECT_NULL(uk_realloc(a, ptr, FIXTURE_NFRAMES * PAGE));
	UK_EXPECT_NULL(uk_realloc(a, ptr, SIZE_MAX));
	UK_EXPECT(is_filled(ptr, 3, 500));
	uk_free(a, ptr);
	ptr = uk_palloc(a, 10);
	memset(ptr, 4, 10 * PAGE);
	UK_EXPECT_NULL(uk_realloc(a, ptr, SIZE_MAX));
	UK_EXPECT_NULL(uk_realloc(a, ptr, FIXTURE_NFRAMES * PAGE));
	UK_EXPECT(is_filled(ptr, 4, 10 * PAGE));
	uk_pfree(a, ptr, 10);
	fixture_end();
}

/* All blocks of @size there are, in a list through them. Returns how many. */
static unsigned int exhaust(struct uk_alloc *a, size_t size, void **list)
{
	unsigned int n = 0;
	void **ptr;

	for (*list = NULL; (ptr = uk_malloc(a, size)) != NULL; n++) {
		memset(ptr, 0x5a, size);
		*ptr = *list;
		*list = ptr;
	}
	return n;
}

static void free_all(struct uk_alloc *a, void *list)
{
	while (list) {
		void *const next = *(void **)list;

		uk_free(a, list);
		list = next;
	}
}

UK_TEST(allocslab, memory_is_used_to_the_end_and_all_of_it_comes_back)
{
	/* Whose spans have a power of two of pages: no hole is too small. */
	static const size_t sizes[] = { 16, 48, 640, 896, 2048, 4096, 16384,
					8 * PAGE };
	struct uk_alloc *const a = fixture_begin();
	const size_t all = FIXTURE_NFRAMES * PAGE;
	void *list;

	if (!a)
		return;
	for (unsigned int i = 0; i < UK_ARRAY_SIZE(sizes); i++) {
		const unsigned int n = exhaust(a, sizes[i], &list);

		/* Of what there is, but for the map and the ends of spans. */
		UK_EXPECT_GE(n * sizes[i], all - all / 10);
		UK_EXPECT_LT(uk_alloc_availmem(a), (long)(all / 16));
		free_all(a, list);
		/* The next size needs what this one had in lists. */
	}
	fixture_end();
}

UK_TEST(allocslab, the_largest_request_promised_is_granted)
{
	struct uk_alloc *const a = fixture_begin();
	void *ptr;
	long max;

	if (!a)
		return;
	for (unsigned int i = 0; i < 2; i++) {
		max = uk_alloc_maxalloc(a);
		UK_EXPECT_GT(max, (long)(FIXTURE_NFRAMES / 8 * PAGE));
		ptr = uk_malloc(a, (size_t)max);
		UK_EXPECT_NOT_NULL(ptr);
		/* More is not to be had now. */
		UK_EXPECT_NULL(uk_malloc(a, (size_t)max));
		uk_free(a, ptr);
		make_map(a);
	}
	fixture_end();
}

UK_TEST(allocslab, what_small_blocks_had_is_one_block_when_they_are_freed)
{
	struct uk_alloc *const a = fixture_begin();
	void *list, *ptr;

	if (!a)
		return;
	UK_EXPECT_GT(exhaust(a, 64, &list), 0);
	free_all(a, list);
	/* All but the table and what was there before it. */
	ptr = uk_malloc(a, FIXTURE_NFRAMES * PAGE * 15 / 16);
	UK_EXPECT_NOT_NULL(ptr);
	uk_free(a, ptr);
	fixture_end();
}

/* Of @n blocks, by address, where the first of @m neighbours is; or @n. */
static unsigned int neighbours(unsigned int n, unsigned int m, size_t len)
{
	unsigned int row = 1;

	for (unsigned int i = 0; i < n; i++)
		for (unsigned int k = i; k > 0; k--)
			if ((uintptr_t)ptrs[k - 1] > (uintptr_t)ptrs[k]) {
				void *const ptr = ptrs[k];

				ptrs[k] = ptrs[k - 1];
				ptrs[k - 1] = ptr;
			}
	for (unsigned int i = 1; i < n; i++) {
		row = (char *)ptrs[i] - (char *)ptrs[i - 1] == (long)len ?
		      row + 1 : 1;
		if (row == m)
			return i + 1 - m;
	}
	return n;
}

UK_TEST(allocslab, six_of_eight_parts_given_back_are_one)
{
	struct uk_alloc *const a = fixture_begin();
	unsigned int n = 0, first;
	void *one;

	if (!a)
		return;
	/* All memory is in use, and then six parts are not. */
	while (n < FIXTURE_NFRAMES / 8 && (one = uk_palloc(a, 8)) != NULL)
		ptrs[n++] = one;
	first = neighbours(n, 8, 8 * PAGE);
	if (!UK_EXPECT_LT(first, n))
		return;
	for (unsigned int i = 1; i < 7; i++)
		uk_pfree(a, ptrs[first + i], 8);
	one = uk_palloc(a, 6 * 8);
	UK_EXPECT_EQ(one, ptrs[first + 1]);
	uk_free(a, one);
	for (unsigned int i = 0; i < n; i++)
		if (i < first + 1 || i > first + 6)
			uk_pfree(a, ptrs[i], 8);
	fixture_end();
}

UK_TEST(allocslab, holes_of_one_size_are_used_by_others_once_they_are_whole)
{
	struct uk_alloc *const a = fixture_begin();
	unsigned int n = 0, i = 0;
	void *list, *next, *kept = NULL;

	if (!a)
		return;
	n = exhaust(a, 64, &list);
	/* Each second one: no span is empty, only these have room. */
	for (; list; list = next, i++) {
		next = *(void **)list;
		if (i % 2) {
			uk_free(a, list);
			continue;
		}
		*(void **)list = kept;
		kept = list;
	}
	UK_EXPECT_NULL(uk_malloc(a, 4096));
	i = exhaust(a, 64, &list);
	UK_EXPECT_LE(n / 2 - i, 1);
	free_all(a, list);
	free_all(a, kept);
	list = uk_malloc(a, FIXTURE_NFRAMES / 8 * PAGE);
	UK_EXPECT_NOT_NULL(list);
	uk_free(a, list);
	fixture_end();
}

static void free_it(void *ptr)
{
	uk_free(crashing, ptr);
}

static void resize_it(void *ptr)
{
	(void)uk_realloc(crashing, ptr, 10);
}

static void free_and_reclaim(void *ptr)
{
	free_it(ptr);
	slab_reclaim(crashing);
}

UK_TEST(allocslab, a_pointer_that_is_no_block_is_named)
{
	struct uk_alloc *const a = fixture_begin();
	static uint64_t variable[4];
	char *large, *small;

	if (!a)
		return;
	large = uk_palloc(a, 10);
	small = uk_malloc(a, 4096);
	crashing = a;
	UK_EXPECT_CRASH(free_it, variable);
	UK_EXPECT_CRASH(free_it, (void *)16);
	UK_EXPECT_CRASH(free_it, large + PAGE);
	UK_EXPECT_CRASH(free_it, large + 16);
	UK_EXPECT_CRASH(resize_it, variable);
	UK_EXPECT_CRASH(resize_it, small + 16);
	uk_free(a, small);
	uk_free(a, large);
	UK_EXPECT_CRASH(free_it, large);
}

UK_TEST(allocslab, a_pointer_into_a_block_is_named_when_it_goes_to_its_span)
{
	struct uk_alloc *const a = fixture_begin();
	char *ptr;

	if (!a)
		return;
	ptr = uk_malloc(a, 96);
	crashing = a;
	UK_EXPECT_CRASH(free_and_reclaim, ptr + 32);
}

UK_TEST(allocslab, a_block_that_was_freed_twice_is_named)
{
	struct uk_alloc *const a = fixture_begin();
	char *ptr, *stays;

	if (!a)
		return;
	ptr = uk_malloc(a, 96);
	/* So that the map keeps what it has for that MiB. */
	stays = uk_palloc(a, 1);
	UK_EXPECT_EQ((uintptr_t)ptr >> SLAB_LEAF_SHIFT,
		     (uintptr_t)stays >> SLAB_LEAF_SHIFT);
	uk_free(a, ptr);
	slab_reclaim(a);
	/* Its span is gone. */
	crashing = a;
	UK_EXPECT_CRASH(free_it, ptr);
}

UK_TEST(allocslab, where_the_map_has_nothing_any_more_no_block_is_known)
{
	struct uk_alloc *const a = fixture_begin();
	char *ptr;

	if (!a)
		return;
	ptr = uk_malloc(a, 96);
	uk_free(a, ptr);
	slab_reclaim(a);
	crashing = a;
	UK_EXPECT_CRASH(free_it, ptr);
}

UK_TEST(allocslab, without_frames_for_the_map_nothing_is_lost)
{
	struct uk_alloc *const a = fixture_begin();
	uint64_t taken;
	void *ptr;

	if (!a)
		return;
	/* All but three: a table, two leaves, and no span. */
	UK_EXPECT_EQ(uk_falloc(fixture_frames, &taken, FIXTURE_NFRAMES - 3,
			       0), 0);
	UK_EXPECT_NULL(uk_malloc(a, 10));
	UK_EXPECT_NULL(uk_malloc(a, 2 * PAGE));
	UK_EXPECT_EQ(uk_ffree(fixture_frames, taken, 1), 0);
	ptr = uk_malloc(a, 10);
	UK_EXPECT_NOT_NULL(ptr);
	uk_free(a, ptr);
	UK_EXPECT_EQ(uk_ffree(fixture_frames, taken + PAGE,
			      FIXTURE_NFRAMES - 4), 0);
	fixture_end();
}

UK_TEST(allocslab, memory_that_is_added_is_used_to_the_end)
{
	struct uk_alloc *const a = fixture_begin();
	const size_t more = (FIXTURE_NMORE - 1) * PAGE;
	void *list, *rest;
	char *ptr;

	if (!a)
		return;
	ptr = fixture_memory + FIXTURE_NFRAMES * PAGE;
	UK_EXPECT_EQ(uk_alloc_addmem(a, ptr, PAGE - 1), -EINVAL);
	UK_EXPECT_EQ(uk_alloc_addmem(a, ptr, SIZE_MAX), -EINVAL);
	UK_EXPECT_EQ(uk_alloc_addmem(a, NULL, PAGE), -EINVAL);
	/* What it has already. */
	UK_EXPECT_EQ(uk_alloc_addmem(a, fixture_memory, 4 * PAGE), -EEXIST);
	exhaust(a, PAGE, &list);
	if (!UK_EXPECT_EQ(fixture_add_more(), 0))
		return;
	UK_EXPECT_EQ(fixture_add_more(), -EEXIST);
	UK_EXPECT_GE(uk_alloc_availmem(a), (long)more);
	/* But for a leaf of the map, and a longer table. */
	UK_EXPECT_GE(exhaust(a, PAGE, &rest) * PAGE, more - 2 * PAGE);
	UK_EXPECT((char *)rest >= ptr && (char *)rest < ptr + more);
	free_all(a, rest);
	free_all(a, list);
	fixture_end();
}

UK_TEST(allocslab, a_cpu_that_is_idle_for_long_gives_back_its_lists)
{
	struct uk_alloc *const a = fixture_begin();
	uint64_t before;
	unsigned int n;

	if (!a)
		return;
	uk_free(a, uk_malloc(a, 100));
	uk_free(a, uk_malloc(a, 1000));
	before = fixture_nfree();
	/* The first time it sees that something was moved. */
	for (n = 0; n < 17; n++)
		UK_EXPECT_EQ(slab_idle(a), false);
	UK_EXPECT_EQ(fixture_nfree(), before);
	while (slab_idle(a))
		n++;
	UK_EXPECT_GE(n, 19);
	/* Two spans, and what the map had for the MiB that they were in. */
	UK_EXPECT_GE(fixture_nfree(), before + 3);
	UK_EXPECT_EQ(slab_idle(a), false);
	fixture_end();
}
