/* SPDX-License-Identifier: BSD-3-Clause */
#include <uk/allocbbuddy.h>

#include <stdbool.h>
#include <stdint.h>

#include <uk/alloc.h>
#include <uk/compiler.h>
#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/heapmem.h>
#include <uk/string.h>
#include <uk/test.h>

#include "allocbbuddy_priv.h"

#define LEN	((size_t)64 << 10)

static char memory[LEN] UK_ALIGNED(65536);
static char state[4096] UK_ALIGNED(32);
static struct uk_alloc *saved;

/*
 * The list of allocators is the image's: put it aside, and back. What is in
 * memory looks like blocks in use, as it may after a reboot.
 */
static struct uk_alloc *begin(size_t off, size_t len)
{
	saved = _uk_alloc_head;
	_uk_alloc_head = NULL;
	memset(memory, 0xa5, sizeof(memory));
	memset(state, 0xa5, sizeof(state));
	return uk_allocbbuddy_init(memory + off, len);
}

/* A heap whose own state is elsewhere, and all of memory[] its second piece. */
static struct uk_alloc *begin_whole(void)
{
	struct uk_alloc *a = begin(0, LEN);

	a = uk_allocbbuddy_init(state, sizeof(struct uk_alloc) +
				sizeof(struct bbuddy_heap) + 100);
	if (UK_EXPECT_NOT_NULL(a))
		UK_EXPECT_EQ(uk_alloc_addmem(a, memory, LEN), 0);
	while (uk_alloc_maxalloc(a) < 128 && uk_malloc(a, 1))
		;
	return a;
}

static void end(void)
{
	_uk_alloc_head = saved;
}

static bool is_fill(const char *ptr, char fill, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (ptr[i] != fill)
			return false;
	return true;
}

UK_TEST(allocbbuddy, blocks_are_aligned_and_keep_what_is_written_to_them)
{
	struct uk_alloc *const a = begin(0, LEN);
	char *ptr[100];

	for (unsigned int i = 0; i < 100; i++) {
		ptr[i] = uk_malloc(a, 5 * i);
		if (!UK_EXPECT_NOT_NULL(ptr[i]))
			return;
		UK_EXPECT(UK_IS_ALIGNED((uintptr_t)ptr[i], 16));
		memset(ptr[i], (int)i, 5 * i);
	}
	for (unsigned int i = 0; i < 100; i++) {
		UK_EXPECT(is_fill(ptr[i], (char)i, 5 * i));
		uk_free(a, ptr[i]);
	}
	end();
}

UK_TEST(allocbbuddy, a_block_takes_an_eighth_or_32_bytes_more_at_most)
{
	struct uk_alloc *const a = begin(0, LEN);
	const long avail = uk_alloc_availmem(a);

	for (size_t size = 1; size < LEN / 4; size += 1 + size / 64) {
		char *const ptr = uk_malloc(a, size);
		const size_t took = (size_t)(avail - uk_alloc_availmem(a));

		UK_EXPECT_NOT_NULL(ptr);
		UK_EXPECT_GE(took, size);
		UK_EXPECT_LT(took, size + UK_MAX(size / 8, (size_t)32));
		uk_free(a, ptr);
		UK_EXPECT_EQ(uk_alloc_availmem(a), avail);
	}
	end();
}

UK_TEST(allocbbuddy, memory_of_any_place_and_length_is_used_and_no_byte_beside)
{
	for (size_t off = 1; off < 64; off += 7)
		for (size_t len = 1024; len < 6000; len += 333) {
			struct uk_alloc *const a = begin(off, len);
			size_t sum = 0;
			char *ptr;

			while ((ptr = uk_malloc(a, 32)) != NULL) {
				memset(ptr, 0x11, 32);
				sum += 32;
				UK_EXPECT(ptr >= memory + off);
				UK_EXPECT(ptr + 32 <= memory + off + len);
			}
			end();
			UK_EXPECT(is_fill(memory, (char)0xa5, off));
			UK_EXPECT(is_fill(memory + off + len, (char)0xa5, 99));
			if (!a)
				continue;
			UK_EXPECT_EQ(uk_alloc_availmem(a), 0);
			UK_EXPECT_EQ(uk_alloc_maxalloc(a), 0);
			UK_EXPECT_GT(sum + sizeof(struct uk_alloc) +
				     sizeof(struct bbuddy_heap) + 110,
				     len / 33 * 32);
		}
}

