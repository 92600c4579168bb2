/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Who inherits what, between CPUs. Priorities are only noted here; what they
 * do is in image_inherit.c.
 */
#include <uk/errno.h>
#include <uk/mutex.h>
#include <uk/sched.h>
#include <uk/test.h>
#include <uk/thread.h>
#include <uk/time.h>

#include "hosted_sched.h"
#include "hosted_threads.h"

#define NTHREADS	4u
#define OWN(i)		(10u + 5u * (i))	/* 10, 15, 20, 25 */
#define EACH		4000u
#define NMUTEXES	4u

static struct {
	struct uk_mutex m[NMUTEXES];
	struct uk_thread *t[NTHREADS];	/* atomic */
	unsigned int step;		/* atomic */
	unsigned int nwrong;		/* atomic */
} x;

static unsigned int prio_of(unsigned int i)
{
	return __atomic_load_n(&x.t[i]->prio, __ATOMIC_RELAXED);
}

static void begin(void)
{
	for (unsigned int i = 0; i < NMUTEXES; i++)
		uk_mutex_init(&x.m[i]);
	x.step = x.nwrong = 0;
}

static void wrong_if(bool wrong)
{
	if (wrong)
		__atomic_fetch_add(&x.nwrong, 1, __ATOMIC_RELAXED);
}

static void come_in(unsigned int i)
{
	struct uk_thread *const me = uk_thread_current();

	wrong_if(uk_thread_set_prio(me, OWN(i)) != 0);
	__atomic_store_n(&x.t[i], me, __ATOMIC_RELEASE);
}

static void next_step(void)
{
	__atomic_fetch_add(&x.step, 1, __ATOMIC_RELEASE);
}

static void await_step(unsigned int step)
{
	while (__atomic_load_n(&x.step, __ATOMIC_ACQUIRE) < step)
		hosted_yield();
}

/* One that never comes ends the case by its time limit. */
static void await_prio(unsigned int i, unsigned int prio)
{
	while (prio_of(i) != prio)
		hosted_yield();
}

/* Until somebody waits for mutex @i. */
static void await_waiter(unsigned int i)
{
	while (!__atomic_load_n(&x.m[i].top, __ATOMIC_RELAXED))
		hosted_yield();
}

/*
 * Thread i has mutex i and wants mutex i - 1: the last one, which is most
 * urgent, stands at the end of a chain to the first.
 */
static void stand_in_line(void *arg UK_UNUSED, unsigned int i)
{
	come_in(i);
	await_step(i);
	uk_mutex_lock(&x.m[i]);
	if (i > 0) {
		next_step();
		uk_mutex_lock(&x.m[i - 1]);
		wrong_if(prio_of(i) != (i + 1 < NTHREADS ? OWN(NTHREADS - 1) :
							   OWN(i)));
		uk_mutex_unlock(&x.m[i - 1]);
	} else {
		next_step();
		await_step(NTHREADS);
		await_prio(0, OWN(NTHREADS - 1));
		wrong_if(prio_of(1) != OWN(NTHREADS - 1));
	}
	uk_mutex_unlock(&x.m[i]);
	wrong_if(prio_of(i) != OWN(i));
}

UK_TEST(inherit, the_first_of_a_chain_runs_at_the_priority_of_the_last)
{
	begin();
	hosted_uk_threads(NTHREADS, stand_in_line, NULL);
	UK_EXPECT_EQ(x.nwrong, 0);
}

/* 0 has two mutexes, that 1 and 2 want. */
static void want_both(void *arg UK_UNUSED, unsigned int i)
{
	come_in(i);
	if (i == 0) {
		uk_mutex_lock(&x.m[1]);
		uk_mutex_lock(&x.m[2]);
		next_step();
		await_prio(0, OWN(2));
		await_step(3);
		await_waiter(1);
		/* The more urgent one goes first, or last. */
		uk_mutex_unlock(&x.m[arg ? 1 : 2]);
		wrong_if(prio_of(0) != OWN(arg ? 2 : 1));
		uk_mutex_unlock(&x.m[arg ? 2 : 1]);
		wrong_if(prio_of(0) != OWN(0));
		return;
	}
	await_step(1);
	next_step();
	uk_mutex_lock(&x.m[i]);
	wrong_if(prio_of(i) != OWN(i));
	uk_mutex_unlock(&x.m[i]);
}

UK_TEST(inherit, each_unlock_takes_back_what_that_mutex_lent)
{
	begin();
	hosted_uk_threads(3, want_both, NULL);
	begin();
	hosted_uk_threads(3, want_both, &x);
	UK_EXPECT_EQ(x.nwrong, 0);
}

