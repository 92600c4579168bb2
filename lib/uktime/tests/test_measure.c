/* SPDX-License-Identifier: BSD-3-Clause */
#include "../time_priv.h"

#include <uk/errno.h>
#include <uk/test.h>
#include <uk/time.h>

#include "world.h"

#define PRECISION	2000

/* What PCs have, and how long it takes to read it: cheap, or an exit. */
static const struct {
	uint64_t hz;
	unsigned int bits;
	uint32_t read_ns;
} refs[] = {
	{ 1193182, 16, 40 }, { 1193182, 16, 5000 },
	{ 3579545, 24, 15 }, { 3579545, 24, 2000 },
	{ 14318180, 32, 20 }, { 14318180, 32, 8000 },
	{ 100000000, 64, 30 }, { 100000000, 64, 3000 },
};

static const uint64_t rates[] = { 1000000, 987654321, 2400000000, 9999999999 };

static int measure(struct world *w, unsigned int r, uint64_t hz,
		   struct time_rate *rate)
{
	struct world_clock ref = world_clock(w, refs[r].hz, refs[r].bits,
					     refs[r].read_ns, true);
	struct world_clock clock = world_clock(w, hz, 64, 12, false);
	struct time_measurement m = {
		.clock = &clock.clock, .ref = &ref.clock,
	};

	return time_measure(&m, PRECISION, rate);
}

UK_TEST(clock_measure, every_reference_gives_the_rate_as_exactly_as_it_says)
{
	for (unsigned int r = 0; r < UK_ARRAY_SIZE(refs); r++)
		for (unsigned int i = 0; i < UK_ARRAY_SIZE(rates); i++) {
			struct world w = { .now_ns = 12345 * r };
			struct time_rate rate;

			UK_EXPECT_EQ(measure(&w, r, rates[i], &rate), 0);
			UK_EXPECT_LE(world_apart(rate.hz, rates[i]),
				     rates[i] / rate.error + 1);
			UK_EXPECT_GE(rate.error, refs[r].read_ns < 100 &&
				     rates[i] > 1000000 ? PRECISION : 400);
		}
}

UK_TEST(clock_measure, cheap_references_take_less_than_300_us)
{
	for (unsigned int r = 0; r < UK_ARRAY_SIZE(refs); r += 2) {
		struct world w = { .now_ns = 1 };
		struct time_rate rate;

		UK_EXPECT_EQ(measure(&w, r, 1000000000, &rate), 0);
		UK_EXPECT_LT(w.now_ns, 300 * UK_TIME_NS_PER_US);
	}
}

UK_TEST(clock_measure, dear_references_take_no_more_than_12_ms)
{
	for (unsigned int r = 1; r < UK_ARRAY_SIZE(refs); r += 2) {
		struct world w = { .now_ns = 1 };
		struct time_rate rate;

		UK_EXPECT_EQ(measure(&w, r, 1000000000, &rate), 0);
		UK_EXPECT_LT(w.now_ns, 12 * UK_TIME_NS_PER_MS);
	}
}

/* Most of all when 16 bits wrap meanwhile, which takes 55 ms. */
UK_TEST(clock_measure, a_cpu_that_is_taken_away_does_not_change_the_rate)
{
	static const uint32_t away_ns[] = { 100000, 3000000, 70000000,
					    200000000 };

	for (unsigned int r = 0; r < UK_ARRAY_SIZE(refs); r++)
		for (unsigned int k = 0; k < UK_ARRAY_SIZE(away_ns); k++)
			for (unsigned int seed = 0; seed < 20; seed++) {
				struct world w = {
					.away_one_in = 200,
					.away_ns = away_ns[k], .rng = seed,
				};
				struct time_rate rate;
				int rc = measure(&w, r, 2400000000, &rate);

				/* Never a wrong one; none at all may be. */
				if (rc == -EIO)
					continue;
				UK_EXPECT_EQ(rc, 0);
				UK_EXPECT_LE(world_apart(rate.hz, 2400000000),
					     2400000000 / rate.error + 1);
			}
}

UK_TEST(clock_measure, counters_that_stand_still_are_found_out_soon)
{
	struct world w = { .now_ns = 0 };
	struct world_clock ref = world_clock(&w, 14318180, 32, 10, true);
	struct world_clock clock = world_clock(&w, 1000000000, 64, 10, false);
	uint64_t hz = 5;

	ref.dead = true;
	UK_EXPECT_EQ(uk_clock_measure(&clock.clock, &ref.clock, PRECISION, &hz),
		     -EIO);
	UK_EXPECT_LT(w.nreads, 100000);
	w.nreads = 0;
	ref.dead = false;
	clock.dead = true;
	UK_EXPECT_EQ(uk_clock_measure(&clock.clock, &ref.clock, PRECISION, &hz),
		     -EIO);
	UK_EXPECT_LT(w.now_ns, 100 * UK_TIME_NS_PER_MS);
	UK_EXPECT_EQ(hz, 5);
}

static uint64_t noise(const struct uk_clock *clock)
{
	static uint64_t state = 99;

	(void)clock;
	return rng_next(&state) & 0xffff;
}

UK_TEST(clock_measure, a_reference_of_noise_ends_too)
{
	struct world w = { .now_ns = 0 };
	struct world_clock clock = world_clock(&w, 1000000000, 64, 10, false);
	struct uk_clock ref = { .bits = 16, .hz = 1193182, .read = noise };
	uint64_t hz;

	UK_EXPECT_LE(uk_clock_measure(&clock.clock, &ref, PRECISION, &hz), 0);
	UK_EXPECT_LT(w.nreads, 10000000);
}

UK_TEST(clock_measure, absurd_rates_are_refused)
{
	struct world w = { .now_ns = 0 };
	struct world_clock ref = world_clock(&w, 100000000, 64, 400, true);
	struct world_clock clock = world_clock(&w, 10000000000, 64, 200, false);
	uint64_t hz;

	/* The reference is a hundred times slower than it says. */
	uk_clock_scale_set(&ref.scale, 1000000);
	UK_EXPECT_EQ(uk_clock_measure(&clock.clock, &ref.clock, PRECISION, &hz),
		     -EIO);
}