UK_TEST(allocbbuddy, the_largest_request_promised_is_granted_and_no_larger)
{
	for (size_t len = 2048; len <= LEN; len += 4321) {
		struct uk_alloc *const a = begin(0, len);
		const size_t max = (size_t)uk_alloc_maxalloc(a);
		char *ptr;

		UK_EXPECT_NULL(uk_malloc(a, max + 1));
		ptr = uk_malloc(a, max);
		UK_EXPECT_NOT_NULL(ptr);
		uk_free(a, ptr);
		UK_EXPECT_EQ(uk_alloc_maxalloc(a), (long)max);
		end();
	}
}

/* In an order that joins on both sides. */
UK_TEST(allocbbuddy, all_that_is_freed_is_one_block_again)
{
	struct uk_alloc *const a = begin_whole();
	const long max = uk_alloc_maxalloc(a);
	const long avail = uk_alloc_availmem(a);
	static char *ptr[LEN / 32];
	unsigned int n = 0;

	UK_EXPECT_EQ(max, (long)LEN / 2);
	while (n < UK_ARRAY_SIZE(ptr) &&
	       (ptr[n] = uk_malloc(a, 1 + n % 100)) != NULL)
		n++;
	UK_EXPECT_GT(n, 600);
	for (unsigned int step = 7, i = 0, k = 0; k < n; k++, i += step) {
		if (i >= n)
			i = i % step + 1;
		uk_free(a, ptr[i]);
		ptr[i] = NULL;
	}
	UK_EXPECT_EQ(uk_alloc_availmem(a), avail);
	UK_EXPECT_EQ(uk_alloc_maxalloc(a), max);
	end();
}

UK_TEST(allocbbuddy, six_of_eight_given_back_serve_what_fits_between)
{
	struct uk_alloc *const a = begin_whole();
	char *ptr[8];
	const long avail = uk_alloc_availmem(a);

	for (unsigned int i = 0; i < 8; i++)
		ptr[i] = uk_memalign(a, 4096, 4096);
	UK_EXPECT_EQ(uk_alloc_availmem(a), avail - 8 * 4096);
	/* The second and the seventh stay. */
	for (unsigned int i = 0; i < 8; i++)
		if (i != 1 && i != 6)
			uk_free(a, ptr[i]);
	UK_EXPECT_EQ(uk_alloc_availmem(a), avail - 2 * 4096);
	for (unsigned int i = 0; i < 8; i++)
		if (i != 1 && i != 6)
			UK_EXPECT_NOT_NULL(uk_memalign(a, 4096, 4096));
	UK_EXPECT_EQ(uk_alloc_availmem(a), avail - 8 * 4096);
	end();
}

UK_TEST(allocbbuddy, in_pieces_memory_serves_what_is_no_larger_than_they)
{
	struct uk_alloc *const a = begin_whole();
	static char *ptr[LEN / 64];
	unsigned int n = 0;

	while ((ptr[n] = uk_malloc(a, 64)) != NULL)
		n++;
	while (uk_malloc(a, 32))
		;
	UK_EXPECT_EQ(uk_alloc_availmem(a), 0);
	/* Which of two buddies does not matter: one of each stays. */
	for (unsigned int i = 0; i < n; i++)
		if ((uintptr_t)ptr[i] & 64)
			uk_free(a, ptr[i]);
	UK_EXPECT_EQ(uk_alloc_maxalloc(a), 64);
	UK_EXPECT_GT(uk_alloc_availmem(a), (long)LEN * 4 / 10);
	UK_EXPECT_NULL(uk_malloc(a, 65));
	UK_EXPECT_NOT_NULL(uk_malloc(a, 64));
	end();
}

