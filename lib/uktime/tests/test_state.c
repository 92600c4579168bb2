/* SPDX-License-Identifier: BSD-3-Clause */
#include "../time_priv.h"

#include <uk/arch/cpu.h>
#include <uk/errno.h>
#include <uk/test.h>
#include <uk/time.h>

#include "world.h"

static uint64_t now(struct time_state *s)
{
	uint64_t now_ns;

	if (!time_try_now(s, &now_ns))
		(void)time_look_after(s, &now_ns);
	return now_ns;
}

UK_TEST(clock_state, the_best_clock_that_is_there_is_taken)
{
	struct world w = { .now_ns = 0 };
	struct time_state s = { .boot_ticks = ukarch_ticks() };
	struct world_clock best = world_clock(&w, 1000000000, 64, 1, true);
	struct world_clock good = world_clock(&w, 100000000, 64, 1, true);
	struct world_clock last = world_clock(&w, 1193182, 64, 1, true);

	best.clock.rating = 400;
	best.start_rc = -ENODEV;
	good.clock.rating = 300;
	last.clock.rating = 100;
	time_clock_add(&s, &last.clock);
	time_clock_add(&s, &best.clock);
	time_clock_add(&s, &good.clock);
	UK_EXPECT_EQ(best.nstarts + good.nstarts + last.nstarts, 0);

	(void)now(&s);
	UK_EXPECT_EQ(s.shown->clock, &good.clock);
	UK_EXPECT_EQ(best.nstarts, 1);
	UK_EXPECT_EQ(good.nstarts, 1);
	/* What is worse is not looked for. */
	UK_EXPECT_EQ(last.nstarts, 0);
	(void)now(&s);
	UK_EXPECT_EQ(good.nstarts, 1);
}

UK_TEST(clock_state, no_clock_at_all_is_not_fatal)
{
	struct time_state s = { .boot_ticks = ukarch_ticks() };
	const uint64_t first = now(&s);

	UK_EXPECT_EQ(now(&s), first);
}

UK_TEST(clock_state, a_clock_that_cannot_be_measured_is_passed_over)
{
	struct world w = { .now_ns = 0 };
	struct time_state s = { .boot_ticks = ukarch_ticks() };
	struct world_clock a = world_clock(&w, 1000000000, 64, 1, false);
	struct world_clock b = world_clock(&w, 32768, 64, 1, true);

	/* Too slow a reference to measure with. */
	a.clock.rating = 300;
	b.clock.rating = 100;
	time_clock_add(&s, &a.clock);
	time_clock_add(&s, &b.clock);
	(void)now(&s);
	UK_EXPECT_EQ(s.shown->clock, &b.clock);
}

UK_TEST(clock_state, a_told_rate_that_is_absurd_is_refused)
{
	struct world w = { .now_ns = 0 };
	struct time_state s = { .boot_ticks = ukarch_ticks() };
	struct world_clock a = world_clock(&w, 1000000000, 64, 1, true);
	struct world_clock b = world_clock(&w, 100000000, 64, 1, true);

	a.clock.rating = 300;
	a.clock.hz = 5;
	time_clock_add(&s, &a.clock);
	time_clock_add(&s, &b.clock);
	(void)now(&s);
	UK_EXPECT_EQ(s.shown->clock, &b.clock);
}

/*
 * Runs for @ms in steps that the reference's wrap allows or not; the time
 * never goes back, and at the end is as exact as 1 in @error.
 */
static void run(struct time_state *s, struct world *w, uint64_t ms,
		uint64_t step_ns, uint64_t error)
{
	const uint64_t first = now(s), begin_ns = w->now_ns;
	uint64_t last = first;

	while (w->now_ns - begin_ns < ms * UK_TIME_NS_PER_MS) {
		uint64_t t;

		w->now_ns += step_ns;
		t = now(s);
		UK_EXPECT_GE(t, last);
		last = t;
	}
	UK_EXPECT_LE(world_apart(last - first, w->now_ns - begin_ns),
		     (w->now_ns - begin_ns) / error + 500);
}

UK_TEST(clock_state, a_measured_rate_gets_better_with_time)
{
	static const struct {
		uint64_t hz;
		unsigned int bits;
	} refs[] = { { 1193182, 16 }, { 3579545, 24 }, { 100000000, 64 } };

	for (unsigned int r = 0; r < UK_ARRAY_SIZE(refs); r++) {
		struct world w = { .now_ns = 777 };
		struct time_state s = { .boot_ticks = ukarch_ticks() };
		struct world_clock clock = world_clock(&w, 2399987654, 64, 12,
						       false);
		struct world_clock ref = world_clock(&w, refs[r].hz,
						     refs[r].bits, 900, true);

		clock.clock.rating = 300;
		time_clock_add(&s, &clock.clock);
		time_clock_add(&s, &ref.clock);
		run(&s, &w, 40, 17000, 400);
		run(&s, &w, 40, 17000, 400);
		run(&s, &w, 1500, 1700000, 10000);
		run(&s, &w, 1500, 1700000, 10000);
		UK_EXPECT_EQ(s.nrefined, TIME_NREFINE);
		run(&s, &w, 100000, 17000000, 500000);
	}
}

