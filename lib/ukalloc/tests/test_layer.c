/* SPDX-License-Identifier: BSD-3-Clause */
/* Wrong use of memory is found where it shows, and named. */
#include <limits.h>

#include <uk/alloc.h>
#include <uk/alloc_impl.h>
#include <uk/compiler.h>
#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/fmt.h>
#include <uk/string.h>
#include <uk/test.h>

#include "../debug/debug_priv.h"

#define NSLOTS	64u
#define SLOT	4096u

/* Below the layer: slots of one page, of malloc() or of palloc(). */
static char slots[NSLOTS][SLOT] UK_ALIGNED(4096);
static bool taken[NSLOTS];
static struct uk_alloc heap;
static struct alloc_debug as_it_was;
static struct alloc_fail fail_as_it_was;
static uint64_t seed;

static unsigned int ntaken(void)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < NSLOTS; i++)
		n += taken[i];
	return n;
}

static void *slot_malloc(struct uk_alloc *a UK_UNUSED, size_t size)
{
	for (unsigned int i = 0; size <= SLOT && i < NSLOTS; i++) {
		if (taken[i])
			continue;
		taken[i] = true;
		return slots[i];
	}
	return NULL;
}

static void slot_free(struct uk_alloc *a UK_UNUSED, void *ptr)
{
	const size_t i = (size_t)((char *)ptr - slots[0]) / SLOT;

	UK_EXPECT(i < NSLOTS && ptr == slots[i] && taken[i]);
	taken[i] = false;
}

static void *slot_palloc(struct uk_alloc *a, unsigned long npages)
{
	return slot_malloc(a, npages * SLOT);
}

static void slot_pfree(struct uk_alloc *a, void *ptr, unsigned long npages)
{
	UK_EXPECT_EQ(npages, 1);
	slot_free(a, ptr);
}

/* What it says is its longest; it is one slot. */
static long longest = SLOT;

static long slot_max(struct uk_alloc *a UK_UNUSED)
{
	return longest;
}

/* No realloc and the rest of it: the layer uses none of these. */
static void *none_realloc(struct uk_alloc *a UK_UNUSED, void *ptr UK_UNUSED,
			  size_t size UK_UNUSED)
{
	return NULL;
}

static int none_memalign(struct uk_alloc *a UK_UNUSED, void **ptr UK_UNUSED,
			 size_t align UK_UNUSED, size_t size UK_UNUSED)
{
	return ENOMEM;
}

static void begin_with(bool pages)
{
	struct uk_alloc *const saved = _uk_alloc_head;

	as_it_was = alloc_debug;
	fail_as_it_was = alloc_fail;
	alloc_debug = (struct alloc_debug){
		.redzone = 32, .quarantine = 3 * SLOT, .poison = true,
	};
	alloc_fail = (struct alloc_fail){ .nth = 0 };
	memset(taken, 0, sizeof(taken));
	_uk_alloc_head = NULL;
	if (pages)
		uk_alloc_init_palloc(&heap, slot_palloc, slot_pfree, slot_max,
				     slot_max, NULL);
	else
		uk_alloc_init_malloc(&heap, slot_malloc, uk_calloc_compat,
				     none_realloc, slot_free, none_memalign,
				     uk_memalign_compat, slot_max, NULL, NULL);
	_uk_alloc_head = saved;
	alloc_debug_attach(&heap);
	seed = 1;
}

static void begin(void)
{
	begin_with(false);
}

static void end(void)
{
	alloc_blocks_forget(&heap);
	alloc_debug = as_it_was;
	alloc_fail = fail_as_it_was;
}

static unsigned int rnd(unsigned int n)
{
	seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407;
	return (unsigned int)(seed >> 33) % n;
}

static void call_free(void *ptr)
{
	uk_free(&heap, ptr);
}

static void call_realloc(void *ptr)
{
	(void)uk_realloc(&heap, ptr, 100);
}

static void call_check(void *arg UK_UNUSED)
{
	uk_alloc_check();
}

static size_t sized_as;

static void call_free_sized(void *ptr)
{
	uk_free_sized(&heap, ptr, sized_as);
}

static void expect_cause(void (*fn)(void *), void *arg, const char *cause)
{
	UK_EXPECT_CRASH(fn, arg);
	UK_EXPECT_STR_EQ(uk_test_crash_cause(), cause);
}

