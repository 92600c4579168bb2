/* SPDX-License-Identifier: BSD-3-Clause */
#include <uk/allocregion.h>

#include <stdbool.h>
#include <stdint.h>

#include <uk/alloc.h>
#include <uk/compiler.h>
#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/heapmem.h>
#include <uk/string.h>
#include <uk/test.h>

#include "allocregion_priv.h"

static char memory[8192] UK_ALIGNED(16);
static char more[1024] UK_ALIGNED(16);
static struct uk_alloc *saved;

/* The list of allocators is the image's: put it aside, and back. */
static struct uk_alloc *begin(size_t off, size_t len)
{
	saved = _uk_alloc_head;
	_uk_alloc_head = NULL;
	memset(memory, 0xa5, sizeof(memory));
	return uk_allocregion_init(memory + off, len);
}

static void end(void)
{
	_uk_alloc_head = saved;
}

UK_TEST(allocregion, blocks_are_aligned_and_do_not_overlap)
{
	struct uk_alloc *const a = begin(0, sizeof(memory));
	char *before = memory;

	if (!UK_EXPECT_NOT_NULL(a))
		return;
	for (size_t size = 0; size < 100; size++) {
		char *const ptr = uk_malloc(a, size);

		if (!UK_EXPECT_NOT_NULL(ptr))
			break;
		UK_EXPECT(UK_IS_ALIGNED((uintptr_t)ptr, 16));
		UK_EXPECT(ptr >= before);
		memset(ptr, 0xff, size);
		before = ptr + size;
		UK_EXPECT(before <= memory + sizeof(memory));
	}
	end();
}

UK_TEST(allocregion, the_largest_request_promised_is_granted_and_no_larger)
{
	for (size_t cut = 0; cut < 32; cut++) {
		struct uk_alloc *const a = begin(cut, 1024 - 2 * cut);
		size_t max;
		char *ptr;

		if (!UK_EXPECT_NOT_NULL(a))
			break;
		max = (size_t)uk_alloc_maxalloc(a);
		UK_EXPECT_LE(max, (size_t)uk_alloc_availmem(a));
		UK_EXPECT_NULL(uk_malloc(a, max + 1));
		ptr = uk_malloc(a, max);
		UK_EXPECT_NOT_NULL(ptr);
		UK_EXPECT(ptr + max <= memory + 1024 - cut);
		UK_EXPECT_EQ(uk_alloc_maxalloc(a), 0);
		UK_EXPECT_EQ(uk_alloc_availmem(a), 0);
		UK_EXPECT_NULL(uk_malloc(a, 0));
		end();
	}
}

UK_TEST(allocregion, freeing_in_reverse_gives_all_back)
{
	struct uk_alloc *const a = begin(0, sizeof(memory));
	const long avail = uk_alloc_availmem(a);
	void *ptr[3];

	for (int i = 0; i < 3; i++)
		ptr[i] = uk_malloc(a, 100);
	for (int i = 3; i-- > 0;)
		uk_free(a, ptr[i]);
	UK_EXPECT_EQ(uk_alloc_availmem(a), avail);
	UK_EXPECT_EQ(uk_malloc(a, 1), ptr[0]);
	end();
}

UK_TEST(allocregion, freeing_another_block_gives_nothing_back)
{
	struct uk_alloc *const a = begin(0, sizeof(memory));
	void *first = uk_malloc(a, 100);
	void *second = uk_malloc(a, 100);
	const long avail = uk_alloc_availmem(a);

	uk_free(a, first);
	UK_EXPECT_EQ(uk_alloc_availmem(a), avail);
	uk_free(a, NULL);
	UK_EXPECT_EQ(uk_alloc_availmem(a), avail);
	UK_EXPECT_NE(uk_malloc(a, 100), first);
	UK_EXPECT_NE(second, NULL);
	end();
}

UK_TEST(allocregion, the_last_block_grows_and_shrinks_in_place)
{
	struct uk_alloc *const a = begin(0, sizeof(memory));
	char *const ptr = uk_malloc(a, 100);
	const long avail = uk_alloc_availmem(a);
	long max;

	UK_EXPECT_EQ(uk_realloc(a, ptr, 1000), ptr);
	UK_EXPECT_EQ(uk_realloc(a, ptr, 100), ptr);
	UK_EXPECT_EQ(uk_alloc_availmem(a), avail);
	UK_EXPECT_NULL(uk_realloc(a, ptr, sizeof(memory)));
	UK_EXPECT_NULL(uk_realloc(a, ptr, SIZE_MAX));
	UK_EXPECT_EQ(uk_alloc_availmem(a), avail);

	/* To the very end. */
	uk_free(a, ptr);
	max = uk_alloc_maxalloc(a);
	UK_EXPECT_EQ(uk_malloc(a, 1), ptr);
	UK_EXPECT_EQ(uk_realloc(a, ptr, (size_t)max), ptr);
	UK_EXPECT_EQ(uk_alloc_availmem(a), 0);
	end();
}

