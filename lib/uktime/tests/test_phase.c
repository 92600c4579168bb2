/* SPDX-License-Identifier: BSD-3-Clause */
/* A clock that counts seconds, its ticks anywhere, looked at at any time. */
#include "../time_priv.h"

#include <uk/test.h>
#include <uk/time.h>

#include "rng.h"

#define SEC	UK_TIME_NS_PER_SEC
#define MS	UK_TIME_NS_PER_MS
static uint64_t rng = 26;

#define DATE	(UINT64_C(1930367167) * SEC)

/* Wall time minus monotonic time, and how long a look takes. */
static struct {
	uint64_t offset;
	uint64_t takes_ns;
} truth;

static struct time_reading look(uint64_t now_ns)
{
	const uint64_t at = now_ns + truth.takes_ns / 2;

	return (struct time_reading){
		.wall_ns = (at + truth.offset) / SEC * SEC,
		.before_ns = now_ns,
		.after_ns = now_ns + truth.takes_ns,
	};
}

/*
 * Ask every @period_ns or so for 16 s, and look when it is time. Returns the
 * number of looks.
 */
static unsigned int ask(struct time_phase *p, uint32_t period_ns)
{
	struct time_reading r = look(0);
	bool more = time_phase_begin(p, SEC, &r);
	uint64_t next = more ? time_phase_next(p, r.after_ns) : 0;
	uint64_t was = p->low;
	unsigned int n = 1;

	for (uint64_t now = r.after_ns; more && now < 16 * SEC;
	     now += 1 + rng_below(&rng, 2 * period_ns)) {
		if (now < next)
			continue;
		r = look(now);
		more = time_phase_narrow(p, &r);
		next = time_phase_next(p, r.after_ns);
		UK_EXPECT_GE(next, r.after_ns);
		UK_EXPECT_GE(p->low, was);
		UK_EXPECT_LE(p->low, truth.offset);
		was = p->low;
		n++;
	}
	return n;
}

UK_TEST(time_phase, who_asks_often_knows_the_tick_to_4_ms)
{
	struct time_phase p;

	for (unsigned int i = 0; i < 50; i++) {
		truth.offset = DATE + rng_below(&rng, SEC);
		truth.takes_ns = i % 2 ? 20000 : 2 * MS;
		UK_EXPECT_LE(ask(&p, 100000), 30);
		UK_EXPECT_LE(truth.offset - p.low, TIME_PHASE_ENOUGH_NS);
	}
}

UK_TEST(time_phase, who_asks_seldom_is_never_ahead_and_looks_a_few_times)
{
	struct time_phase p;

	for (unsigned int i = 0; i < 50; i++) {
		truth.offset = DATE + rng_below(&rng, SEC);
		truth.takes_ns = 20000;
		UK_EXPECT_LE(ask(&p, 300 * MS), 30);
		UK_EXPECT_LT(truth.offset - p.low, SEC);
	}
}

UK_TEST(time_phase, a_tick_at_the_first_look_is_found_too)
{
	struct time_phase p;

	truth.takes_ns = 20000;
	truth.offset = DATE;
	UK_EXPECT_LE(ask(&p, 100000), 30);
	UK_EXPECT_LE(truth.offset - p.low, TIME_PHASE_ENOUGH_NS);
	truth.offset = DATE - 1;
	UK_EXPECT_LE(ask(&p, 100000), 30);
	UK_EXPECT_LE(truth.offset - p.low, TIME_PHASE_ENOUGH_NS);
}

UK_TEST(time_phase, a_clock_that_was_set_meanwhile_changes_nothing_more)
{
	struct time_phase p, was;
	struct time_reading r;

	truth.takes_ns = 20000;
	truth.offset = DATE + SEC / 3;
	r = look(0);
	UK_EXPECT(time_phase_begin(&p, SEC, &r));
	was = p;
	truth.offset += 3 * SEC;
	r = look(SEC);
	UK_EXPECT(!time_phase_narrow(&p, &r));
	UK_EXPECT_EQ(p.low, was.low);
	UK_EXPECT_EQ(p.high, was.high);
	truth.offset -= 6 * SEC;
	r = look(SEC);
	UK_EXPECT(!time_phase_narrow(&p, &r));
	UK_EXPECT_EQ(p.low, was.low);
}

UK_TEST(time_phase, a_source_without_steps_is_looked_at_once)
{
	const struct time_reading r = {
		.wall_ns = DATE + 12345,
		.before_ns = 1000,
		.after_ns = 9 * MS,	/* it took long */
	};
	struct time_phase p;

	UK_EXPECT(!time_phase_begin(&p, 0, &r));
	UK_EXPECT_EQ(p.low, DATE + 12345 - 9 * MS);
}