UK_TEST(alloc_debug, a_write_of_one_byte_behind_a_block_is_found)
{
	static const size_t sizes[] = { 0, 1, 15, 16, 17, 40, 1000 };
	char cause[100];

	begin();
	for (size_t i = 0; i < UK_ARRAY_SIZE(sizes); i++) {
		char *const ptr = uk_malloc(&heap, sizes[i]);

		if (!UK_EXPECT_NOT_NULL(ptr))
			break;
		/* The optimizer must not know how long it is. */
		*(volatile char *)(ptr + sizes[i]) = 0x41;
		(void)uk_snprintf(cause, sizeof(cause), "heap: byte %zu of a "
				  "block of %zu bytes was written: 0x41",
				  sizes[i], sizes[i]);
		expect_cause(call_free, ptr, cause);
		expect_cause(call_check, NULL, cause);
		ptr[sizes[i]] = (char)ALLOC_ZONE;
		uk_free(&heap, ptr);
	}
	end();
}

UK_TEST(alloc_debug, a_write_of_one_byte_before_a_block_is_found)
{
	char *ptr;

	begin();
	ptr = uk_memalign(&heap, 256, 40);
	*(volatile char *)(ptr - 1) = 0x42;
	expect_cause(call_free, ptr, "heap: byte -1 of a block of 40 bytes was "
		     "written: 0x42");
	expect_cause(call_realloc, ptr, "heap: byte -1 of a block of 40 bytes "
		     "was written: 0x42");
	end();
}

UK_TEST(alloc_debug, a_write_that_goes_over_the_red_zone_is_found)
{
	struct alloc_block *b;
	char *ptr;

	begin();
	ptr = uk_malloc(&heap, 40);
	b = (struct alloc_block *)(void *)(ptr - 32) - 1;
	memset(b + 1, 'x', 32);
	b->seal_high = 7;
	UK_EXPECT_CRASH(call_free, ptr);
	UK_EXPECT(uk_strprefix(uk_test_crash_cause(), "heap: the 160 bytes "
			       "before the red zone of a block, at 0x"));
	b->seal_high = b->seal_low;
	end();
}

UK_TEST(alloc_debug, what_is_freed_twice_is_found)
{
	char *ptr;

	begin();
	ptr = uk_malloc(&heap, 40);
	uk_free(&heap, ptr);
	expect_cause(call_free, ptr, "heap: a block of 40 bytes is freed, or "
		     "given to realloc, after it was freed");
	expect_cause(call_realloc, ptr, "heap: a block of 40 bytes is freed, "
		     "or given to realloc, after it was freed");
	/* Nothing came of it. */
	alloc_blocks_flush();
	UK_EXPECT_EQ(ntaken(), 0);
	end();
}

UK_TEST(alloc_debug, a_pointer_into_a_block_is_not_freed)
{
	char *ptr;

	begin();
	ptr = uk_malloc(&heap, 40);
	expect_cause(call_free, ptr + 16, "heap: a pointer 16 bytes into a "
		     "block of 40 bytes is freed");
	expect_cause(call_free, ptr + 1, "heap: a pointer 1 bytes into a block "
		     "of 40 bytes is freed");
	expect_cause(call_free, ptr - 16, "heap: a pointer -16 bytes into a "
		     "block of 40 bytes is freed");
	expect_cause(call_realloc, ptr + 39, "heap: a pointer 39 bytes into a "
		     "block of 40 bytes is freed");
	uk_free(&heap, ptr);
	end();
}

UK_TEST(alloc_debug, a_pointer_to_anything_else_is_not_freed)
{
	static struct uk_alloc other;
	void *ptr;

	begin();
	ptr = uk_malloc(&heap, 1);
	UK_EXPECT_CRASH(call_free, &other);
	UK_EXPECT(uk_strprefix(uk_test_crash_cause(), "heap: 0x"));
	expect_cause(call_free, (void *)0x10, "heap: 0x10 is freed, and is no "
		     "block of the heap");
	expect_cause(call_free, (void *)(uintptr_t)-1, "heap: "
		     "0xffffffffffffffff is freed, and is no block of the "
		     "heap");
	uk_free(&heap, ptr);
	end();
}

