/* SPDX-License-Identifier: BSD-3-Clause */
/* Who runs when, on one CPU. */
#include <stdint.h>

#include <uk/alloc.h>
#include <uk/config.h>
#include <uk/errno.h>
#include <uk/preempt.h>
#include <uk/sched.h>
#include <uk/sched_impl.h>
#include <uk/test.h>
#include <uk/thread.h>
#include <uk/time.h>
#include <uk/timer.h>

#define STACK	8192
#define MS	UK_TIME_NS_PER_MS
#define ABOVE	(UK_THREAD_PRIO_DEFAULT + 1)
#define BELOW	(UK_THREAD_PRIO_DEFAULT - 1)

static struct {
	unsigned int n;			/* atomic, relaxed */
	bool stop;			/* atomic, relaxed */
} x;

static unsigned int count(void)
{
	return __atomic_load_n(&x.n, __ATOMIC_RELAXED);
}

static void step(void *arg UK_UNUSED)
{
	__atomic_fetch_add(&x.n, 1, __ATOMIC_RELAXED);
}

/* Counts until it is to stop, and never lets go. */
static void spin(void *arg)
{
	while (!__atomic_load_n(&x.stop, __ATOMIC_RELAXED))
		step(arg);
}

static struct uk_thread *start(uk_thread_fn1_t fn, unsigned int prio)
{
	struct uk_alloc *const a = uk_alloc_get_default();
	struct uk_thread *const t = uk_thread_create_fn1(
		a, fn, NULL, a, STACK, NULL, 0, NULL, false, "urgent", NULL,
		NULL);

	if (!UK_EXPECT_NOT_NULL(t))
		return NULL;
	UK_EXPECT_EQ(uk_thread_set_prio(t, prio), 0);
	UK_EXPECT_EQ(uk_sched_thread_add(uk_sched_current(), t), 0);
	return t;
}

static void begin(void)
{
	x.n = 0;
	x.stop = false;
}

UK_TEST(preempt, the_scheduler_is_the_preemptive_one)
{
	UK_EXPECT_STR_EQ(uk_sched_current()->ops->name, "preemptive");
}

UK_TEST(preempt, a_more_urgent_thread_runs_at_once)
{
	struct uk_thread *t;

	begin();
	t = start(step, ABOVE);
	UK_EXPECT_EQ(count(), 1);
	uk_thread_join(t);
}

UK_TEST(preempt, an_equal_waits_for_a_yield_and_a_lower_one_for_a_block)
{
	struct uk_thread *equal, *lower;

	begin();
	equal = start(step, UK_THREAD_PRIO_DEFAULT);
	lower = start(step, BELOW);
	UK_EXPECT_EQ(count(), 0);
	uk_sched_yield();
	UK_EXPECT_EQ(count(), 1);
	uk_sched_yield();
	UK_EXPECT_EQ(count(), 1);
	uk_thread_join(lower);
	UK_EXPECT_EQ(count(), 2);
	uk_thread_join(equal);
}

UK_TEST(preempt, nobody_comes_between_disable_and_enable)
{
	struct uk_thread *t;

	begin();
	UK_EXPECT(!uk_preempt_is_off());
	uk_preempt_disable();
	t = start(step, ABOVE);
	uk_preempt_disable();
	uk_preempt_enable();
	UK_EXPECT(uk_preempt_is_off());
	UK_EXPECT_EQ(count(), 0);
	uk_preempt_enable();
	UK_EXPECT(!uk_preempt_is_off());
	UK_EXPECT_EQ(count(), 1);
	uk_thread_join(t);
}

UK_TEST(preempt, nobody_comes_while_interrupts_are_off)
{
	struct uk_thread *t;
	unsigned long irq;

	begin();
	irq = ukarch_irq_save();
	UK_EXPECT(uk_preempt_is_off());
	t = start(step, ABOVE);
	UK_EXPECT_EQ(count(), 0);
	ukarch_irq_restore(irq);
	uk_preempt_disable();
	uk_preempt_enable();
	UK_EXPECT_EQ(count(), 1);
	uk_thread_join(t);
}

static void wait(void *arg)
{
	uk_thread_block(uk_thread_current());
	uk_sched_yield();
	step(arg);
}

UK_TEST(preempt, who_is_woken_and_more_urgent_runs_before_the_waker_goes_on)
{
	struct uk_thread *t;

	begin();
	t = start(wait, ABOVE);
	UK_EXPECT_EQ(count(), 0);
	uk_thread_wake(t);
	UK_EXPECT_EQ(count(), 1);
	uk_thread_join(t);
}

UK_TEST(preempt, a_change_of_priority_counts_at_once)
{
	struct uk_thread *const me = uk_thread_current();
	struct uk_thread *t;

	begin();
	t = start(step, BELOW);
	UK_EXPECT_EQ(uk_thread_set_prio(t, ABOVE), 0);
	UK_EXPECT_EQ(count(), 1);
	uk_thread_join(t);

	t = start(step, BELOW);
	UK_EXPECT_EQ(count(), 1);
	UK_EXPECT_EQ(uk_thread_set_prio(me, BELOW - 1), 0);
	UK_EXPECT_EQ(count(), 2);
	UK_EXPECT_EQ(uk_thread_set_prio(me, UK_THREAD_PRIO_DEFAULT), 0);
	uk_thread_join(t);
	UK_EXPECT_EQ(uk_thread_set_prio(me, UK_THREAD_PRIO_MAX + 1), -EINVAL);
}

