/* SPDX-License-Identifier: BSD-3-Clause */
#include "../time_priv.h"

#include <stdbool.h>

#include <uk/essentials.h>
#include <uk/test.h>

struct counter {
	struct uk_clock clock;
	uint64_t at;
};

static uint64_t counter_read(const struct uk_clock *clock)
{
	return UK_CONTAINER_OF(clock, struct counter, clock)->at;
}

static struct counter counter(unsigned int bits, uint64_t at)
{
	return (struct counter){
		.clock = { .bits = bits, .read = counter_read }, .at = at,
	};
}

UK_TEST(clock_guard, a_narrow_counter_goes_on_when_it_wraps)
{
	static const unsigned int bits[] = { 8, 16, 24, 32 };

	for (unsigned int k = 0; k < UK_ARRAY_SIZE(bits); k++) {
		const uint64_t size = UINT64_C(1) << bits[k];
		struct counter c = counter(bits[k], size - 5);
		struct time_guard g;
		uint64_t first, at = size - 5, own = 0;

		time_guard_init(&g, &c.clock);
		first = time_guard_read(&g, &c.clock, &own);
		for (unsigned int i = 0; i < 100; i++) {
			at += size / 2 - 1 - i % 3;
			c.at = at % size;
			UK_EXPECT_EQ(time_guard_read(&g, &c.clock, &own) -
				     first, at - (size - 5));
		}
	}
}

UK_TEST(clock_guard, a_counter_near_its_end_at_boot_goes_on)
{
	struct counter c = counter(64, UINT64_MAX - 10);
	struct time_guard g;
	uint64_t first, own = 0;

	time_guard_init(&g, &c.clock);
	first = time_guard_read(&g, &c.clock, &own);
	c.at = 100;
	UK_EXPECT_EQ(time_guard_read(&g, &c.clock, &own) - first, 111);
	c.at = 200;
	UK_EXPECT_EQ(time_guard_read(&g, &c.clock, &own) - first, 211);
	UK_EXPECT_EQ(time_guard_read(&g, &c.clock, &own) - first, 211);
}

/* Two CPUs, the counter of one of which is behind, read in turn. */
static void read_in_turn(unsigned int bits)
{
	struct counter a = counter(bits, 1000), b = counter(bits, 400);
	uint64_t last = 0, own[2] = { 0, 0 };
	struct time_guard g;

	time_guard_init(&g, &a.clock);
	for (unsigned int i = 0; i < 1000; i++) {
		const bool is_a = i % 3 == 0;
		uint64_t now;

		a.at += 3;
		b.at += 3;
		now = time_guard_read(&g, is_a ? &a.clock : &b.clock,
				      &own[!is_a]);
		UK_EXPECT_GE(now, last);
		UK_EXPECT_LE(now, a.at);
		last = now;
	}
	/* The one that is ahead is the time. */
	a.at += 5;
	UK_EXPECT_EQ(time_guard_read(&g, &a.clock, &own[0]), a.at);
}

UK_TEST(clock_guard, a_cpu_that_is_behind_sees_what_another_has_seen)
{
	read_in_turn(64);
	read_in_turn(32);
}

UK_TEST(clock_guard, a_counter_that_is_set_back_goes_on_from_where_it_was)
{
	struct counter c = counter(64, UINT64_C(1) << 40);
	struct time_guard g;
	uint64_t before, own = 0;

	time_guard_init(&g, &c.clock);
	c.at += 1000;
	before = time_guard_read(&g, &c.clock, &own);
	c.at = 17;
	UK_EXPECT_EQ(time_guard_read(&g, &c.clock, &own), before);
	c.at += 50;
	UK_EXPECT_EQ(time_guard_read(&g, &c.clock, &own), before + 50);
	c.at = 3;
	UK_EXPECT_EQ(time_guard_read(&g, &c.clock, &own), before + 50);
	c.at += 7;
	UK_EXPECT_EQ(time_guard_read(&g, &c.clock, &own), before + 57);
}

UK_TEST(clock_guard, a_cpu_that_is_behind_goes_on_at_once)
{
	struct counter a = counter(64, 1000000), b = counter(64, 400);
	uint64_t own[2] = { 0, 0 }, first;
	struct time_guard g;

	time_guard_init(&g, &a.clock);
	first = time_guard_read(&g, &b.clock, &own[1]);
	UK_EXPECT_EQ(first, 1000000);
	/* The other is asleep: nobody moves the time but this one. */
	b.at += 50;
	UK_EXPECT_EQ(time_guard_read(&g, &b.clock, &own[1]), first + 50);
	a.at += 70;
	UK_EXPECT_EQ(time_guard_read(&g, &a.clock, &own[0]), first + 70);
	UK_EXPECT_EQ(own[0], 0);
}

UK_TEST(clock_guard, counters_of_all_cpus_may_be_set_back_one_by_one)
{
	struct counter c[3] = { counter(64, 5000), counter(64, 5000),
				counter(64, 5000) };
	uint64_t own[3] = { 0, 0, 0 }, last = 0;
	struct time_guard g;

	time_guard_init(&g, &c[0].clock);
	for (unsigned int i = 0; i < 300; i++) {
		uint64_t now;

		if (i % 100 == 50)
			c[i / 100].at -= 4000;
		for (unsigned int k = 0; k < 3; k++)
			c[k].at += 2;
		now = time_guard_read(&g, &c[i % 3].clock, &own[i % 3]);
		UK_EXPECT_GE(now, last);
		last = now;
	}
	/* What passed before it was seen is lost, no more. */
	UK_EXPECT_GE(last, 5000 + 600 - 3 * 3 * 2);
	UK_EXPECT_LE(last, 5000 + 600);
}
