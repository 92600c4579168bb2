/* SPDX-License-Identifier: BSD-3-Clause */
/* The image's own time and timers, whatever they come from. */
#include <uk/timer.h>

#include <uk/arch/cpu.h>
#include <uk/clock.h>
#include <uk/essentials.h>
#include <uk/test.h>
#include <uk/time.h>

#define NTIMERS		6

static struct {
	struct uk_timer timer[NTIMERS];
	uint64_t ran_ns[NTIMERS];
	unsigned int order[NTIMERS];
	volatile unsigned int nran;
} w;

static void note(struct uk_timer *timer)
{
	const unsigned int i = (unsigned int)(timer - w.timer);

	w.ran_ns[i] = uk_time_now();
	w.order[w.nran % NTIMERS] = i;
	w.nran++;
}

/* Idle until @n timers have run, or a second is over. */
static void idle_until(unsigned int n)
{
	const uint64_t end_ns = uk_time_now() + UK_TIME_NS_PER_SEC;
	const unsigned long irq = ukarch_irq_save();

	while (w.nran < n && uk_time_now() < end_ns) {
		uk_time_idle();
		ukarch_irq_disable();
	}
	ukarch_irq_restore(irq);
}

static void reset(void)
{
	w.nran = 0;
	for (unsigned int i = 0; i < NTIMERS; i++)
		uk_timer_init(&w.timer[i], note);
}

UK_TEST(timer, time_goes_forward)
{
	uint64_t last = uk_time_now();
	bool moved = false;

	for (unsigned int i = 0; i < 100000; i++) {
		const uint64_t now = uk_time_now();

		if (!UK_EXPECT_GE(now, last))
			return;
		moved = moved || now > last;
		last = now;
	}
	UK_EXPECT(moved);
	UK_EXPECT_GE(uk_time_resolution(), 1);
	/* The slowest counter there is. */
	UK_EXPECT_LE(uk_time_resolution(), 1000);
}

UK_TEST(timer, spinning_takes_as_long_as_it_should)
{
	const uint64_t begin = uk_time_now();

	uk_time_spin(3 * UK_TIME_NS_PER_MS);
	UK_EXPECT_GE(uk_time_now() - begin, 3 * UK_TIME_NS_PER_MS);
	UK_EXPECT_LT(uk_time_now() - begin, UK_TIME_NS_PER_SEC);
}

UK_TEST(timer, timers_run_in_order_and_never_early)
{
	static const unsigned int ms[NTIMERS] = { 9, 3, 6, 3, 1, 7 };
	static const unsigned int order[NTIMERS] = { 4, 1, 3, 2, 5, 0 };
	/* Off until all are started, however long that takes a guest. */
	const unsigned long irq = ukarch_irq_save();
	const uint64_t begin = uk_time_now();

	reset();
	for (unsigned int i = 0; i < NTIMERS; i++)
		uk_timer_start(&w.timer[i], begin + ms[i] * UK_TIME_NS_PER_MS);
	ukarch_irq_restore(irq);
	idle_until(NTIMERS);
	if (!UK_EXPECT_EQ(w.nran, NTIMERS))
		return;
	for (unsigned int i = 0; i < NTIMERS; i++) {
		UK_EXPECT_EQ(w.order[i], order[i]);
		UK_EXPECT_GE(w.ran_ns[i], begin + ms[i] * UK_TIME_NS_PER_MS);
	}
}

UK_TEST(timer, a_deadline_in_the_past_fires_at_once_but_not_in_the_call)
{
	const unsigned long irq = ukarch_irq_save();

	reset();
	uk_timer_start(&w.timer[0], 0);
	UK_EXPECT_EQ(w.nran, 0);
	ukarch_irq_restore(irq);
	idle_until(1);
	UK_EXPECT_EQ(w.nran, 1);
	UK_EXPECT_EQ(uk_timer_stop(&w.timer[0]), UK_TIMER_IDLE);
}