UK_TEST(allocregion, another_block_moves_when_it_grows)
{
	struct uk_alloc *const a = begin(0, sizeof(memory));
	char *const ptr = uk_malloc(a, 20);
	char *last = uk_malloc(a, 20);
	char *moved;

	memset(ptr, 7, 20);
	memset(last, 9, 20);
	/* 20 bytes take 24, so this still fits. */
	UK_EXPECT_EQ(uk_realloc(a, ptr, 24), ptr);
	UK_EXPECT_EQ(uk_realloc(a, ptr, 5), ptr);
	moved = uk_realloc(a, ptr, 200);
	UK_EXPECT_NE(moved, ptr);
	for (int i = 0; i < 20; i++)
		UK_EXPECT_EQ(moved[i], 7);
	UK_EXPECT_EQ(last[0], 9);
	end();
}

UK_TEST(allocregion, realloc_begins_and_ends_lives)
{
	struct uk_alloc *const a = begin(0, sizeof(memory));
	const long avail = uk_alloc_availmem(a);
	void *ptr = uk_realloc(a, NULL, 10);

	UK_EXPECT_NOT_NULL(ptr);
	UK_EXPECT_NULL(uk_realloc(a, ptr, 0));
	UK_EXPECT_EQ(uk_alloc_availmem(a), avail);
	end();
}

UK_TEST(allocregion, any_power_of_two_is_an_alignment)
{
	struct uk_alloc *const a = begin(0, sizeof(memory));
	void *ptr = NULL;

	for (size_t align = 8; align <= 2048; align *= 2) {
		UK_EXPECT_EQ(uk_posix_memalign(a, &ptr, align, 24), 0);
		UK_EXPECT(UK_IS_ALIGNED((uintptr_t)ptr, align));
		memset(ptr, 0xff, 24);
	}
	UK_EXPECT_EQ(uk_posix_memalign(a, &ptr, 24, 1), EINVAL);
	UK_EXPECT_EQ(uk_posix_memalign(a, &ptr, 0, 1), EINVAL);
	UK_EXPECT_EQ(uk_posix_memalign(a, &ptr, UINT64_C(1) << 63, 1), ENOMEM);
	UK_EXPECT_NULL(uk_memalign(a, 4096, SIZE_MAX - 4096));
	UK_EXPECT_NULL(uk_memalign(a, UINT64_C(1) << 63, SIZE_MAX));
	UK_EXPECT_NULL(uk_memalign(a, 0, 1));
	UK_EXPECT_NULL(uk_memalign(a, 3, 1));
	end();
}

UK_TEST(allocregion, requests_that_overflow_fail)
{
	struct uk_alloc *const a = begin(0, sizeof(memory));
	const long avail = uk_alloc_availmem(a);

	UK_EXPECT_NULL(uk_malloc(a, SIZE_MAX));
	UK_EXPECT_NULL(uk_malloc(a, SIZE_MAX - 8));
	UK_EXPECT_NULL(uk_malloc(a, SIZE_MAX / 2));
	UK_EXPECT_NULL(uk_calloc(a, SIZE_MAX / 2 + 1, 2));
	UK_EXPECT_EQ(uk_alloc_availmem(a), avail);
	end();
}

UK_TEST(allocregion, added_memory_is_used_when_the_first_is_full)
{
	struct uk_alloc *const a = begin(0, 512);
	const long avail = uk_alloc_availmem(a);
	char *ptr;

	UK_EXPECT_EQ(uk_alloc_addmem(a, more + 1, sizeof(more) - 1), 0);
	UK_EXPECT_GT(uk_alloc_availmem(a), avail + 900);
	UK_EXPECT_GT(uk_alloc_maxalloc(a), 900);
	UK_EXPECT_NOT_NULL(uk_malloc(a, (size_t)avail - 16));
	ptr = uk_malloc(a, 900);
	UK_EXPECT(ptr > more && ptr + 900 <= more + sizeof(more));
	UK_EXPECT_EQ(uk_realloc(a, ptr, 910), ptr);
	uk_free(a, ptr);
	UK_EXPECT_EQ(uk_malloc(a, 900), ptr);
	end();
}

UK_TEST(allocregion, too_little_memory_is_refused)
{
	struct uk_alloc *a = begin(0, sizeof(struct uk_alloc));

	UK_EXPECT_NULL(a);
	UK_EXPECT_NULL(uk_allocregion_init(memory, 0));
	UK_EXPECT_NULL(uk_allocregion_init(NULL, 4096));
	UK_EXPECT_NULL(uk_allocregion_init((void *)(UINTPTR_MAX - 100), 4096));
	UK_EXPECT_NULL(uk_alloc_get_default());

	a = uk_allocregion_init(memory, 1024);
	UK_EXPECT_EQ(uk_alloc_addmem(a, more, 0), -EINVAL);
	UK_EXPECT_EQ(uk_alloc_addmem(a, NULL, 4096), -EINVAL);
	UK_EXPECT_EQ(uk_alloc_addmem(a, more, 64), -EINVAL);
	UK_EXPECT_EQ(uk_alloc_addmem(a, (void *)(UINTPTR_MAX - 100), 4096),
		     -EINVAL);
	end();
}