UK_TEST(preempt, a_thread_keeps_to_cpus_that_there_are)
{
	struct uk_thread *const me = uk_thread_current();

	UK_EXPECT_EQ(uk_thread_set_affinity(me, 0), -EINVAL);
	UK_EXPECT_EQ(uk_thread_set_affinity(me, UINT64_C(1) << 63), -EINVAL);
	UK_EXPECT_EQ(me->cpus_, 1);
}

static void fired(struct uk_timer *timer UK_UNUSED)
{
	__atomic_store_n(&x.stop, true, __ATOMIC_RELAXED);
}

/* Where no timer interrupts, nobody is preempted by time. */
static bool has_timer(void)
{
	struct uk_timer timer;
	const uint64_t end = uk_time_now() + 100 * MS;

	x.stop = false;
	uk_timer_init(&timer, fired);
	uk_timer_start(&timer, uk_time_now() + MS);
	while (uk_time_now() < end &&
	       !__atomic_load_n(&x.stop, __ATOMIC_RELAXED))
		;
	return uk_timer_stop(&timer) == UK_TIMER_IDLE;
}

UK_TEST(preempt, equals_that_never_yield_share_the_cpu_by_time)
{
	struct uk_thread *a, *b;
	struct uk_thread_stats st = { .npreempted = 0 };
	unsigned int before;

	if (!has_timer())
		UK_TEST_SKIP("no timer interrupts on this machine");
	begin();
	a = start(spin, UK_THREAD_PRIO_DEFAULT);
	b = start(spin, UK_THREAD_PRIO_DEFAULT);
	/* Three share it: each comes again and again. */
	for (unsigned int i = 0; i < 3; i++) {
		before = count();
		while (count() == before)
			;
	}
	if (UK_IS_ENABLED(CONFIG_LIBUKSCHED_STATS)) {
		UK_EXPECT_EQ(uk_thread_stats_get(a, &st), 0);
		UK_EXPECT_GE(st.npreempted, 1);
	}
	__atomic_store_n(&x.stop, true, __ATOMIC_RELAXED);
	uk_thread_join(a);
	uk_thread_join(b);
}

UK_TEST(preempt, equals_get_the_cpu_equally_often)
{
	struct uk_thread_stats st = { .npreempted = 0 };
	uint64_t least = UINT64_MAX, most = 0;
	struct uk_thread *t[3];

	if (!UK_IS_ENABLED(CONFIG_LIBUKSCHED_STATS))
		UK_TEST_SKIP("nobody counts");
	if (!has_timer())
		UK_TEST_SKIP("no timer interrupts on this machine");
	begin();
	for (unsigned int i = 0; i < 3; i++)
		t[i] = start(spin, UK_THREAD_PRIO_DEFAULT);
	uk_sched_thread_sleep(15 * CONFIG_LIBUKSCHEDSMP_SLICE_MS * MS);
	for (unsigned int i = 0; i < 3; i++) {
		UK_EXPECT_EQ(uk_thread_stats_get(t[i], &st), 0);
		least = st.npreempted < least ? st.npreempted : least;
		most = st.npreempted > most ? st.npreempted : most;
	}
	/* A slice each, one after the other, however long one takes. */
	UK_EXPECT_GE(least, 1);
	UK_EXPECT_LE(most - least, 1);
	__atomic_store_n(&x.stop, true, __ATOMIC_RELAXED);
	for (unsigned int i = 0; i < 3; i++)
		uk_thread_join(t[i]);
}

UK_TEST(preempt, a_lower_one_gets_nothing_while_a_higher_one_can_run)
{
	struct uk_thread *higher, *lower;
	unsigned int before;

	if (!has_timer())
		UK_TEST_SKIP("no timer interrupts on this machine");
	begin();
	lower = start(step, BELOW);
	higher = start(spin, UK_THREAD_PRIO_DEFAULT);
	/* The spinning one and this one take turns, and do not let it in. */
	before = count();
	while (count() - before < 1000)
		;
	UK_EXPECT(!uk_thread_is_exited(lower));
	__atomic_store_n(&x.stop, true, __ATOMIC_RELAXED);
	uk_thread_join(higher);
	uk_thread_join(lower);
}

static void sleep_a_little(void *arg)
{
	uk_sched_thread_sleep(2 * MS);
	step(arg);
}

UK_TEST(preempt, a_sleeper_that_is_more_urgent_wakes_into_a_busy_cpu)
{
	struct uk_thread *t;

	if (!has_timer())
		UK_TEST_SKIP("no timer interrupts on this machine");
	begin();
	t = start(sleep_a_little, ABOVE);
	while (count() == 0)
		;
	uk_thread_join(t);
}