/* 2 waits, for what 1 has, who waits for what 0 has, and gives up. */
static void give_up(void *arg UK_UNUSED, unsigned int i)
{
	come_in(i);
	if (i == 2) {
		await_step(2);
		await_waiter(0);
		wrong_if(uk_mutex_lock_until(&x.m[1], uk_time_now() +
					     20 * UK_TIME_NS_PER_MS) !=
			 -ETIMEDOUT);
		wrong_if(prio_of(1) != OWN(1) || prio_of(0) != OWN(1));
		next_step();
		return;
	}
	uk_mutex_lock(&x.m[i]);
	next_step();
	await_step(2);
	if (i == 1) {
		uk_mutex_lock(&x.m[0]);
		uk_mutex_unlock(&x.m[0]);
	} else {
		await_prio(0, OWN(2));
		await_step(3);
	}
	uk_mutex_unlock(&x.m[i]);
	wrong_if(prio_of(i) != OWN(i));
}

UK_TEST(inherit, who_gives_up_takes_back_what_it_lent_down_the_chain)
{
	begin();
	hosted_uk_threads(3, give_up, NULL);
	UK_EXPECT_EQ(x.nwrong, 0);
}

/* While 1 waits for 0, their own priorities change. */
static void change_own(void *arg UK_UNUSED, unsigned int i)
{
	come_in(i);
	if (i == 1) {
		await_step(1);
		uk_mutex_lock(&x.m[0]);
		uk_mutex_unlock(&x.m[0]);
		return;
	}
	wrong_if(uk_thread_set_prio(x.t[0], 30));
	uk_mutex_lock(&x.m[0]);
	next_step();
	await_waiter(0);
	wrong_if(prio_of(0) != 30);
	/* Down to where it inherits, above, below; and then the waiter's. */
	wrong_if(uk_thread_set_prio(x.t[0], 4));
	await_prio(0, OWN(1));
	wrong_if(uk_thread_set_prio(x.t[0], 30) || prio_of(0) != 30);
	wrong_if(uk_thread_set_prio(x.t[0], 3) || prio_of(0) != OWN(1));
	wrong_if(uk_thread_set_prio(x.t[1], 29) || prio_of(0) != 29);
	wrong_if(uk_thread_set_prio(x.t[1], 2) || prio_of(0) != 3);
	uk_mutex_unlock(&x.m[0]);
	wrong_if(prio_of(0) != 3);
}

UK_TEST(inherit, a_change_of_owner_or_waiter_counts_while_it_waits)
{
	begin();
	hosted_uk_threads(2, change_own, NULL);
	UK_EXPECT_EQ(x.nwrong, 0);
}

/*
 * Everybody takes two of some mutexes, in order, for ever new reasons, and the
 * priorities change by the way.
 */
static void mix(void *arg UK_UNUSED, unsigned int i)
{
	uint32_t r = i + 1;

	come_in(i);
	for (unsigned int n = 0; n < EACH; n++) {
		struct uk_mutex *a, *b;

		r = r * 1664525 + 1013904223;
		a = &x.m[r >> 30];
		b = &x.m[r >> 28 & 3];
		if (n % 8 == 0)
			wrong_if(uk_thread_set_prio(x.t[i], r >> 20 & 31));
		uk_mutex_lock(a < b ? a : b);
		if (n % 16 == i)
			hosted_yield();
		if (a == b) {
			uk_mutex_unlock(a);
			continue;
		}
		if (n % 4) {
			uk_mutex_lock(a < b ? b : a);
		} else if (uk_mutex_lock_until(a < b ? b : a, 1)) {
			uk_mutex_unlock(a < b ? a : b);
			continue;
		}
		uk_mutex_unlock(n % 2 ? a : b);
		uk_mutex_unlock(n % 2 ? b : a);
		wrong_if(prio_of(i) != x.t[i]->base_prio_);
	}
}

UK_TEST(inherit, nothing_is_left_when_all_mutexes_are_free)
{
	begin();
	hosted_uk_threads(NTHREADS, mix, NULL);
	UK_EXPECT_EQ(x.nwrong, 0);
	for (unsigned int i = 0; i < NMUTEXES; i++) {
		UK_EXPECT(!uk_mutex_is_locked(&x.m[i]));
		UK_EXPECT_NULL(x.m[i].heir);
		UK_EXPECT_EQ(x.m[i].top, 0);
	}
}
