/* SPDX-License-Identifier: BSD-3-Clause */
/* Making rings: capacities, and where their parts lie. */
#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/ring.h>
#include <uk/ring_mpmc.h>
#include <uk/ring_spsc.h>
#include <uk/test.h>

UK_RING_SPSC_DEFINE(pair, uint32_t)
UK_RING_MPMC_DEFINE(many, uint32_t)

UK_TEST(ring, a_capacity_is_a_power_of_two)
{
	static const uint32_t bad[] = {
		0, 1, 3, 5, 6, 7, 12, 63, 65, 0x7fffffff, 0x80000000, 0xffffffff
	};

	for (uint32_t n = 2; n <= UK_RING_NSLOTS_MAX; n *= 2)
		UK_EXPECT_EQ(uk_ring_check(n), 0);
	for (unsigned int i = 0; i < UK_ARRAY_SIZE(bad); i++)
		UK_EXPECT_EQ(uk_ring_check(bad[i]), -EINVAL);
}

UK_TEST(ring, a_refused_capacity_leaves_the_ring_as_it_was)
{
	struct pair_slot pslots[4] = { { 0 } };
	struct many_slot mslots[4] = { { 0 } };
	struct pair p = UK_RING_INIT(pslots);
	struct many m = UK_RING_INIT(mslots);
	uint32_t val = 7;

	UK_EXPECT_EQ(pair_enqueue(&p, &val), 0);
	UK_EXPECT_EQ(many_enqueue(&m, &val), 0);
	UK_EXPECT_EQ(pair_init(&p, pslots, 3), -EINVAL);
	UK_EXPECT_EQ(many_init(&m, mslots, 3), -EINVAL);
	UK_EXPECT_EQ(pair_count(&p), 1);
	UK_EXPECT_EQ(many_count(&m), 1);
	UK_EXPECT_EQ(pair_dequeue(&p, &val), 0);
	UK_EXPECT_EQ(many_dequeue(&m, &val), 0);
}

UK_TEST(ring, a_used_ring_is_empty_after_init)
{
	struct pair_slot pslots[4];
	struct many_slot mslots[4];
	struct pair p;
	struct many m;
	uint32_t val = 7;

	/* Whatever was in that memory. */
	for (unsigned int i = 0; i < 4; i++)
		mslots[i] = (struct many_slot){ .turn = 1, .val = 0xdead };
	for (unsigned int round = 0; round < 3; round++) {
		UK_EXPECT_EQ(pair_init(&p, pslots, 4), 0);
		UK_EXPECT_EQ(many_init(&m, mslots, 4), 0);
		UK_EXPECT_EQ(pair_dequeue(&p, &val), -ENOENT);
		UK_EXPECT_EQ(many_dequeue(&m, &val), -ENOENT);
		for (unsigned int i = 0; i < 4; i++) {
			UK_EXPECT_EQ(pair_enqueue(&p, &val), 0);
			UK_EXPECT_EQ(many_enqueue(&m, &val), 0);
		}
		UK_EXPECT_EQ(pair_enqueue(&p, &val), -ENOSPC);
		UK_EXPECT_EQ(many_enqueue(&m, &val), -ENOSPC);
	}
}

UK_TEST(ring, the_two_sides_share_no_cache_line)
{
	UK_EXPECT_GE(offsetof(struct pair, consumer) -
			     offsetof(struct pair, producer),
		     (size_t)UK_CACHELINE);
	UK_EXPECT_GE(offsetof(struct pair, producer), (size_t)UK_CACHELINE);
	UK_EXPECT_EQ(sizeof(struct pair) % UK_CACHELINE, 0);
	UK_EXPECT_GE(offsetof(struct many, consumers) -
			     offsetof(struct many, producers),
		     (size_t)UK_CACHELINE);
	UK_EXPECT_GE(offsetof(struct many, producers), (size_t)UK_CACHELINE);
	UK_EXPECT_EQ(_Alignof(struct many), UK_CACHELINE);
}
