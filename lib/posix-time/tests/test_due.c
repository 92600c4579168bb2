/* SPDX-License-Identifier: BSD-3-Clause */
#include <uk/itimer.h>

#include <uk/test.h>

UK_TEST(itimer_due, it_expires_once_without_an_interval)
{
	struct uk_due d = { .armed = true, .at_ns = 100 };

	UK_EXPECT_EQ(uk_due_left(&d, 40), 60);
	UK_EXPECT_EQ(uk_due_take(&d, 99), 0);
	UK_EXPECT_EQ(uk_due_left(&d, 100), 0);
	UK_EXPECT(d.armed);
	UK_EXPECT_EQ(uk_due_take(&d, 100), 1);
	UK_EXPECT(!d.armed);
	UK_EXPECT_EQ(uk_due_take(&d, 1000), 0);
	UK_EXPECT_EQ(uk_due_left(&d, 1000), 0);
}

UK_TEST(itimer_due, expirations_are_counted_without_drift)
{
	struct uk_due d = { .armed = true, .at_ns = 100, .interval_ns = 7 };
	uint64_t now = 0, n = 0;

	/* However late it is looked at, all in all it is that many. */
	for (uint64_t step = 1; now < 1000000; step = step % 50 + 1) {
		now += step;
		n += uk_due_take(&d, now);
		if (!UK_EXPECT_EQ(n, now < 100 ? 0 : (now - 100) / 7 + 1))
			return;
		UK_EXPECT_EQ(uk_due_left(&d, now), d.at_ns - now);
		UK_EXPECT_EQ((d.at_ns - 100) % 7, 0);
	}
}

UK_TEST(itimer_due, what_is_left_is_told_without_taking)
{
	struct uk_due d = { .armed = true, .at_ns = 100, .interval_ns = 10 };

	UK_EXPECT_EQ(uk_due_left(&d, 100), 10);
	UK_EXPECT_EQ(uk_due_left(&d, 109), 1);
	UK_EXPECT_EQ(uk_due_left(&d, 134), 6);
	UK_EXPECT_EQ(uk_due_take(&d, 134), 4);
}

UK_TEST(itimer_due, the_longest_intervals_do_not_wrap)
{
	struct uk_due d = {
		.armed = true, .at_ns = 5, .interval_ns = UINT64_MAX,
	};

	UK_EXPECT_EQ(uk_due_take(&d, 6), 1);
	UK_EXPECT_EQ(d.at_ns, UINT64_MAX);
	UK_EXPECT_EQ(uk_due_take(&d, UINT64_MAX - 1), 0);

	d = (struct uk_due){
		.armed = true, .at_ns = 1, .interval_ns = UINT64_MAX / 2 + 1,
	};
	UK_EXPECT_EQ(uk_due_take(&d, UINT64_MAX - 1), 2);
	UK_EXPECT_EQ(d.at_ns, UINT64_MAX);

	d = (struct uk_due){ .armed = true, .at_ns = 0, .interval_ns = 1 };
	UK_EXPECT_EQ(uk_due_take(&d, UINT64_MAX - 1), UINT64_MAX);
}
