/* SPDX-License-Identifier: BSD-3-Clause */
#include <uk/clock_scale.h>

#include <uk/essentials.h>
#include <uk/test.h>
#include <uk/time.h>

static const uint64_t rates[] = {
	1000, 1001, 32768, 1193182, 3579545, 14318180, 62500000, 100000000,
	999999999, 1000000000, 1000000001, 2399999999, 3000000000,
	9999999999, 10000000000,
};

/* By seconds and the rest, none of which overflows. */
static uint64_t exact_ns(uint64_t count, uint64_t hz)
{
	return count / hz * UK_TIME_NS_PER_SEC +
	       count % hz * UK_TIME_NS_PER_SEC / hz;
}

static uint64_t exact_count(uint64_t ns, uint64_t hz)
{
	/* hz / 1000 * ns-per-s / 10^6 would do, but not for odd rates. */
	const uint64_t s = ns / UK_TIME_NS_PER_SEC;
	const uint64_t rest = ns % UK_TIME_NS_PER_SEC;

	return s * hz + hz / UK_TIME_NS_PER_SEC * rest +
	       hz % UK_TIME_NS_PER_SEC * rest / UK_TIME_NS_PER_SEC;
}

/* Is @got from @want up to 1 and 1 in 10^12 more? */
static bool close_above(uint64_t got, uint64_t want)
{
	return got >= want && got - want <= 1 + want / 1000000000000;
}

UK_TEST(clock_scale, counts_become_nanoseconds_at_every_rate)
{
	for (unsigned int i = 0; i < UK_ARRAY_SIZE(rates); i++) {
		struct uk_clock_scale scale;

		uk_clock_scale_set(&scale, rates[i]);
		UK_EXPECT_EQ(uk_clock_to_ns(&scale, 0), 0);
		for (uint64_t count = 1; count >> 58 == 0;
		     count = count * 3 + 1) {
			/* More nanoseconds than 64 bits hold. */
			if (count / rates[i] > UINT64_MAX / UK_TIME_NS_PER_SEC -
					       1)
				break;
			UK_EXPECT(close_above(uk_clock_to_ns(&scale, count),
					      exact_ns(count, rates[i])));
		}
	}
}

UK_TEST(clock_scale, a_century_is_exact_to_some_milliseconds)
{
	const uint64_t century_s = UINT64_C(36525) * 86400;

	/* 64 bits at 10 GHz are 58 years. */
	for (unsigned int i = 0; i < UK_ARRAY_SIZE(rates); i++) {
		const uint64_t s = UK_MIN(century_s, UINT64_MAX / rates[i]);
		struct uk_clock_scale scale;
		uint64_t ns;

		uk_clock_scale_set(&scale, rates[i]);
		ns = uk_clock_to_ns(&scale, s * rates[i]);
		UK_EXPECT_GE(ns, s * UK_TIME_NS_PER_SEC);
		UK_EXPECT_LE(ns - s * UK_TIME_NS_PER_SEC,
			     4 * UK_TIME_NS_PER_MS);
	}
}

UK_TEST(clock_scale, nanoseconds_become_at_most_one_count_too_many)
{
	for (unsigned int i = 0; i < UK_ARRAY_SIZE(rates); i++) {
		struct uk_clock_scale scale;

		uk_clock_scale_set(&scale, rates[i]);
		for (uint64_t ns = 1; ns < UINT64_C(1) << 40; ns = ns * 5 + 2) {
			const uint64_t want = exact_count(ns, rates[i]);
			const uint64_t got = uk_clock_to_count(&scale, ns);

			UK_EXPECT_GE(got, want + 1);
			UK_EXPECT_LE(got, want + 2);
		}
	}
}

UK_TEST(clock_scale, a_timer_is_not_early)
{
	for (unsigned int i = 0; i < UK_ARRAY_SIZE(rates); i++) {
		struct uk_clock_scale scale;

		uk_clock_scale_set(&scale, rates[i]);
		for (uint64_t ns = 1; ns < UINT64_C(1) << 50; ns = ns * 3 + 7)
			UK_EXPECT_GE(uk_clock_to_ns(
				&scale, uk_clock_to_count(&scale, ns)), ns);
	}
}

UK_TEST(clock_scale, a_nanosecond_counter_is_taken_as_it_is)
{
	struct uk_clock_scale scale;

	uk_clock_scale_set(&scale, UK_TIME_NS_PER_SEC);
	UK_EXPECT_EQ(uk_clock_to_ns(&scale, 1), 1);
	UK_EXPECT_EQ(uk_clock_to_ns(&scale, UINT64_MAX), UINT64_MAX);
}
