/* SPDX-License-Identifier: BSD-3-Clause */
/* Waiting no longer than so. */
#include <stdbool.h>
#include <stdint.h>

#include <uk/alloc.h>
#include <uk/sched.h>
#include <uk/test.h>
#include <uk/thread.h>
#include <uk/time.h>
#include <uk/wait.h>

#define STACK	8192
#define MS	UK_TIME_NS_PER_MS

static struct {
	struct uk_waitq wq;
	unsigned int cond;
	unsigned int order[3];
	unsigned int n;
	unsigned int held;
	uint64_t woken_ns;
	uint64_t from;		/* when all began to sleep */
} x = { .wq = UK_WAITQ_INIT(x.wq) };

static struct uk_thread *start(uk_thread_fn1_t fn, uintptr_t arg)
{
	struct uk_alloc *const a = uk_alloc_get_default();
	struct uk_thread *const t = uk_thread_create_fn1(
		a, fn, (void *)arg, a, STACK, NULL, 0, NULL, true, "sleeper",
		NULL, NULL);

	if (!UK_EXPECT_NOT_NULL(t))
		return NULL;
	UK_EXPECT_EQ(uk_sched_thread_add(uk_sched_current(), t), 0);
	return t;
}

UK_TEST(thread_time, a_sleep_lasts_as_long_as_was_asked_at_least)
{
	const uint64_t from = uk_time_now();

	uk_sched_thread_sleep(3 * MS);
	UK_EXPECT_GE(uk_time_now() - from, 3 * MS);
	uk_sched_thread_sleep(0);
}

/* Where nothing else holds up the machine: run with QEMU's -icount. */
UK_TEST(on_demand, sleeps_end_in_time_and_less_than_100_us_late)
{
	static const uint64_t us[] = { 50, 1000, 20000, 300000 };

	/* What time and its interrupts need is chosen by the first. */
	uk_sched_thread_sleep(MS);
	for (unsigned int i = 0; i < 4; i++) {
		const uint64_t ns = us[i] * UK_TIME_NS_PER_US;
		const uint64_t from = uk_time_now();
		uint64_t took;

		uk_sched_thread_sleep(ns);
		took = uk_time_now() - from;
		UK_EXPECT_GE(took, ns);
		UK_EXPECT_LT(took, ns + 100 * UK_TIME_NS_PER_US);
	}
}

static void sleep(void *ms)
{
	const uint64_t until = x.from + (uintptr_t)ms * MS;
	const uint64_t now = uk_time_now();

	/* From one time on, as somebody may be held up here. */
	if (until > now)
		uk_sched_thread_sleep(until - now);
	x.order[x.n++] = (unsigned int)(uintptr_t)ms;
}

UK_TEST(thread_time, sleepers_wake_in_the_order_of_their_times)
{
	struct uk_thread *t[3];

	x.n = 0;
	x.from = uk_time_now();
	t[0] = start(sleep, 90);
	t[1] = start(sleep, 30);
	t[2] = start(sleep, 60);
	for (unsigned int i = 0; i < 3; i++)
		uk_thread_join(t[i]);
	UK_EXPECT_EQ(x.n, 3);
	for (unsigned int i = 0; i < 3; i++)
		UK_EXPECT_EQ(x.order[i], 30 * (i + 1));
}

static bool woken;	/* atomic */

/* On another CPU the first time may be before the block. */
static void wake_soon(void *main_thread)
{
	while (!__atomic_load_n(&woken, __ATOMIC_RELAXED)) {
		uk_thread_wake(main_thread);
		uk_sched_thread_sleep(MS);
	}
}