UK_TEST(allocbbuddy, any_power_of_two_is_an_alignment_and_costs_no_memory)
{
	struct uk_alloc *const a = begin_whole();
	const long avail = uk_alloc_availmem(a);
	void *ptr = NULL;

	for (size_t align = 8; align <= LEN / 2; align *= 2) {
		UK_EXPECT_EQ(uk_posix_memalign(a, &ptr, align, 24), 0);
		UK_EXPECT(UK_IS_ALIGNED((uintptr_t)ptr, align));
		UK_EXPECT_EQ(uk_alloc_availmem(a), avail - 32);
		uk_free(a, ptr);
	}
	UK_EXPECT_EQ(uk_posix_memalign(a, &ptr, 24, 1), EINVAL);
	UK_EXPECT_EQ(uk_posix_memalign(a, &ptr, 0, 1), EINVAL);
	UK_EXPECT_EQ(uk_posix_memalign(a, &ptr, UINT64_C(1) << 63, 1), ENOMEM);
	UK_EXPECT_EQ(uk_posix_memalign(a, &ptr, UINT64_C(1) << 62, 1), ENOMEM);
	UK_EXPECT_NULL(uk_memalign(a, 0, 1));
	UK_EXPECT_NULL(uk_memalign(a, 3, 1));
	end();
}

UK_TEST(allocbbuddy, pages_are_whole_and_not_rounded_to_a_power_of_two)
{
	struct uk_alloc *const a = begin_whole();
	const long avail = uk_alloc_availmem(a);
	char *const ptr = uk_palloc(a, 3);

	UK_EXPECT(UK_IS_ALIGNED((uintptr_t)ptr, 4096));
	UK_EXPECT_EQ(uk_alloc_availmem(a), avail - 3 * 4096);
	UK_EXPECT_NULL(uk_palloc(a, LEN / 4096));
	UK_EXPECT_NULL(uk_palloc(a, 0));
	uk_pfree(a, ptr, 3);
	UK_EXPECT_EQ(uk_alloc_availmem(a), avail);
	UK_EXPECT_EQ(uk_alloc_pmaxalloc(a), LEN / 2 / 4096);
	end();
}

UK_TEST(allocbbuddy, requests_that_overflow_fail)
{
	struct uk_alloc *const a = begin(0, LEN);
	const long avail = uk_alloc_availmem(a);

	UK_EXPECT_NULL(uk_malloc(a, SIZE_MAX));
	UK_EXPECT_NULL(uk_malloc(a, SIZE_MAX / 2));
	UK_EXPECT_NULL(uk_malloc(a, SIZE_MAX / 2 + 2));
	UK_EXPECT_NULL(uk_calloc(a, SIZE_MAX / 2 + 1, 2));
	UK_EXPECT_NULL(uk_memalign(a, 4096, SIZE_MAX - 4096));
	UK_EXPECT_EQ(uk_alloc_availmem(a), avail);
	end();
}

UK_TEST(allocbbuddy, realloc_keeps_bytes_and_begins_and_ends_lives)
{
	struct uk_alloc *const a = begin(0, LEN);
	const long avail = uk_alloc_availmem(a);
	char *ptr = uk_realloc(a, NULL, 10);
	char *now;

	memset(ptr, 7, 10);
	/* 10 bytes take 32. */
	UK_EXPECT_EQ(uk_realloc(a, ptr, 32), ptr);
	now = uk_realloc(a, ptr, 3000);
	UK_EXPECT_NE(now, ptr);
	UK_EXPECT(is_fill(now, 7, 10));
	UK_EXPECT_NULL(uk_realloc(a, now, LEN));
	UK_EXPECT_NULL(uk_realloc(a, now, SIZE_MAX));
	UK_EXPECT(is_fill(now, 7, 10));
	now = uk_realloc(a, now, 20);
	UK_EXPECT(is_fill(now, 7, 10));
	UK_EXPECT_EQ(uk_alloc_availmem(a), avail - 32);
	UK_EXPECT_NULL(uk_realloc(a, now, 0));
	UK_EXPECT_EQ(uk_alloc_availmem(a), avail);
	end();
}

