/* SPDX-License-Identifier: BSD-3-Clause */
/* A clock and a counter that go on with each reading. */
#include "../lapic_priv.h"

#include <uk/errno.h>
#include <uk/test.h>

static struct {
	uint64_t ns;		/* the time it is */
	uint64_t read_ns;	/* a reading takes this long */
	uint64_t hz;
	uint64_t away_every;	/* readings until the CPU is taken away */
	uint64_t away_ns;
	uint64_t readings;
} world;

static void pass(void)
{
	world.ns += world.read_ns;
	if (world.away_every && ++world.readings % world.away_every == 0)
		world.ns += world.away_ns;
}

static uint64_t now(void)
{
	pass();
	return world.ns;
}

static uint64_t count(void)
{
	pass();
	return (uint64_t)((unsigned __int128)world.ns * world.hz / 1000000000);
}

static int measure(uint64_t read_ns, uint64_t true_hz, uint64_t *hz)
{
	world.ns = 12345;
	world.read_ns = read_ns;
	world.hz = true_hz;
	world.readings = 0;
	return lapic_measure(count, now, hz);
}

UK_TEST(lapic_measure, a_rate_is_never_more_than_it_is_and_little_less)
{
	static const uint64_t rates[] = {
		1000000, 25000000, 62500000, 1000000000, 4000000000,
	};
	uint64_t hz;

	world.away_every = 0;
	for (unsigned int i = 0; i < 5; i++)
		for (uint64_t read_ns = 1; read_ns <= 5000; read_ns *= 10) {
			UK_EXPECT_EQ(measure(read_ns, rates[i], &hz), 0);
			UK_EXPECT_LE(hz, rates[i]);
			UK_EXPECT_GE(hz, rates[i] - rates[i] / 128 - 1000);
		}
}

UK_TEST(lapic_measure, it_takes_ten_milliseconds_at_most)
{
	uint64_t hz;

	world.away_every = 0;
	UK_EXPECT_EQ(measure(20, 62500000, &hz), 0);
	UK_EXPECT_LE(world.ns, 1200000);
	/* And two looks, where each reading is an exit to a slow hypervisor. */
	UK_EXPECT_EQ(measure(200000, 62500000, &hz), 0);
	UK_EXPECT_LE(world.ns, 15000000);
	UK_EXPECT_LE(hz, 62500000);
	UK_EXPECT_GE(hz, 50000000);
}

UK_TEST(lapic_measure, a_cpu_that_is_taken_away_makes_it_less_not_more)
{
	uint64_t hz;

	/* 5 ms of every 10 readings, 300 us of each one. */
	world.away_every = 10;
	world.away_ns = 5000000;
	UK_EXPECT_EQ(measure(100, 62500000, &hz), 0);
	UK_EXPECT_LE(hz, 62500000);
	UK_EXPECT_GE(hz, 62000000);
	world.away_every = 1;
	world.away_ns = 300000;
	UK_EXPECT_EQ(measure(100, 62500000, &hz), 0);
	UK_EXPECT_LE(hz, 62500000);
	UK_EXPECT_GE(hz, 40000000);
}

static uint64_t stopped(void)
{
	return 7;
}

UK_TEST(lapic_measure, what_does_not_move_is_refused)
{
	uint64_t hz;

	world.away_every = 0;
	world.read_ns = 100;
	world.hz = 62500000;
	UK_EXPECT_EQ(lapic_measure(stopped, now, &hz), -EIO);
	UK_EXPECT_EQ(lapic_measure(count, stopped, &hz), -EIO);
}

UK_TEST(lapic_measure, a_guest_that_was_stopped_for_hours_is_no_overflow)
{
	uint64_t hz;

	world.away_every = 9;
	world.away_ns = UINT64_C(7200000000000);
	UK_EXPECT_EQ(measure(100, 4000000000, &hz), 0);
	UK_EXPECT_LE(hz, 4000000000);
	UK_EXPECT_GE(hz, 3900000000);
	world.away_every = 0;
}
