/* SPDX-License-Identifier: BSD-3-Clause */
/* Stacks with real addresses and frames. */
#include "frames.h"

#include <uk/alloc.h>
#include <uk/config.h>
#include <uk/errno.h>
#include <uk/string.h>

#define NPAGES	5u
#define LEN	(NPAGES * PAGE)
#define GUARD	UK_ALLOCSTACK_GUARD_LEN
/* No other CPU is idle meanwhile, and gives back what is kept. */
#define ALONE	(!UK_IS_ENABLED(CONFIG_LIBUKSCHED_SMP))
/* More than the array's first pages know. */
#define NMANY	140u

static void read_byte(void *at)
{
	(void)*(volatile char *)at;
}

static void write_byte(void *at)
{
	*(volatile char *)at = 1;
}

/* Nothing is mapped around the block, near and far. */
static void expect_guards(const char *block, size_t len)
{
	for (uintptr_t i = PAGE; i <= GUARD; i += PAGE) {
		UK_EXPECT(!is_mapped((uintptr_t)block - i));
		UK_EXPECT(!is_mapped((uintptr_t)block + len + i - PAGE));
	}
}

UK_TEST(allocstack, all_of_a_block_is_its_own_and_nothing_around_it_is_mapped)
{
	char *const block = uk_malloc(uk_allocstack_get(), LEN - 100);

	if (!UK_EXPECT_NOT_NULL(block))
		return;
	memset(block, 0xa5, LEN);
	expect_guards(block, LEN);
	UK_EXPECT_CRASH(write_byte, block - 1);
	UK_EXPECT_CRASH(read_byte, block - 1);
	UK_EXPECT_CRASH(write_byte, block - GUARD);
	UK_EXPECT_CRASH(write_byte, block + LEN);
	UK_EXPECT_CRASH(read_byte, block + LEN + GUARD - 1);
	uk_free(uk_allocstack_get(), block);
}

/*
 * @len bytes where LEN have just been, or NULL. Other CPUs may free stacks of
 * threads that have ended in between, but not for ever.
 */
static char *take_again(struct uk_alloc *a, size_t len, bool trim)
{
	for (unsigned int i = 0; i < 16; i++) {
		char *const first = uk_malloc(a, LEN);
		char *again;

		uk_free(a, first);
		if (trim)
			(void)uk_allocstack_trim(0);
		again = uk_malloc(a, len);
		if (again == first)
			return again;
		uk_free(a, again);
	}
	return NULL;
}

UK_TEST(allocstack, guards_stay_unmapped_when_a_stack_is_used_again)
{
	struct uk_alloc *const a = uk_allocstack_get();
	char *again;

	(void)uk_allocstack_trim(0);
	/* Kept, with its memory. */
	again = take_again(a, LEN, false);
	if (!UK_EXPECT_NOT_NULL(again))
		return;
	expect_guards(again, LEN);
	uk_free(a, again);
	/* The address only, for another size of the same class. */
	again = take_again(a, LEN + PAGE, true);
	if (!UK_EXPECT_NOT_NULL(again))
		return;
	expect_guards(again, LEN + PAGE);
	UK_EXPECT_CRASH(write_byte, again - 1);
	UK_EXPECT_CRASH(write_byte, again + LEN + PAGE);
	uk_free(a, again);
}

UK_TEST(allocstack, what_is_kept_has_its_memory_and_no_more_than_the_limit)
{
	const size_t limit = (size_t)CONFIG_LIBUKALLOCSTACK_CACHE * 1024;
	struct uk_alloc *const a = uk_allocstack_get();
	struct uk_allocstack_stats stats;
	static void *block[NMANY];
	uint64_t nmade;

	(void)uk_allocstack_trim(0);
	for (unsigned int i = 0; i < NMANY; i++)
		block[i] = uk_malloc(a, LEN);
	for (unsigned int i = 0; i < NMANY; i++)
		uk_free(a, block[i]);
	uk_allocstack_stats_get(&stats);
	UK_EXPECT_LE(stats.kept, limit);
	UK_EXPECT_EQ(stats.nkept, stats.kept / LEN);
	if (!ALONE)
		return;
	UK_EXPECT_GT(stats.kept, limit - LEN);
	nmade = stats.nmade;
	for (unsigned int i = 0; i < 3; i++)
		uk_free(a, uk_malloc(a, LEN));
	uk_allocstack_stats_get(&stats);
	UK_EXPECT_EQ(stats.nmade, nmade);
	UK_EXPECT_EQ(uk_allocstack_trim(4 * LEN), stats.kept - 4 * LEN);
	uk_allocstack_stats_get(&stats);
	UK_EXPECT_EQ(stats.nkept, 4);
}

UK_TEST(allocstack, frames_are_as_many_as_before_when_all_is_given_back)
{
	struct uk_alloc *const a = uk_allocstack_get();
	static void *block[NMANY];
	uint64_t before = 0;

	/* The first time makes the array that knows of them longer. */
	for (unsigned int round = 0; round < 3; round++) {
		for (unsigned int i = 0; i < NMANY; i++) {
			block[i] = uk_malloc(a, (i % 9 + 1) * PAGE);
			UK_EXPECT_NOT_NULL(block[i]);
		}
		for (unsigned int i = 0; i < NMANY; i++)
			uk_free(a, block[i * 37 % NMANY]);
		if (round == 0)
			before = frames_free();
		else
			UK_EXPECT_EQ(frames_free(), before);
	}
}