UK_TEST(allocbbuddy, memory_is_zero_where_that_is_asked_for)
{
	struct uk_alloc *const a = begin(0, LEN);
	char *const ptr = uk_calloc(a, 30, 100);

	UK_EXPECT(is_fill(ptr, 0, 3000));
	end();
}

static void free_it(void *ptr)
{
	uk_free(_uk_alloc_head, ptr);
}

static void resize_it(void *ptr)
{
	(void)uk_realloc(_uk_alloc_head, ptr, 50);
}

UK_TEST(allocbbuddy, to_free_what_is_not_in_use_is_told_with_its_place)
{
	struct uk_alloc *const a = begin(0, LEN);
	char *const ptr = uk_malloc(a, 1500);
	char *const other = uk_malloc(a, 100);
	static char foreign[64] UK_ALIGNED(32);
	const long avail = uk_alloc_availmem(a);

	uk_free(a, NULL);
	UK_EXPECT_CRASH(free_it, foreign);
	UK_EXPECT(uk_strprefix(uk_test_crash_cause(), "heap: 0x"));
	UK_EXPECT_CRASH(free_it, ptr + 16);
	/* Each unit inside, also where the run goes on. */
	for (size_t at = 32; at < 1500; at += 32)
		UK_EXPECT_CRASH(free_it, ptr + at);
	UK_EXPECT_CRASH(resize_it, ptr + 32);
	UK_EXPECT_EQ(uk_alloc_availmem(a), avail);
	uk_free(a, ptr);
	UK_EXPECT_CRASH(free_it, ptr);
	UK_EXPECT_CRASH(resize_it, ptr);
	uk_free(a, other);
	UK_EXPECT_CRASH(free_it, other);
	end();
}

UK_TEST(allocbbuddy, pieces_of_memory_are_used_together_and_never_joined)
{
	struct uk_alloc *const a = begin(0, 4096);
	const long avail = uk_alloc_availmem(a);
	char *one, *two;

	UK_EXPECT_EQ(uk_alloc_addmem(a, memory + 16384, 8192), 0);
	/* Right behind the one before. */
	UK_EXPECT_EQ(uk_alloc_addmem(a, memory + 24576, 8192), 0);
	UK_EXPECT_GT(uk_alloc_availmem(a), avail + 15000);
	one = uk_malloc(a, 4096);
	two = uk_malloc(a, 4096);
	UK_EXPECT(one >= memory + 16384 && two >= memory + 16384);
	UK_EXPECT_NULL(uk_malloc(a, 4097));
	uk_free(a, one);
	uk_free(a, two);
	UK_EXPECT_EQ(uk_alloc_maxalloc(a), 4096);
	end();
}

UK_TEST(allocbbuddy, too_little_memory_is_refused)
{
	struct uk_alloc *a = begin(0, sizeof(struct uk_alloc));

	UK_EXPECT_NULL(a);
	UK_EXPECT_NULL(uk_allocbbuddy_init(memory, 0));
	UK_EXPECT_NULL(uk_allocbbuddy_init(NULL, 4096));
	UK_EXPECT_NULL(uk_allocbbuddy_init((void *)(UINTPTR_MAX - 100), 4096));
	UK_EXPECT_NULL(uk_allocbbuddy_init((void *)(UINTPTR_MAX - 9), 9));
	UK_EXPECT_NULL(uk_alloc_get_default());

	a = uk_allocbbuddy_init(memory, 2048);
	UK_EXPECT_EQ(uk_alloc_addmem(a, state, 0), -EINVAL);
	UK_EXPECT_EQ(uk_alloc_addmem(a, NULL, 4096), -EINVAL);
	UK_EXPECT_EQ(uk_alloc_addmem(a, state, 48), -EINVAL);
	UK_EXPECT_EQ(uk_alloc_addmem(a, state + 1, 64), -EINVAL);
	UK_EXPECT_EQ(uk_alloc_addmem(a, (void *)(UINTPTR_MAX - 100), 4096),
		     -EINVAL);
	end();
}

