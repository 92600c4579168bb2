/* SPDX-License-Identifier: BSD-3-Clause */
#include <uk/timeout.h>

#include <stdint.h>

#include <uk/abi/time.h>
#include <uk/errno.h>
#include <uk/test.h>

#define SEC	INT64_C(1000000000)

UK_TEST(file_timeout, a_time_that_is_none_is_refused)
{
	uint64_t ns = 7;

	UK_EXPECT_EQ(uk_timeout_of(-1, 0, &ns), -EINVAL);
	UK_EXPECT_EQ(uk_timeout_of(0, -1, &ns), -EINVAL);
	UK_EXPECT_EQ(uk_timeout_of(0, SEC, &ns), -EINVAL);
	UK_EXPECT_EQ(uk_timeout_of(INT64_MAX, SEC, &ns), -EINVAL);
	UK_EXPECT_EQ(uk_timeout_of(INT64_MIN, INT64_MIN, &ns), -EINVAL);
	UK_EXPECT_EQ(uk_timeout_read((void *)16, &ns), -EFAULT);
	UK_EXPECT_EQ(ns, 7);
}

UK_TEST(file_timeout, what_64_bits_do_not_hold_is_for_ever)
{
	const int64_t most = (int64_t)(UINT64_MAX / (uint64_t)SEC);
	struct uk_abi_timespec ts = { 1, 5 };
	uint64_t ns;

	UK_EXPECT_EQ(uk_timeout_of(most - 1, SEC - 1, &ns), 0);
	UK_EXPECT_EQ(ns, (uint64_t)most * (uint64_t)SEC - 1);
	UK_EXPECT_EQ(uk_timeout_of(most, 0, &ns), 0);
	UK_EXPECT_EQ(ns, UK_TIME_NEVER);
	UK_EXPECT_EQ(uk_timeout_of(INT64_MAX, SEC - 1, &ns), 0);
	UK_EXPECT_EQ(ns, UK_TIME_NEVER);
	UK_EXPECT_EQ(uk_timeout_read(&ts, &ns), 0);
	UK_EXPECT_EQ(ns, SEC + 5);
	UK_EXPECT_EQ(uk_timeout_read(NULL, &ns), 0);
	UK_EXPECT_EQ(ns, UK_TIME_NEVER);
	UK_EXPECT_EQ(uk_timeout_of_ms(-5), UK_TIME_NEVER);
	UK_EXPECT_EQ(uk_timeout_of_ms(INT32_MAX), INT32_MAX * 1000000ull);
	UK_EXPECT_EQ(uk_timeout_deadline(UK_TIME_NEVER), UK_TIME_NEVER);
	UK_EXPECT_EQ(uk_timeout_deadline(UK_TIME_NEVER - 1), UK_TIME_NEVER);
	UK_EXPECT_GE(uk_timeout_deadline(SEC), (uint64_t)SEC);
}