UK_TEST(alloc_debug, a_block_goes_back_to_where_it_came_from)
{
	static struct uk_alloc other;
	struct alloc_block *b;
	char *ptr;

	begin();
	ptr = uk_malloc(&heap, 24);
	b = (struct alloc_block *)(void *)(ptr - 32) - 1;
	b->a = &other;
	expect_cause(call_free, ptr, "heap: a block of 24 bytes is given to "
		     "another allocator than it came from");
	b->a = &heap;
	uk_free(&heap, ptr);
	end();
}

UK_TEST(alloc_debug, a_wrong_size_is_found_by_both_sizes)
{
	static const size_t wrong[] = { 0, 39, 41, 48, SIZE_MAX };
	char cause[100];
	char *ptr;

	begin();
	ptr = uk_malloc(&heap, 40);
	for (size_t i = 0; i < UK_ARRAY_SIZE(wrong); i++) {
		sized_as = wrong[i];
		(void)uk_snprintf(cause, sizeof(cause), "heap: a block of 40 "
				  "bytes is freed as one of %zu bytes",
				  wrong[i]);
		expect_cause(call_free_sized, ptr, cause);
	}
	/* It is still there, and can be freed by its size. */
	ptr = uk_realloc(&heap, ptr, 50);
	sized_as = 40;
	expect_cause(call_free_sized, ptr, "heap: a block of 50 bytes is freed "
		     "as one of 40 bytes");
	uk_free_sized(&heap, ptr, 50);
	uk_free_sized(&heap, NULL, 50);
	sized_as = 50;
	expect_cause(call_free_sized, ptr, "heap: a block of 50 bytes is "
		     "freed, or given to realloc, after it was freed");
	alloc_blocks_flush();
	UK_EXPECT_EQ(ntaken(), 0);
	end();
}

UK_TEST(alloc_debug, a_block_with_an_alignment_is_not_freed_by_its_size)
{
	char *ptr;

	begin();
	ptr = uk_memalign(&heap, 64, 40);
	sized_as = 40;
	expect_cause(call_free_sized, ptr, "heap: a block of 40 bytes is freed "
		     "by its size, and was got with an alignment");
	uk_free(&heap, ptr);
	end();
}

static void slot_free_sized(struct uk_alloc *a, void *ptr, size_t size)
{
	sized_as = size;
	slot_free(a, ptr);
}

UK_TEST(alloc_debug, what_is_below_is_told_the_size_it_was_asked_for)
{
	begin();
	uk_alloc_set_free_sized(&heap, slot_free_sized);
	sized_as = 0;
	uk_free(&heap, uk_malloc(&heap, 40));
	alloc_blocks_flush();
	UK_EXPECT_EQ(sized_as, 40 + alloc_block_overhead());
	UK_EXPECT_EQ(ntaken(), 0);
	end();
}

UK_TEST(alloc_debug, a_write_after_free_is_found_when_it_leaves_quarantine)
{
	char *ptr, *more[3];

	begin();
	/* Three blocks wait; the fourth pushes the first out. */
	alloc_debug.quarantine =
		(uint32_t)(3 * alloc_block_overhead() + 40 + 2 * 100);
	ptr = uk_malloc(&heap, 40);
	uk_free(&heap, ptr);
	*(volatile char *)(ptr + 3) = 0x43;
	expect_cause(call_check, NULL, "heap: byte 3 of a freed block of 40 "
		     "bytes was written: 0x43");
	for (unsigned int i = 0; i < 3; i++)
		more[i] = uk_malloc(&heap, 100);
	uk_free(&heap, more[0]);
	uk_free(&heap, more[1]);
	expect_cause(call_free, more[2], "heap: byte 3 of a freed block of 40 "
		     "bytes was written: 0x43");
	end();
}

UK_TEST(alloc_debug, memory_comes_and_goes_filled)
{
	unsigned char *ptr;

	begin();
	ptr = uk_malloc(&heap, 40);
	for (unsigned int i = 0; i < 40; i++)
		UK_EXPECT_EQ(ptr[i], ALLOC_FRESH);
	uk_free(&heap, ptr);
	for (unsigned int i = 0; i < 40; i++)
		UK_EXPECT_EQ(ptr[i], ALLOC_FREED);
	ptr = uk_calloc(&heap, 5, 8);
	for (unsigned int i = 0; i < 40; i++)
		UK_EXPECT_EQ(ptr[i], 0);
	uk_free(&heap, ptr);
	end();
}