/* A source with pages of 256 bytes: what is left of memory[]. */
#define UNIT	((size_t)256)

static size_t next_unit;

static void *units_more(size_t *len, size_t wish, size_t align)
{
	const size_t from = UK_ALIGN_UP(next_unit * UNIT, align);
	const size_t least = UK_ALIGN_UP(*len, UNIT);

	UK_EXPECT(wish > 0);
	if (from >= LEN || least > LEN - from)
		return NULL;
	*len = UK_ALIGN_UP(UK_MAX(least, wish / 16), UNIT);
	*len = UK_MIN(*len, LEN - from);
	next_unit = (from + *len) / UNIT;
	return memory + from;
}

static size_t units_left(void)
{
	return LEN - next_unit * UNIT;
}

static const struct uk_heapmem source = {
	.more = units_more,
	.left = units_left,
	.most = units_left,
};

static struct uk_alloc *begin_with_source(size_t nunits)
{
	(void)begin(0, 0);
	next_unit = nunits;
	return allocbbuddy_init(memory, nunits * UNIT, &source);
}

UK_TEST(allocbbuddy, a_heap_with_a_source_takes_what_it_needs_of_it)
{
	struct uk_alloc *const a = begin_with_source(8);
	char *big;

	UK_EXPECT_NOT_NULL(uk_malloc(a, 100));
	UK_EXPECT_EQ(next_unit, 8);
	big = uk_malloc(a, 8192);
	UK_EXPECT_NOT_NULL(big);
	UK_EXPECT(big >= memory + 8 * UNIT);
	memset(big, 0, 8192);
	/* Used again, not asked for again. */
	uk_free(a, big);
	for (unsigned int i = 0; i < 9; i++) {
		const size_t before = next_unit;

		big = uk_malloc(a, 8192);
		uk_free(a, big);
		UK_EXPECT_EQ(next_unit, before);
	}
	end();
}

UK_TEST(allocbbuddy, a_heap_whose_source_is_dry_says_so)
{
	struct uk_alloc *const a = begin_with_source(8);
	const long max = uk_alloc_maxalloc(a);
	long avail;

	UK_EXPECT_GE(max, 16384);
	UK_EXPECT_NULL(uk_malloc(a, SIZE_MAX));
	UK_EXPECT_NULL(uk_malloc(a, PTRDIFF_MAX));
	UK_EXPECT_NULL(uk_malloc(a, LEN));
	UK_EXPECT_EQ(next_unit, 8);
	UK_EXPECT_NOT_NULL(uk_malloc(a, (size_t)max));
	while (uk_malloc(a, 16))
		;
	avail = uk_alloc_availmem(a);
	UK_EXPECT_LT(avail, (long)UNIT);
	end();
}

UK_TEST(allocbbuddy, alignment_is_kept_where_a_heap_grows)
{
	struct uk_alloc *const a = begin_with_source(8);
	void *ptr = NULL;

	for (size_t align = 16; align <= 8192; align *= 2) {
		UK_EXPECT_EQ(uk_posix_memalign(a, &ptr, align, 300), 0);
		UK_EXPECT(UK_IS_ALIGNED((uintptr_t)ptr, align));
		memset(ptr, 0, 300);
	}
	end();
}