/* Have each request for a frame fail in turn; a block in the end. */
static void *take_with_each_failing(size_t len, unsigned int *nfailed)
{
	for (unsigned int n = 1; n < 200; n++) {
		const uint64_t before = frames_free();
		void *block;
		bool failed;

		frames_fail(n, true);
		block = uk_allocstack_take(len, len);
		failed = frames_fail(0, false);
		if (!failed)
			return block;
		++*nfailed;
		if (!UK_EXPECT_NULL(block))
			return block;
		/* The array may have got a page, and that a table. */
		UK_EXPECT_LE(before, frames_free() + 2);
	}
	return NULL;
}

UK_TEST(allocstack, whichever_frame_or_table_is_lacking_there_is_no_stack)
{
	static void *block[NMANY];
	uint64_t before = 0;

	for (unsigned int round = 0; round < 2; round++) {
		unsigned int nfailed = 0;

		for (unsigned int i = 0; i < NMANY; i++) {
			block[i] = take_with_each_failing(40 * PAGE / 8,
							  &nfailed);
			UK_EXPECT_NOT_NULL(block[i]);
		}
		UK_EXPECT_GE(nfailed, NMANY * 5);
		for (unsigned int i = 0; i < NMANY; i++)
			uk_free(uk_allocstack_get(), block[i]);
		if (round == 0)
			before = frames_free();
		else
			/* But for what the heap took or gave meanwhile. */
			UK_EXPECT_GE(frames_free() + 8, before);
	}
}

UK_TEST(allocstack, what_is_kept_for_other_sizes_is_given_up_for_a_stack)
{
	struct uk_alloc *const a = uk_allocstack_get();
	struct uk_allocstack_stats stats;
	void *block;

	(void)uk_allocstack_trim(0);
	uk_free(a, uk_malloc(a, 9 * PAGE));
	/* The first request fails, and what follows does not. */
	frames_fail(1, false);
	block = uk_malloc(a, LEN);
	UK_EXPECT(frames_fail(0, false));
	UK_EXPECT_NOT_NULL(block);
	uk_allocstack_stats_get(&stats);
	UK_EXPECT_EQ(stats.nkept, 0);
	uk_free(a, block);
}

/* The frames of @nkept stacks of one page each are kept; @nkept are few. */
static void keep_some(unsigned int nkept)
{
	void *block[8];

	(void)uk_allocstack_trim(0);
	for (unsigned int i = 0; i < nkept; i++)
		block[i] = uk_malloc(uk_allocstack_get(), PAGE);
	for (unsigned int i = 0; i < nkept; i++)
		uk_free(uk_allocstack_get(), block[i]);
}

static uint32_t nkept(void)
{
	struct uk_allocstack_stats stats;

	uk_allocstack_stats_get(&stats);
	return stats.nkept;
}

UK_TEST(allocstack, whoever_is_short_of_frames_gets_those_of_kept_stacks)
{
	struct uk_falloc *const fa = uk_falloc_get_default();
	struct uk_falloc other = { .falloc = NULL };

	keep_some(4);
	(void)uk_falloc_reclaim(&other, NULL);
	if (ALONE)
		UK_EXPECT_EQ(nkept(), 4);
	UK_EXPECT(uk_falloc_reclaim(fa, NULL));
	UK_EXPECT_EQ(nkept(), 0);
}

UK_TEST(allocstack, a_heap_that_has_no_frames_gets_those_of_kept_stacks)
{
	struct uk_alloc *const a = uk_alloc_get_default();

	if (!UK_IS_ENABLED(CONFIG_LIBUKALLOCSLAB_BOOT))
		UK_TEST_SKIP("this heap asks nobody");
	keep_some(4);
	UK_EXPECT_NULL(uk_palloc(a, 1ul << 40));
	UK_EXPECT_EQ(nkept(), 0);
}

UK_TEST(allocstack, a_stack_gets_frames_that_a_heap_has_at_hand)
{
	struct uk_alloc *const a = uk_allocstack_get();
	void *block;

	if (!UK_IS_ENABLED(CONFIG_LIBUKALLOCSLAB_BOOT))
		UK_TEST_SKIP("this heap keeps nothing for others");
	(void)uk_allocstack_trim(0);
	/* Its list and span are left, with nothing in use. */
	uk_free(uk_alloc_get_default(),
		uk_malloc(uk_alloc_get_default(), 3000));
	frames_fail(1, false);
	block = uk_malloc(a, LEN);
	UK_EXPECT(frames_fail(0, false));
	UK_EXPECT_NOT_NULL(block);
	uk_free(a, block);
}

