/* SPDX-License-Identifier: BSD-3-Clause */
/* Time that the hypervisor gives to others, where this machine's tells it. */
#include <uk/time.h>

#include <uk/test.h>

#define ROUNDS	100u

UK_TEST(stolen, it_does_not_go_back_and_is_no_more_than_time)
{
	uint64_t first, last, begin_ns;

	if (uk_time_stolen(&first) < 0)
		UK_TEST_SKIP("nobody tells of stolen time here");
	begin_ns = uk_time_now();
	last = first;
	for (unsigned int i = 0; i < ROUNDS; i++) {
		uint64_t now;

		uk_time_spin(200 * UK_TIME_NS_PER_US);
		if (!UK_EXPECT_EQ(uk_time_stolen(&now), 0) ||
		    !UK_EXPECT_GE(now, last))
			break;
		last = now;
	}
	UK_EXPECT_LE(last - first, uk_time_now() - begin_ns);
}
