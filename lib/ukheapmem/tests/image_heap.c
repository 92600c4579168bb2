/* SPDX-License-Identifier: BSD-3-Clause */
/* The default heap, whichever it is, of a machine whose memory is frames. */
#include <uk/alloc.h>

#include <stdint.h>

#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/falloc.h>
#include <uk/string.h>
#include <uk/test.h>

UK_TEST(heap, it_has_taken_what_it_needs_and_no_more)
{
	struct uk_falloc_stats st;

	uk_falloc_stats_get(uk_falloc_get_default(), &st);
	UK_EXPECT_GT(st.free, st.total / 2);
	/* Other CPUs may take some meanwhile. */
	UK_EXPECT_GE(uk_alloc_availmem(uk_alloc_get_default()) + 64 * 4096,
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
	/* A heap may have given back what it kept at hand. */
	UK_EXPECT_GE(after.free, before.free);
}

UK_TEST(heap, wild_sizes_and_alignments_are_refused_and_nothing_is_lost)
{
	static const size_t wild[] = {
		SIZE_MAX, SIZE_MAX - 1, SIZE_MAX - 15, SIZE_MAX - 4095,
		(size_t)1 << 63, PTRDIFF_MAX, PTRDIFF_MAX - 4096,
	};
	struct uk_alloc *const a = uk_alloc_get_default();
	void *block = uk_malloc(a, 1);
	void *ptr = block;

	for (size_t i = 0; i < UK_ARRAY_SIZE(wild); i++) {
		UK_EXPECT_NULL(uk_malloc(a, wild[i]));
		UK_EXPECT_NULL(uk_calloc(a, 1, wild[i]));
		UK_EXPECT_NULL(uk_calloc(a, wild[i], 3));
		UK_EXPECT_NULL(uk_realloc(a, block, wild[i]));
		UK_EXPECT_NULL(uk_memalign(a, 64, wild[i]));
		UK_EXPECT_NULL(uk_palloc(a, wild[i]));
	}
	UK_EXPECT_EQ(uk_posix_memalign(a, &ptr, 0, 8), EINVAL);
	UK_EXPECT_EQ(uk_posix_memalign(a, &ptr, 3, 8), EINVAL);
	UK_EXPECT_EQ(uk_posix_memalign(a, &ptr, 4, 8), EINVAL);
	UK_EXPECT_EQ(uk_posix_memalign(a, &ptr, 24, 8), EINVAL);
	UK_EXPECT_EQ(uk_posix_memalign(a, &ptr, (size_t)1 << 63, 8), ENOMEM);
	UK_EXPECT_NULL(uk_memalign(a, (size_t)1 << 63, SIZE_MAX));
	UK_EXPECT_EQ(ptr, block);
	uk_free(a, block);
}

UK_TEST(heap, blocks_of_no_bytes_are_blocks)
{
	struct uk_alloc *const a = uk_alloc_get_default();
	void *const one = uk_malloc(a, 0);
	void *const two = uk_malloc(a, 0);
	void *const three = uk_calloc(a, 0, 8);

	UK_EXPECT_NOT_NULL(one);
	UK_EXPECT_NOT_NULL(two);
	UK_EXPECT_NOT_NULL(three);
	UK_EXPECT_NE(one, two);
	uk_free(a, three);
	UK_EXPECT_NULL(uk_realloc(a, two, 0));
	uk_free(a, one);
}

/* Up and down, in steps of all sizes, beside a block that must stay whole. */
UK_TEST(heap, a_block_keeps_its_bytes_in_a_storm_of_reallocs)
{
	struct uk_alloc *const a = uk_alloc_get_default();
	uint8_t *const beside = uk_malloc(a, 100);
	uint8_t *ptr = uk_malloc(a, 1), *now;
	size_t len = 1, next;

	memset(beside, 0x5a, 100);
	ptr[0] = 0;
	for (unsigned int i = 1; i < 400; i++) {
		next = 1 + i * 7919u % (i % 16 ? 3000u : 60000u);
		now = uk_realloc(a, ptr, next);
		if (!UK_EXPECT_NOT_NULL(now))
			break;
		ptr = now;
		for (size_t k = 0; k < UK_MIN(len, next); k += 13)
			if (!UK_EXPECT_EQ(ptr[k], (uint8_t)k))
				goto free;
		for (size_t k = 0; k < next; k++)
			ptr[k] = (uint8_t)k;
		len = next;
	}
free:
	for (unsigned int i = 0; i < 100; i++)
		UK_EXPECT_EQ(beside[i], 0x5a);
	uk_free(a, ptr);
	uk_free(a, beside);
}
