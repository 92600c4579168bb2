/* SPDX-License-Identifier: BSD-3-Clause */
/* The default heap, whichever it is, of a machine whose memory is frames. */
#include <uk/alloc.h>

#include <stdint.h>

#include <uk/essentials.h>
#include <uk/falloc.h>
#include <uk/test.h>

UK_TEST(heap, it_has_taken_what_it_needs_and_no_more)
{
	struct uk_falloc_stats st;

	uk_falloc_stats_get(uk_falloc_get_default(), &st);
	UK_EXPECT_GT(st.free, st.total / 2);
	UK_EXPECT_GE(uk_alloc_availmem(uk_alloc_get_default()),
		     (long)(st.free * 4096));
}

UK_TEST(heap, more_than_the_machine_has_is_refused_and_costs_no_frame)
{
	struct uk_alloc *const a = uk_alloc_get_default();
	struct uk_falloc_stats before, after;

	uk_falloc_stats_get(uk_falloc_get_default(), &before);
	UK_EXPECT_NULL(uk_malloc(a, (before.total + 1) * 4096));
	UK_EXPECT_NULL(uk_memalign(a, (size_t)1 << 46, 4096));
	UK_EXPECT_NULL(uk_malloc(a, SIZE_MAX / 2));
	uk_falloc_stats_get(uk_falloc_get_default(), &after);
	UK_EXPECT_EQ(after.free, before.free);
}
