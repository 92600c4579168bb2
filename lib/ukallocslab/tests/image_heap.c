/* SPDX-License-Identifier: BSD-3-Clause */
/* The default heap of a machine. */
#include <uk/alloc.h>

#include <stdbool.h>
#include <stdint.h>

#include <uk/arch/cpu.h>
#include <uk/arch/paddr.h>
#include <uk/arch/paging.h>
#include <uk/essentials.h>
#include <uk/falloc.h>
#include <uk/idle.h>
#include <uk/string.h>
#include <uk/test.h>

#define PAGE		((size_t)UKARCH_PAGE_SIZE)

static uint64_t nfree(void)
{
	struct uk_falloc_stats st;

	uk_falloc_stats_get(uk_falloc_get_default(), &st);
	return st.free;
}

UK_TEST(heap, it_has_taken_what_it_needs_and_no_more)
{
	struct uk_falloc_stats st;

	uk_falloc_stats_get(uk_falloc_get_default(), &st);
	UK_EXPECT_GT(st.free, st.total / 2);
	UK_EXPECT_GE(uk_alloc_availmem(uk_alloc_get_default()) +
		     (long)(64 * PAGE), (long)(st.free * PAGE));
}

/* Also where it is shown at an address of its own (ukalloc.protect). */
UK_TEST(heap, a_block_is_found_at_its_physical_address_too)
{
	struct uk_alloc *const a = uk_alloc_get_default();
	char *const block = uk_malloc(a, 3 * PAGE);
	static char own[2] = "A";

	if (!UK_EXPECT_NOT_NULL(block))
		return;
	for (size_t at = 10; at < 3 * PAGE; at += PAGE) {
		char *const again = uk_phys_to_virt(ukarch_paddr_of(block +
								    at));

		UK_WRITE_ONCE(block[at], 'a');
		UK_EXPECT_EQ(UK_READ_ONCE(*again), 'a');
		UK_WRITE_ONCE(*again, 'b');
		UK_EXPECT_EQ(UK_READ_ONCE(block[at]), 'b');
	}
	uk_free(a, block);
	UK_EXPECT_EQ(*(char *)uk_phys_to_virt(ukarch_paddr_of(own)), 'A');
}

UK_TEST(heap, what_was_allocated_and_freed_is_frames_again)
{
	struct uk_alloc *const a = uk_alloc_get_default();
	static void *ptrs[1000];
	const uint64_t before = nfree();
	unsigned int n = 0;

	for (unsigned int i = 0; i < UK_ARRAY_SIZE(ptrs); i++)
		ptrs[i] = uk_malloc(a, 16 + i);
	for (unsigned int i = 0; i < UK_ARRAY_SIZE(ptrs); i++) {
		UK_EXPECT_NOT_NULL(ptrs[i]);
		uk_free(a, ptrs[i]);
	}
	/* More than a CPU that is idle needs to think that it is. */
	while (n++ < 1000)
		(void)uk_event_raise(uk_idle, NULL);
	/* But for leaves of the page map, and what is kept at hand. */
	UK_EXPECT_LE(before, nfree() + 20);
}

UK_TEST(heap, all_but_one_of_the_frames_come_back_when_they_are_asked_for)
{
	struct uk_alloc *const a = uk_alloc_get_default();
	void *const ptr = uk_malloc(a, 100);
	struct uk_falloc_stats st;
	void *all;
	long max;

	if (!UK_EXPECT_NOT_NULL(ptr))
		return;
	uk_falloc_stats_get(uk_falloc_get_default(), &st);
	/* Lists and spans go back before a request fails. */
	UK_EXPECT_NULL(uk_palloc(a, st.free + 1));
	uk_falloc_stats_get(uk_falloc_get_default(), &st);
	max = uk_alloc_pmaxalloc(a);
	UK_EXPECT_LE(max, (long)st.largest_run);
	/* The layer that watches over blocks has two pages for itself. */
	UK_EXPECT_GE(max, (long)st.largest_run - 2);
	all = uk_palloc(a, (unsigned long)max);
	if (UK_EXPECT_NOT_NULL(all))
		uk_pfree(a, all, (unsigned long)max);
	uk_free(a, ptr);
}

/* With 1.5 GiB of memory. */
UK_TEST(on_demand, a_gib_is_allocated_and_then_all_the_rest_in_small_blocks)
{
	const size_t len = (size_t)1 << 30;
	struct uk_alloc *const a = uk_alloc_get_default();
	char *const big = uk_malloc(a, len);
	uint64_t sum = 0;

	if (!UK_EXPECT_NOT_NULL(big))
		return;
	for (size_t at = 0; at < len; at += len / 64)
		big[at] = 1;
	big[len - 1] = 1;
	while (uk_malloc(a, 4000))
		sum += 4096;
	/* Of the half that the image does not take, nearly all. */
	UK_EXPECT_GT(sum, UINT64_C(400) << 20);
	UK_EXPECT_LT(uk_alloc_availmem(a), 4096 * 16);
	UK_EXPECT_LT(uk_alloc_maxalloc(a), 4097);
	uk_free(a, big);
	UK_EXPECT_NOT_NULL(uk_malloc(a, len));
}
