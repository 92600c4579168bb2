/* SPDX-License-Identifier: BSD-3-Clause */
#include "../time_priv.h"

#include <stddef.h>

#include <uk/essentials.h>
#include <uk/test.h>
#include <uk/time.h>

struct job {
	struct uk_timer timer;
	unsigned int ran;
};

static struct {
	struct uk_timer_queue q;
	struct job job[8];
	unsigned int order[16];
	unsigned int nran;
} w;

static struct job *job_of(struct uk_timer *timer)
{
	return UK_CONTAINER_OF(timer, struct job, timer);
}

static void note(struct uk_timer *timer)
{
	struct job *const job = job_of(timer);

	job->ran++;
	if (w.nran < UK_ARRAY_SIZE(w.order))
		w.order[w.nran++] = (unsigned int)(job - w.job);
}

static void reset(void)
{
	w.q = (struct uk_timer_queue){ .root = NULL };
	w.nran = 0;
	for (unsigned int i = 0; i < UK_ARRAY_SIZE(w.job); i++) {
		w.job[i].ran = 0;
		uk_timer_init(&w.job[i].timer, note);
	}
}

static bool add(unsigned int i, uint64_t deadline_ns)
{
	return time_queue_add(&w.q, &w.job[i].timer, deadline_ns);
}

UK_TEST(timer_queue, what_is_due_runs_in_order_and_nothing_else)
{
	reset();
	UK_EXPECT(add(0, 300));
	UK_EXPECT(add(1, 100));
	UK_EXPECT(!add(2, 200));
	UK_EXPECT(!add(3, 100));
	UK_EXPECT_EQ(time_queue_next(&w.q), 100);

	time_queue_run(&w.q, 99);
	UK_EXPECT_EQ(w.nran, 0);
	time_queue_run(&w.q, 200);
	UK_EXPECT_EQ(w.nran, 3);
	UK_EXPECT_EQ(w.order[0], 1);
	UK_EXPECT_EQ(w.order[1], 3);
	UK_EXPECT_EQ(w.order[2], 2);
	UK_EXPECT_EQ(time_queue_next(&w.q), 300);
	time_queue_run(&w.q, 1000);
	UK_EXPECT_EQ(w.nran, 4);
	UK_EXPECT_EQ(time_queue_next(&w.q), UK_TIME_NEVER);
}

UK_TEST(timer_queue, stop_says_what_the_timer_was)
{
	reset();
	UK_EXPECT_EQ(time_queue_stop(&w.q, &w.job[0].timer), UK_TIMER_IDLE);
	add(0, 10);
	add(1, 5);
	UK_EXPECT_EQ(time_queue_stop(&w.q, &w.job[0].timer), UK_TIMER_STOPPED);
	UK_EXPECT_EQ(time_queue_stop(&w.q, &w.job[0].timer), UK_TIMER_IDLE);
	time_queue_run(&w.q, 20);
	UK_EXPECT_EQ(w.job[0].ran, 0);
	UK_EXPECT_EQ(w.job[1].ran, 1);
	UK_EXPECT_EQ(time_queue_stop(&w.q, &w.job[1].timer), UK_TIMER_IDLE);
}

static void again_in_the_past(struct uk_timer *timer)
{
	note(timer);
	time_queue_add(&w.q, timer, 0);
}

UK_TEST(timer_queue, a_timer_that_starts_again_in_the_past_runs_once_per_turn)
{
	reset();
	uk_timer_init(&w.job[0].timer, again_in_the_past);
	add(0, 0);
	add(1, 5);
	time_queue_run(&w.q, 10);
	UK_EXPECT_EQ(w.job[0].ran, 1);
	time_queue_run(&w.q, 10);
	UK_EXPECT_EQ(w.job[0].ran, 2);
	/* The one that waited meanwhile had its turn. */
	time_queue_stop(&w.q, &w.job[0].timer);
	time_queue_run(&w.q, 10);
	UK_EXPECT_EQ(w.job[1].ran, 1);
}

static void stops_itself(struct uk_timer *timer)
{
	note(timer);
	UK_EXPECT_EQ(time_queue_stop(&w.q, timer), UK_TIMER_RUNNING);
	time_queue_add(&w.q, timer, 50);
	UK_EXPECT_EQ(time_queue_stop(&w.q, timer), UK_TIMER_RUNNING);
}

UK_TEST(timer_queue, a_running_timer_is_seen_to_run_and_can_be_stopped)
{
	reset();
	uk_timer_init(&w.job[0].timer, stops_itself);
	add(0, 1);
	time_queue_run(&w.q, 100);
	time_queue_run(&w.q, 100);
	UK_EXPECT_EQ(w.job[0].ran, 1);
	UK_EXPECT_EQ(time_queue_next(&w.q), UK_TIME_NEVER);
}

static void stops_the_next(struct uk_timer *timer)
{
	note(timer);
	UK_EXPECT_EQ(time_queue_stop(&w.q, &job_of(timer)[1].timer),
		     UK_TIMER_STOPPED);
}

UK_TEST(timer_queue, a_timer_may_stop_another_that_is_due)
{
	reset();
	uk_timer_init(&w.job[0].timer, stops_the_next);
	add(0, 1);
	add(1, 2);
	add(2, 3);
	time_queue_run(&w.q, 100);
	UK_EXPECT_EQ(w.job[0].ran, 1);
	UK_EXPECT_EQ(w.job[1].ran, 0);
	UK_EXPECT_EQ(w.job[2].ran, 1);
}

static void start_pending(void *arg)
{
	add(*(unsigned int *)arg, 7);
}

UK_TEST(timer_queue, starting_a_pending_timer_is_caught)
{
	unsigned int i = 0;

	reset();
	add(0, 5);
	UK_EXPECT_CRASH(start_pending, &i);
}