UK_TEST(clock_state, a_measurement_begins_anew_after_a_long_silence)
{
	struct world w = { .now_ns = 777 };
	struct time_state s = { .boot_ticks = ukarch_ticks() };
	struct world_clock clock = world_clock(&w, 2399987654, 64, 12, false);
	struct world_clock ref = world_clock(&w, 1193182, 16, 900, true);

	clock.clock.rating = 300;
	time_clock_add(&s, &clock.clock);
	time_clock_add(&s, &ref.clock);
	(void)now(&s);
	w.now_ns += 3600 * UK_TIME_NS_PER_SEC;
	(void)now(&s);
	UK_EXPECT_EQ(s.nrefined, 0);
	run(&s, &w, 3000, 1700000, 400);
	UK_EXPECT_EQ(s.nrefined, TIME_NREFINE);
	run(&s, &w, 10000, 1700000, 500000);
}

UK_TEST(clock_state, a_reference_that_jumps_does_not_spoil_the_rate)
{
	struct world w = { .now_ns = 777 };
	struct time_state s = { .boot_ticks = ukarch_ticks() };
	struct world_clock clock = world_clock(&w, 2400000000, 64, 12, false);
	struct world_clock ref = world_clock(&w, 100000000, 64, 900, true);

	clock.clock.rating = 300;
	time_clock_add(&s, &clock.clock);
	time_clock_add(&s, &ref.clock);
	(void)now(&s);
	/* A guest that was stopped: this one went on for a minute. */
	ref.offset += ref.true_hz * 60;
	run(&s, &w, 5000, 1700000, 400);
	UK_EXPECT_EQ(s.nrefined, 0);
	/* And one that died. */
	ref.dead = true;
	run(&s, &w, 5000, 1700000, 400);
}

UK_TEST(clock_state, narrow_clocks_keep_time_if_they_are_read)
{
	struct world w = { .now_ns = 0 };
	struct time_state s = { .boot_ticks = ukarch_ticks() };
	struct world_clock clock = world_clock(&w, 1193182, 16, 900, true);

	time_clock_add(&s, &clock.clock);
	run(&s, &w, 5000, 13 * UK_TIME_NS_PER_MS, 1000000);
}

UK_TEST(clock_state, cpus_whose_counters_differ_see_time_go_forward)
{
	struct world w = { .now_ns = 0 };
	struct time_state s = { .boot_ticks = ukarch_ticks() };
	struct world_clock clock = world_clock(&w, 2400000000, 64, 10, true);
	const uint64_t offset = clock.offset;
	uint64_t first, last = 0, rng = 4, own[4] = { 0, 0, 0, 0 };

	clock.clock.synchronous = false;
	time_clock_add(&s, &clock.clock);
	s.offset = &own[0];
	last = first = now(&s);
	for (unsigned int i = 0; i < 20000; i++) {
		const uint64_t cpu = rng_below(&rng, 4);
		uint64_t t;

		/* Each CPU is up to 10 us off. */
		clock.offset = offset + cpu * 8000;
		s.offset = &own[cpu];
		w.now_ns += rng_below(&rng, 2000);
		t = now(&s);
		UK_EXPECT_GE(t, last);
		last = t;
	}
	UK_EXPECT_LE(world_apart(last - first, w.now_ns), 10000);
}

UK_TEST(clock_state, a_counter_goes_on_past_its_end)
{
	struct world w = { .now_ns = 1000 };
	struct time_state s = { .boot_ticks = ukarch_ticks() };
	struct world_clock clock = world_clock(&w, 2400000000, 64, 10, true);

	/* 2^64 comes within 4 ms. */
	clock.offset = UINT64_MAX - 10000000;
	time_clock_add(&s, &clock.clock);
	run(&s, &w, 2, 300, 1000000);
	UK_EXPECT_GT(clock.clock.read(&clock.clock), UINT64_C(1) << 63);
	run(&s, &w, 10, 300, 1000000);
	UK_EXPECT_LT(clock.clock.read(&clock.clock), UINT64_C(1) << 63);
	run(&s, &w, 3000, 1700000, 1000000);
	UK_EXPECT(!s.shown->guarded);
}

/*
 * What a clock called synchronous may do all the same. Time never goes back,
 * goes on at once, and is ahead by a millisecond at most.
 */
static void set_back_by(uint64_t ns, bool often)
{
	struct world w = { .now_ns = 1000 };
	struct time_state s = { .boot_ticks = ukarch_ticks() };
	struct world_clock clock = world_clock(&w, 2400000000, 64, 10, true);
	uint64_t own = 0, before, after, begin_ns;

	time_clock_add(&s, &clock.clock);
	s.offset = &own;
	run(&s, &w, 100, often ? 3000 : 1700000, 10000);
	before = now(&s);
	clock.offset -= uk_clock_to_count(&clock.scale, ns);
	after = now(&s);
	UK_EXPECT_GE(after, before);
	UK_EXPECT_LE(after - before, UK_TIME_NS_PER_MS + 1000);
	UK_EXPECT(s.shown->guarded);
	/* Again, and it goes on from where it is. */
	begin_ns = w.now_ns;
	for (unsigned int i = 0; i < 100; i++) {
		clock.offset -= uk_clock_to_count(&clock.scale, ns);
		w.now_ns += 5000;
		UK_EXPECT_GE(now(&s), after);
		w.now_ns += 5000;
		(void)now(&s);
	}
	before = now(&s);
	UK_EXPECT_GE(before - after, (w.now_ns - begin_ns) / 2 - 10000);
	UK_EXPECT_LE(before - after, w.now_ns - begin_ns + 10000);
	run(&s, &w, 3000, 1700000, 1000000);
}