/* A source with pages of 256 bytes of memory[], of which the heap has one. */
#define UNIT	((size_t)256)

static struct {
	size_t next;		/* the first unit that is not taken */
	size_t end;
	unsigned int calls;
} units;

static void *units_more_at(void *at, size_t *len, size_t wish)
{
	const size_t n = UK_DIV_ROUND_UP(*len, UNIT);
	char *const from = memory + units.next * UNIT;

	units.calls++;
	UK_EXPECT(*len > 0);
	UK_EXPECT(wish > 0);
	if ((at && at != from) || n > units.end - units.next)
		return NULL;
	units.next += n;
	*len = n * UNIT;
	return from;
}

static void *units_more(size_t *len, size_t wish, size_t align)
{
	UK_EXPECT_LE(align, 16);
	return units_more_at(NULL, len, wish);
}

static size_t units_left(void)
{
	return (units.end - units.next) * UNIT;
}

static const struct uk_heapmem source = {
	.more = units_more,
	.more_at = units_more_at,
	.left = units_left,
	.most = units_left,
};

static struct uk_alloc *begin_with_source(size_t end)
{
	saved = _uk_alloc_head;
	_uk_alloc_head = NULL;
	units = (__typeof__(units)){ .next = 2, .end = end };
	return allocregion_init(memory, 2 * UNIT, &source);
}

UK_TEST(allocregion, a_heap_with_a_source_has_all_of_it_as_one_region)
{
	struct uk_alloc *const a = begin_with_source(32);
	const long avail = uk_alloc_availmem(a);
	char *const first = uk_malloc(a, 100);
	char *big;

	/* The second block begins right behind the first one. */
	big = uk_malloc(a, 20 * UNIT);
	UK_EXPECT_EQ((uintptr_t)big, (uintptr_t)first + 112);
	UK_EXPECT_LE(units.next, 24);
	/* It grows where it is, with what follows. */
	UK_EXPECT_EQ((uintptr_t)uk_realloc(a, big, 25 * UNIT), (uintptr_t)big);
	UK_EXPECT_EQ(uk_alloc_availmem(a), avail - 112 - 16 - 25 * (long)UNIT);
	UK_EXPECT_NULL(uk_malloc(a, 8 * UNIT));
	UK_EXPECT_NOT_NULL(uk_malloc(a, (size_t)uk_alloc_maxalloc(a)));
	end();
}

UK_TEST(allocregion, a_heap_goes_on_elsewhere_if_what_follows_is_taken)
{
	struct uk_alloc *const a = begin_with_source(32);
	char *const first = uk_malloc(a, 100);
	char *second, *third;

	units.next += 3;
	second = uk_malloc(a, 3 * UNIT);
	UK_EXPECT_EQ(units.calls, 2);
	UK_EXPECT(second >= memory + 5 * UNIT);
	UK_EXPECT(second + 3 * UNIT <= memory + units.next * UNIT);
	/* What is left of the first region is used. */
	third = uk_malloc(a, 16);
	UK_EXPECT_EQ((uintptr_t)third, (uintptr_t)first + 112);
	/* The new one is the one that grows from now on. */
	UK_EXPECT_EQ((uintptr_t)uk_malloc(a, 4 * UNIT),
		     (uintptr_t)second + 3 * UNIT + 16);
	end();
}

UK_TEST(allocregion, a_heap_whose_source_is_dry_says_so)
{
	struct uk_alloc *const a = begin_with_source(4);
	const long max = uk_alloc_maxalloc(a);

	UK_EXPECT_NULL(uk_malloc(a, SIZE_MAX));
	UK_EXPECT_NULL(uk_malloc(a, SIZE_MAX - 200));
	UK_EXPECT_NULL(uk_malloc(a, 4 * UNIT));
	UK_EXPECT_EQ(units.next, 2);
	UK_EXPECT_NOT_NULL(uk_malloc(a, (size_t)max));
	while (uk_malloc(a, 16))
		;
	UK_EXPECT_EQ(units.next, 4);
	UK_EXPECT_LT(uk_alloc_availmem(a), 32);
	end();
}

UK_TEST(allocregion, alignment_is_kept_where_a_heap_grows)
{
	struct uk_alloc *const a = begin_with_source(32);
	void *ptr = NULL;

	for (size_t align = 16; align <= 1024; align *= 2) {
		UK_EXPECT_EQ(uk_posix_memalign(a, &ptr, align, 300), 0);
		UK_EXPECT(UK_IS_ALIGNED((uintptr_t)ptr, align));
		memset(ptr, 0, 300);
	}
	end();
}