UK_TEST(alloc_debug, quarantine_is_bounded_and_given_up_when_memory_is_short)
{
	void *ptrs[NSLOTS];

	begin();
	alloc_debug.quarantine = (uint32_t)(3 * (alloc_block_overhead() + 8));
	for (unsigned int i = 0; i < NSLOTS; i++)
		ptrs[i] = uk_malloc(&heap, 8);
	UK_EXPECT_NOT_NULL(ptrs[NSLOTS - 1]);
	UK_EXPECT_NULL(uk_malloc(&heap, 8));
	for (unsigned int i = 0; i < NSLOTS; i++) {
		uk_free(&heap, ptrs[i]);
		UK_EXPECT_EQ(ntaken(), NSLOTS - 1 - i + UK_MIN(i + 1, 3u));
	}
	for (unsigned int i = 0; i < NSLOTS; i++)
		UK_EXPECT_NOT_NULL(uk_malloc(&heap, 8));
	end();
}

UK_TEST(alloc_debug, nothing_of_the_layer_is_left_without_its_parameters)
{
	char *ptr;

	begin();
	alloc_debug = (struct alloc_debug){ .redzone = 0 };
	ptr = uk_malloc(&heap, 40);
	ptr[0] = 1;
	ptr[39] = 2;
	uk_free(&heap, ptr);
	UK_EXPECT_EQ(ntaken(), 0);
	end();
}

UK_TEST(alloc_debug, wild_sizes_and_alignments_are_refused)
{
	void *ptr = &heap;

	for (unsigned int pages = 0; pages < 2; pages++) {
		begin_with(pages);
		UK_EXPECT_NULL(uk_malloc(&heap, SIZE_MAX));
		UK_EXPECT_NULL(uk_malloc(&heap, (size_t)-1 - 143));
		UK_EXPECT_NULL(uk_malloc(&heap, (size_t)PTRDIFF_MAX));
		UK_EXPECT_NULL(uk_malloc(&heap, (size_t)PTRDIFF_MAX + 1));
		UK_EXPECT_NULL(uk_calloc(&heap, SIZE_MAX, SIZE_MAX));
		UK_EXPECT_NULL(uk_calloc(&heap, SIZE_MAX / 2, 3));
		UK_EXPECT_NULL(uk_realloc(&heap, NULL, SIZE_MAX));
		UK_EXPECT_NULL(uk_memalign(&heap, 0, 8));
		UK_EXPECT_NULL(uk_memalign(&heap, 3, 8));
		UK_EXPECT_NULL(uk_memalign(&heap, (size_t)1 << 63, 8));
		UK_EXPECT_NULL(uk_memalign(&heap, (size_t)1 << 63, SIZE_MAX));
		UK_EXPECT_EQ(uk_posix_memalign(&heap, &ptr, 0, 8), EINVAL);
		UK_EXPECT_EQ(uk_posix_memalign(&heap, &ptr, 3, 8), EINVAL);
		UK_EXPECT_EQ(uk_posix_memalign(&heap, &ptr, 4, 8), EINVAL);
		UK_EXPECT_EQ(uk_posix_memalign(&heap, &ptr, (size_t)1 << 63,
					       8), ENOMEM);
		UK_EXPECT_EQ(uk_posix_memalign(&heap, &ptr, 16, SIZE_MAX),
			     ENOMEM);
		UK_EXPECT_NULL(uk_palloc(&heap, 0));
		UK_EXPECT_NULL(uk_palloc(&heap, ULONG_MAX / 2));
		UK_EXPECT_EQ(ptr, (void *)&heap);
		UK_EXPECT_EQ(ntaken(), 0);
		end();
	}
}

UK_TEST(alloc_debug, the_largest_request_promised_is_granted)
{
	for (unsigned int pages = 0; pages < 2; pages++) {
		long max;

		begin_with(pages);
		max = uk_alloc_maxalloc(&heap);
		UK_EXPECT_GT(max, pages ? -1 : 3000);
		if (!pages)
			UK_EXPECT_NOT_NULL(uk_malloc(&heap, (size_t)max));
		end();
	}
}