UK_TEST(thread_time, a_wake_ends_a_block_before_its_time)
{
	struct uk_thread *const me = uk_thread_current();
	const uint64_t from = uk_time_now();
	struct uk_thread *t;

	__atomic_store_n(&woken, false, __ATOMIC_RELAXED);
	t = start(wake_soon, (uintptr_t)me);
	uk_thread_block_timeout(me, 3600 * UK_TIME_NS_PER_SEC);
	uk_sched_yield();
	__atomic_store_n(&woken, true, __ATOMIC_RELAXED);
	UK_EXPECT_LT(uk_time_now() - from, 3600 * UK_TIME_NS_PER_SEC);
	uk_thread_join(t);

	/* Never, and far beyond the end of time. */
	uk_thread_block_until(me, UK_TIME_NEVER);
	uk_thread_wake(me);
	uk_thread_block_timeout(me, UINT64_MAX);
	uk_thread_wake(me);
	uk_sched_yield();
}

UK_TEST(thread_time, a_block_ends_by_itself_in_time)
{
	struct uk_thread *const me = uk_thread_current();
	const uint64_t until = uk_time_now() + 2 * MS;

	do {
		uk_thread_block_until(me, until);
		uk_sched_yield();
	} while (uk_time_now() < until);
	UK_EXPECT(uk_thread_is_runnable(me));
}

UK_TEST(thread_time, a_terminated_sleeper_does_not_sleep_on)
{
	const uint64_t from = uk_time_now();
	struct uk_thread *const t = start(sleep, 3600 * 1000);

	uk_sched_yield();
	uk_thread_terminate(t);
	/* Its alarm is not in the queue any more when it is freed. */
	uk_thread_join(t);
	UK_EXPECT_LT(uk_time_now() - from, 3600 * UK_TIME_NS_PER_SEC);
	uk_sched_thread_sleep(MS);
}

UK_TEST(waitq, a_wait_with_a_deadline_says_whether_it_was_too_late)
{
	const uint64_t from = uk_time_now();

	x.cond = 0;
	UK_EXPECT_EQ(uk_waitq_wait_event_deadline(&x.wq, x.cond, from + 2 * MS),
		     1);
	UK_EXPECT_GE(uk_time_now() - from, 2 * MS);
	UK_EXPECT(uk_waitq_empty(&x.wq));

	/* What has come is not too late, whatever the time. */
	x.cond = 1;
	UK_EXPECT_EQ(uk_waitq_wait_event_deadline(&x.wq, x.cond, from), 0);
	x.cond = 0;
	UK_EXPECT_EQ(uk_waitq_wait_event_deadline(&x.wq, x.cond, from), 1);
}

static void make_true(void *arg UK_UNUSED)
{
	x.cond = 1;
	uk_waitq_wake_up(&x.wq);
}

static void lock(unsigned int *held)
{
	++*held;
}

static void unlock(unsigned int *held)
{
	--*held;
}

UK_TEST(waitq, a_wake_up_ends_a_wait_with_a_deadline)
{
	const uint64_t late = uk_time_now() + 3600 * UK_TIME_NS_PER_SEC;
	struct uk_thread *t;

	x.cond = 0;
	t = start(make_true, 0);
	UK_EXPECT_EQ(uk_waitq_wait_event_deadline(&x.wq, x.cond, late), 0);
	uk_thread_join(t);

	/* 0 is no deadline. */
	x.cond = 0;
	t = start(make_true, 0);
	UK_EXPECT_EQ(uk_waitq_wait_event_deadline(&x.wq, x.cond, 0), 0);
	uk_thread_join(t);

	x.cond = 0;
	x.held = 1;
	t = start(make_true, 0);
	UK_EXPECT_EQ(uk_waitq_wait_event_deadline_locked(
			     &x.wq, x.cond, late, lock, unlock, &x.held), 0);
	UK_EXPECT_EQ(x.held, 1);
	x.cond = 0;
	UK_EXPECT_EQ(uk_waitq_wait_event_deadline_locked(
			     &x.wq, x.cond, uk_time_now() + MS, lock, unlock,
			     &x.held), 1);
	UK_EXPECT_EQ(x.held, 1);
	uk_thread_join(t);
}
