/* SPDX-License-Identifier: BSD-3-Clause */
/* As the default heap of a machine whose memory is frames. */
#include <uk/alloc.h>

#include <stdint.h>

#include <uk/test.h>

UK_TEST(heap, a_block_grows_where_it_is_as_far_as_frames_follow)
{
	struct uk_alloc *const a = uk_alloc_get_default();
	char *ptr = uk_malloc(a, 1000);
	unsigned int moves = 0;

	for (size_t len = 2000; ptr && len < 200000; len += 1000) {
		char *const next = uk_realloc(a, ptr, len);

		if (!UK_EXPECT_NOT_NULL(next))
			break;
		moves += next != ptr;
		next[len - 1] = 1;
		ptr = next;
	}
	UK_EXPECT_LE(moves, 1);
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
		sum += 4000 + 16;
	/* Of the half that the image does not take, nearly all. */
	UK_EXPECT_GT(sum, UINT64_C(400) << 20);
	UK_EXPECT_LT(uk_alloc_availmem(a), 4096 * 16);
	UK_EXPECT_LT(uk_alloc_maxalloc(a), 4000);
	uk_free(a, big);
}
