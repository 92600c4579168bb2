/* SPDX-License-Identifier: BSD-3-Clause */
#include <uk/posix_time.h>

#include <stdint.h>

#include <uk/test.h>

static bool is_valid(long sec, long nsec)
{
	const struct uk_abi_timespec ts = { sec, nsec };

	return uk_timespec_is_valid(&ts);
}

static uint64_t ns(long sec, long nsec)
{
	const struct uk_abi_timespec ts = { sec, nsec };

	return uk_timespec_ns(&ts);
}

UK_TEST(timespec, negative_times_and_long_nanoseconds_are_none)
{
	UK_EXPECT(is_valid(0, 0));
	UK_EXPECT(is_valid(INT64_MAX, 999999999));
	UK_EXPECT(!is_valid(0, 1000000000));
	UK_EXPECT(!is_valid(0, -1));
	UK_EXPECT(!is_valid(-1, 0));
	UK_EXPECT(!is_valid(INT64_MIN, INT64_MIN));
	UK_EXPECT(!is_valid(0, INT64_MAX));
}

UK_TEST(timespec, what_64_bits_do_not_hold_is_never)
{
	/* 2^64 - 1 ns are 18446744073.709551615 s. */
	UK_EXPECT_EQ(ns(3, 7), UINT64_C(3000000007));
	UK_EXPECT_EQ(ns(18446744073, 709551614), UINT64_MAX - 1);
	UK_EXPECT_EQ(ns(18446744073, 709551616), UK_TIME_NEVER);
	UK_EXPECT_EQ(ns(18446744074, 0), UK_TIME_NEVER);
	UK_EXPECT_EQ(ns(INT64_MAX, 999999999), UK_TIME_NEVER);
	UK_EXPECT_EQ(uk_time_add(5, UK_TIME_NEVER - 5), UK_TIME_NEVER);
	UK_EXPECT_EQ(uk_time_add(6, UK_TIME_NEVER - 5), UK_TIME_NEVER);
	UK_EXPECT_EQ(uk_time_add(UK_TIME_NEVER, UK_TIME_NEVER), UK_TIME_NEVER);
	UK_EXPECT_EQ(uk_time_add(6, 7), 13);
}

UK_TEST(timespec, there_and_back_it_is_the_same)
{
	static const uint64_t times[] = {
		0, 1, 999999999, 1000000000, UINT64_C(1795773140414683001),
		UINT64_MAX - 1,
	};

	for (unsigned int i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
		const struct uk_abi_timespec ts = uk_timespec_of(times[i]);

		UK_EXPECT(uk_timespec_is_valid(&ts));
		UK_EXPECT_EQ(uk_timespec_ns(&ts), times[i]);
	}
}