UK_TEST(timer, a_stopped_timer_does_not_run)
{
	const unsigned long irq = ukarch_irq_save();
	const uint64_t begin = uk_time_now();

	reset();
	UK_EXPECT_EQ(uk_timer_stop(&w.timer[0]), UK_TIMER_IDLE);
	uk_timer_start(&w.timer[0], begin + 10 * UK_TIME_NS_PER_MS);
	uk_timer_start(&w.timer[1], begin + 11 * UK_TIME_NS_PER_MS);
	UK_EXPECT_EQ(uk_timer_next(), begin + 10 * UK_TIME_NS_PER_MS);
	UK_EXPECT(uk_timer_stop_wait(&w.timer[0]));
	UK_EXPECT(!uk_timer_stop_wait(&w.timer[0]));
	ukarch_irq_restore(irq);
	idle_until(1);
	UK_EXPECT_EQ(w.nran, 1);
	UK_EXPECT_EQ(w.order[0], 1);
}

UK_TEST(timer, a_timer_that_never_comes_is_stopped_all_the_same)
{
	reset();
	uk_timer_start(&w.timer[0], UK_TIME_NEVER);
	UK_EXPECT_EQ(uk_timer_stop(&w.timer[0]), UK_TIMER_STOPPED);
}

static struct uk_time_wall_move moved;

static enum uk_event_result on_moved(void *data)
{
	moved = *(const struct uk_time_wall_move *)data;
	return UK_EVENT_HANDLED_CONT;
}

UK_EVENT_HANDLER(uk_time_wall_moved, on_moved);

UK_TEST(timer, who_wants_to_know_is_told_that_the_wall_clock_was_set)
{
	/* In this order: time passes between the two. */
	const uint64_t since = uk_time_now(), was = uk_time_wall();
	const uint64_t hour = 3600 * UK_TIME_NS_PER_SEC;

	moved.was_set = false;
	uk_time_wall_set(was + hour);
	UK_EXPECT(moved.was_set);
	/* Time has passed, so it was set by less. */
	UK_EXPECT_LE(moved.by_ns, hour);
	UK_EXPECT_GE(moved.by_ns, hour - (uk_time_now() - since));
	uk_time_wall_set(was);
	UK_EXPECT_LE((int64_t)moved.by_ns, -(int64_t)hour);
	uk_time_wall_set(was + (uk_time_now() - since));
}

UK_TEST(timer, the_wall_clock_can_be_set_and_runs_with_the_other)
{
	const uint64_t date = UINT64_C(4102444800) * UK_TIME_NS_PER_SEC;
	const uint64_t was = uk_time_wall(), since = uk_time_now();
	uint64_t wall;

	uk_time_wall_set(date);
	wall = uk_time_wall();
	UK_EXPECT_GE(wall, date);
	UK_EXPECT_LT(wall - date, UK_TIME_NS_PER_SEC);
	uk_time_spin(2 * UK_TIME_NS_PER_MS);
	UK_EXPECT_GE(uk_time_wall() - wall, 2 * UK_TIME_NS_PER_MS);
	uk_time_wall_set(was + (uk_time_now() - since));
}

UK_TEST(timer, a_date_that_has_gone_on_alone_is_moved_and_time_is_not)
{
	const uint64_t wall_ns = uk_time_wall(), now_ns = uk_time_now();
	const int64_t hour_ns = 3600 * (int64_t)UK_TIME_NS_PER_SEC;
	uint64_t moved_ns;

	moved.was_set = false;
	uk_wallclock_shift(hour_ns);
	UK_EXPECT(moved.was_set);
	UK_EXPECT_EQ(moved.by_ns, (uint64_t)hour_ns);
	moved_ns = uk_time_wall() - wall_ns;
	UK_EXPECT_GE(moved_ns, (uint64_t)hour_ns);
	UK_EXPECT_LT(moved_ns, (uint64_t)hour_ns + UK_TIME_NS_PER_SEC);
	uk_wallclock_shift(-hour_ns);
	UK_EXPECT_EQ((int64_t)moved.by_ns, -hour_ns);
	moved.was_set = false;
	uk_wallclock_shift(0);
	UK_EXPECT(!moved.was_set);
	UK_EXPECT_LT(uk_time_wall() - wall_ns, 2 * UK_TIME_NS_PER_SEC);
	UK_EXPECT_LT(uk_time_now() - now_ns, 2 * UK_TIME_NS_PER_SEC);
}