UK_TEST(allocstack, sizes_and_alignments_that_none_has_are_refused)
{
	struct uk_alloc *const a = uk_allocstack_get();
	void *block = NULL;

	UK_EXPECT_NULL(uk_malloc(a, UK_ALLOCSTACK_MAX + 1));
	UK_EXPECT_NULL(uk_malloc(a, SIZE_MAX));
	UK_EXPECT_NULL(uk_calloc(a, SIZE_MAX / 2, 3));
	UK_EXPECT_NULL(uk_palloc(a, SIZE_MAX / PAGE + 2));
	UK_EXPECT_NULL(uk_memalign(a, 2 * GUARD, PAGE));
	UK_EXPECT_NULL(uk_memalign(a, 24, PAGE));
	UK_EXPECT_NULL(uk_memalign(a, 0, PAGE));
	UK_EXPECT_NULL(uk_allocstack_take(PAGE, 2 * PAGE));
	UK_EXPECT_EQ(uk_posix_memalign(a, &block, 4, PAGE), EINVAL);
	UK_EXPECT_EQ(uk_posix_memalign(a, &block, 2 * GUARD, PAGE), ENOMEM);
	UK_EXPECT_NULL(block);
	UK_EXPECT_EQ(uk_posix_memalign(a, &block, GUARD, 0), 0);
	UK_EXPECT_EQ((uintptr_t)block % GUARD, 0);
	uk_free(a, block);
	uk_free(a, NULL);
}

static void free_it(void *block)
{
	uk_free(uk_allocstack_get(), block);
}

UK_TEST(allocstack, freeing_twice_or_what_is_no_stack_ends_the_image)
{
	struct uk_alloc *const a = uk_allocstack_get();
	char *const block = uk_malloc(a, LEN);
	char other;

	if (!UK_EXPECT_NOT_NULL(block))
		return;
	UK_EXPECT_CRASH(free_it, block + PAGE);
	UK_EXPECT_CRASH(free_it, block + GUARD);
	UK_EXPECT_CRASH(free_it, block - GUARD);
	UK_EXPECT_CRASH(free_it, &other);
	UK_EXPECT_CRASH(free_it, (void *)UKARCH_KMAP_BASE);
	uk_free(a, block);
	UK_EXPECT_CRASH(free_it, block);
	UK_EXPECT(uk_strprefix(uk_test_crash_cause(), "0xffffff"));
	(void)uk_allocstack_trim(0);
	UK_EXPECT_CRASH(free_it, block);
}

UK_TEST(allocstack, the_family_of_malloc_is_whole)
{
	struct uk_alloc *const a = uk_allocstack_get();
	char *block = uk_calloc(a, 3, PAGE);

	if (!UK_EXPECT_NOT_NULL(block))
		return;
	for (size_t i = 0; i < 3 * PAGE; i++)
		if (block[i])
			UK_EXPECT_EQ(i, 0);
	memset(block, 7, 3 * PAGE);
	UK_EXPECT_EQ(uk_realloc(a, block, 2 * PAGE + 1), block);
	block = uk_realloc(a, block, 9 * PAGE);
	if (!UK_EXPECT_NOT_NULL(block))
		return;
	UK_EXPECT_EQ(block[0], 7);
	UK_EXPECT_EQ(block[3 * PAGE - 1], 7);
	UK_EXPECT_NULL(uk_realloc(a, block, UK_ALLOCSTACK_MAX + 1));
	block = uk_realloc(a, block, PAGE);
	UK_EXPECT_EQ(block[PAGE - 1], 7);
	UK_EXPECT_NULL(uk_realloc(a, block, 0));
	block = uk_palloc(a, 2);
	UK_EXPECT_NOT_NULL(block);
	uk_pfree(a, block, 2);
	UK_EXPECT_GT(uk_alloc_availmem(a), 0);
	UK_EXPECT_LE(uk_alloc_maxalloc(a), (long)UK_ALLOCSTACK_MAX);
	UK_EXPECT_EQ(uk_alloc_addmem(a, block, PAGE), -ENOTSUP);
}

UK_TEST(allocstack, an_address_leads_to_the_block_that_has_it_in_its_guard)
{
	struct uk_alloc *const a = uk_allocstack_get();
	const uintptr_t block = (uintptr_t)uk_malloc(a, LEN);
	uintptr_t begin = 0, end = 0;

	if (!UK_EXPECT_NE(block, 0))
		return;
	UK_EXPECT(uk_allocstack_find(block - 12, &begin, &end));
	UK_EXPECT_EQ(begin, block);
	UK_EXPECT_EQ(end, block + LEN);
	begin = 0;
	UK_EXPECT(uk_allocstack_find(block + LEN, &begin, &end));
	UK_EXPECT_EQ(begin, block);
	UK_EXPECT(!uk_allocstack_find(UKARCH_KMAP_BASE, &begin, &end));
	UK_EXPECT(!uk_allocstack_find(0, &begin, &end));
	UK_EXPECT(!uk_allocstack_find(UINTPTR_MAX, &begin, &end));
	UK_EXPECT_EQ(uk_allocstack_lazy_len(&begin), 0);
	uk_free(a, (void *)block);
	UK_EXPECT(!uk_allocstack_find(block, &begin, &end));
}