UK_TEST(clock_state, a_counter_that_is_set_back_goes_on_and_never_back)
{
	static const uint64_t ns[] = { 3000000, 3600 * UK_TIME_NS_PER_SEC };

	for (unsigned int i = 0; i < UK_ARRAY_SIZE(ns); i++) {
		set_back_by(ns[i], false);
		set_back_by(ns[i], true);
	}
}

UK_TEST(clock_state, a_clock_that_is_not_synchronous_any_more_is_compared)
{
	struct world w = { .now_ns = 1000 };
	struct time_state s = { .boot_ticks = ukarch_ticks() };
	struct world_clock clock = world_clock(&w, 2400000000, 64, 10, true);
	struct world_clock other = clock;
	uint64_t own[2] = { 0, 0 }, before, after;

	time_clock_add(&s, &clock.clock);
	/* Before anybody has asked for the time nothing is known of it. */
	time_not_synchronous(&s, &clock.clock);
	UK_EXPECT_NULL(s.base);
	s.offset = &own[0];
	run(&s, &w, 100, 100000, 10000);
	before = now(&s);
	time_not_synchronous(&s, &other.clock);
	UK_EXPECT(!s.shown->guarded);
	time_not_synchronous(&s, &clock.clock);
	time_not_synchronous(&s, &clock.clock);
	UK_EXPECT(s.shown->guarded);
	/* The first to ask is behind by less than anybody would notice. */
	s.offset = &own[1];
	clock.offset -= uk_clock_to_count(&clock.scale, 500000);
	after = now(&s);
	UK_EXPECT_GE(after, before);
	UK_EXPECT_LE(after - before, UK_TIME_NS_PER_MS + 1000);
	s.offset = &own[0];
	UK_EXPECT_GE(now(&s), after);
}

UK_TEST(clock_state, a_counter_of_one_cpu_that_is_set_back_is_that_cpus_matter)
{
	struct world w = { .now_ns = 1000 };
	struct time_state s = { .boot_ticks = ukarch_ticks() };
	struct world_clock clock = world_clock(&w, 2400000000, 64, 10, true);
	const uint64_t offset = clock.offset;
	uint64_t own[3] = { 0, 0, 0 }, first, last;

	time_clock_add(&s, &clock.clock);
	s.offset = &own[0];
	last = first = now(&s);
	for (unsigned int i = 0; i < 3000; i++) {
		const unsigned int cpu = i % 3;

		/* From some moment on CPU 1 is 7 s behind. */
		clock.offset = offset - (i > 1000 && cpu == 1) *
			       UINT64_C(16800000000);
		s.offset = &own[cpu];
		w.now_ns += 10000;
		UK_EXPECT_GE(now(&s), last);
		last = now(&s);
	}
	UK_EXPECT_GE(last - first, w.now_ns - 1000000);
	UK_EXPECT_LE(last - first, w.now_ns + UK_TIME_NS_PER_MS);
	/* Those that run on had the window to make up for. */
	UK_EXPECT_LE(own[2], clock.true_hz / 1000);
}

UK_TEST(clock_state, a_counter_that_is_a_little_behind_stands_still)
{
	struct world w = { .now_ns = 1000 };
	struct time_state s = { .boot_ticks = ukarch_ticks() };
	struct world_clock clock = world_clock(&w, 2400000000, 64, 10, true);
	uint64_t last;

	time_clock_add(&s, &clock.clock);
	(void)now(&s);
	w.now_ns += 10 * UK_TIME_NS_PER_MS;
	last = now(&s);
	/* CPUs of real machines differ by so much. */
	clock.offset -= 1000;
	UK_EXPECT_GE(now(&s), last);
	UK_EXPECT_LE(now(&s), last + 500);
	UK_EXPECT(!s.shown->guarded);
}

UK_TEST(clock_state, a_counter_before_its_first_moment_does_not_go_back)
{
	struct world w = { .now_ns = 1000000 };
	struct time_state s = { .boot_ticks = ukarch_ticks() };
	struct world_clock clock = world_clock(&w, 1000000000, 64, 10, true);
	uint64_t first, own = 0;

	time_clock_add(&s, &clock.clock);
	s.offset = &own;
	first = now(&s);
	clock.offset -= 5000000;
	UK_EXPECT_GE(now(&s), first);
	UK_EXPECT_LE(now(&s), first + UK_TIME_NS_PER_MS + 1000);
	clock.offset += 5000000;
	UK_EXPECT_GE(now(&s), first);
}
