/* SPDX-License-Identifier: BSD-3-Clause */
/* As the default heap of a machine whose memory is frames. */
#include <uk/alloc.h>

#include <stddef.h>
#include <stdint.h>

#include <uk/falloc.h>
#include <uk/test.h>

UK_TEST(heap, memory_that_is_freed_serves_again_and_takes_no_frames)
{
	struct uk_alloc *const a = uk_alloc_get_default();
	uint64_t before = 0;

	for (unsigned int i = 0; i < 300; i++) {
		char *const small = uk_malloc(a, 100);
		char *const large = uk_malloc(a, 200000);

		if (!UK_EXPECT_NOT_NULL(small) || !UK_EXPECT_NOT_NULL(large))
			return;
		large[199999] = small[99] = 1;
		if (i == 0)
			before = uk_falloc_get_default()->free_memory;
		uk_free(a, small);
		uk_free(a, large);
	}
	UK_EXPECT_EQ(uk_falloc_get_default()->free_memory, before);
}

/* It keeps them for good, so that others would miss them. */
UK_TEST(on_demand, a_heap_that_had_all_frames_has_all_of_it_again)
{
	struct uk_alloc *const a = uk_alloc_get_default();
	void **last = NULL, **ptr;
	uint64_t n = 0, again = 0;
	long max = 0;

	while ((ptr = uk_malloc(a, 30000)) != NULL) {
		*ptr = last;
		last = ptr;
		n++;
	}
	UK_EXPECT_GT(n, 100);
	for (; last; last = ptr) {
		ptr = *last;
		uk_free(a, last);
	}
	max = uk_alloc_maxalloc(a);
	UK_EXPECT_GE(max, 1 << 20);
	ptr = uk_malloc(a, (size_t)max);
	UK_EXPECT_NOT_NULL(ptr);
	uk_free(a, ptr);
	while (uk_malloc(a, 30000))
		again++;
	UK_EXPECT_EQ(again, n);
}