UK_TEST(alloc_debug, no_more_pages_are_promised_than_can_be_aligned)
{
	static const long sizes[] = { -ENOTSUP, 0, 100, SLOT, 2 * SLOT,
				      3 * SLOT, 10 * SLOT + 100, LONG_MAX };

	begin();
	for (size_t i = 0; i < UK_ARRAY_SIZE(sizes); i++) {
		const long own = (long)alloc_block_overhead() + SLOT - 16;
		long n;

		longest = sizes[i];
		n = uk_alloc_pmaxalloc(&heap);
		if (longest <= own)
			UK_EXPECT_EQ(n, UK_MIN(longest, 0L));
		else
			UK_EXPECT_EQ(n, (longest - own) / (long)SLOT);
	}
	longest = SLOT;
	end();
}

UK_TEST(alloc_debug, pages_are_given_back_all_at_once)
{
	void *ptr;

	begin_with(true);
	ptr = uk_palloc(&heap, 1);
	UK_EXPECT(ptr && UK_IS_ALIGNED((uintptr_t)ptr, SLOT));
	uk_pfree(&heap, ptr, 1);
	UK_EXPECT_EQ(ntaken(), 0);
	ptr = uk_malloc(&heap, 100);
	UK_EXPECT_EQ(ntaken(), 1);
	uk_free(&heap, ptr);
	alloc_blocks_flush();
	UK_EXPECT_EQ(ntaken(), 0);
	end();
}

/* Any order of calls, with what each block holds checked. */
#define NLIVE	24u
#define LEN_MAX	3600u

struct live {
	unsigned char *ptr;
	size_t len;
	unsigned char val;
};

static void storm(unsigned int nsteps)
{
	struct live live[NLIVE] = { { NULL } };

	for (unsigned int i = 0; i < nsteps; i++) {
		const unsigned int k = rnd(NLIVE);
		const size_t len = rnd(8) ? rnd(64) + 1 : rnd(LEN_MAX) + 1;
		const size_t old = live[k].len;
		unsigned char *const now =
			rnd(4) ? uk_realloc(&heap, live[k].ptr, len) : NULL;

		if (!now) {
			uk_free(&heap, live[k].ptr);
			live[k].ptr = NULL;
			live[k].len = 0;
			continue;
		}
		for (size_t at = 0; at < UK_MIN(old, len); at++)
			if (now[at] != live[k].val)
				UK_EXPECT_EQ(now[at], live[k].val);
		live[k].ptr = now;
		live[k].len = len;
		live[k].val = (unsigned char)rnd(256);
		memset(now, live[k].val, len);
	}
	for (unsigned int k = 0; k < NLIVE; k++)
		uk_free(&heap, live[k].ptr);
}

UK_TEST(alloc_debug, blocks_grow_and_shrink_in_a_storm)
{
	for (unsigned int pages = 0; pages < 2; pages++) {
		begin_with(pages);
		storm(20000);
		uk_alloc_check();
		UK_EXPECT_GT(ntaken(), 0);
		UK_EXPECT_LE(ntaken(), pages ? 3 :
			     3 * SLOT / alloc_block_overhead());
		alloc_blocks_flush();
		UK_EXPECT_EQ(ntaken(), 0);
		end();
	}
}

UK_TEST(alloc_debug, the_nth_request_fails_and_no_other)
{
	void *ptr;

	begin();
	alloc_fail = (struct alloc_fail){ .nth = 3 };
	ptr = uk_malloc(&heap, 1);
	UK_EXPECT_NOT_NULL(ptr);
	UK_EXPECT_NOT_NULL(uk_calloc(&heap, 1, 1));
	/* The third: nothing else has changed. */
	UK_EXPECT_NULL(uk_realloc(&heap, ptr, 100));
	UK_EXPECT_NOT_NULL(uk_memalign(&heap, 64, 1));
	uk_free(&heap, ptr);
	UK_EXPECT_EQ(alloc_fail.count, 4);
	end();
}

UK_TEST(alloc_debug, all_requests_fail_from_the_nth_on_where_that_is_wanted)
{
	void *ptr;

	begin();
	alloc_fail = (struct alloc_fail){ .nth = 2, .persistent = true };
	UK_EXPECT_NOT_NULL(uk_malloc(&heap, 1));
	UK_EXPECT_NULL(uk_malloc(&heap, 1));
	UK_EXPECT_NULL(uk_calloc(&heap, 1, 1));
	UK_EXPECT_EQ(uk_posix_memalign(&heap, &ptr, 64, 1), ENOMEM);
	UK_EXPECT_NULL(uk_memalign(&heap, 64, 1));
	UK_EXPECT_NULL(uk_palloc(&heap, 1));
	end();
}
