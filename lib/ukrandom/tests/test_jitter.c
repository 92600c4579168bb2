/* SPDX-License-Identifier: BSD-3-Clause */
#include "../random_priv.h"

#include <uk/random.h>
#include <uk/test.h>

static uint64_t now, nread;

static uint64_t stands(void)
{
	nread++;
	return now;
}

static uint64_t ticks_evenly(void)
{
	nread++;
	return now += 1000;
}

static uint64_t speeds_up(void)
{
	nread++;
	return now += nread;
}

/* 100 a sample, seen through a counter whose tick is 16. */
static uint64_t is_coarse(void)
{
	nread++;
	return (now += 109) / 16 * 7;
}

/* A generator of Lehmer's kind, for steps without a pattern. */
static uint64_t jitters(void)
{
	static uint64_t x = 1;

	nread++;
	x = x * 48271 % 2147483647;
	return now += 1000 + (x >> 8) % 64;
}

static unsigned int bits_of(uint64_t (*ticks)(void))
{
	struct random_pool pool = { .bits = 0 };
	unsigned int bits;

	now = 0;
	nread = 0;
	bits = random_jitter(&pool, ticks);
	UK_EXPECT_EQ(pool.bits, bits);
	return bits;
}

UK_TEST(ukrandom, a_counter_with_a_pattern_gives_no_entropy)
{
	UK_EXPECT_EQ(bits_of(stands), 0);
	UK_EXPECT_GT(nread, 2000);
	UK_EXPECT_LT(nread, 20000);
	UK_EXPECT_EQ(bits_of(ticks_evenly), 0);
	UK_EXPECT_EQ(bits_of(speeds_up), 0);
	UK_EXPECT_EQ(bits_of(is_coarse), 0);
}

UK_TEST(ukrandom, a_counter_that_jitters_is_read_until_there_is_enough)
{
	UK_EXPECT_EQ(bits_of(jitters), UK_RANDOM_READY);
	/* Two readings each, four samples for a bit, and some are no news. */
	UK_EXPECT_GE(nread, 8 * UK_RANDOM_READY);
	UK_EXPECT_LT(nread, 10 * UK_RANDOM_READY);
}

UK_TEST(ukrandom, a_pool_that_has_enough_needs_no_jitter)
{
	struct random_pool pool = { .bits = UK_RANDOM_READY };

	nread = 0;
	UK_EXPECT_EQ(random_jitter(&pool, jitters), 0);
	UK_EXPECT_EQ(nread, 0);
}
