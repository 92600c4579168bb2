/* SPDX-License-Identifier: BSD-3-Clause */
/* Deadlocks of mutexes, and mutexes held for long, with LIBUKLOCK_DEBUG. */
#include "../lock_priv.h"

#include <uk/alloc.h>
#include <uk/sched.h>
#include <uk/test.h>
#include <uk/thread.h>

#define STACK	8192
#define NTHREADS	3u

static struct {
	struct uk_mutex m[NTHREADS + 1];
	struct uk_thread *t[NTHREADS];
	unsigned int nlocked;
} x;

/* Has the one with its number, and wants the one before. */
static void lock_two(void *arg)
{
	const uintptr_t i = (uintptr_t)arg;

	uk_mutex_lock(&x.m[i]);
	uk_mutex_lock(&x.m[i - 1]);
	x.nlocked++;
	uk_mutex_unlock(&x.m[i - 1]);
	uk_mutex_unlock(&x.m[i]);
}

/* Thread i waits for i - 1, and the first of them for the caller. */
static void make_chain(void)
{
	struct uk_alloc *const a = uk_alloc_get_default();

	x.nlocked = 0;
	for (uintptr_t i = 0; i <= NTHREADS; i++)
		uk_mutex_init(&x.m[i]);
	uk_mutex_lock(&x.m[0]);
	for (uintptr_t i = 1; i <= NTHREADS; i++) {
		struct uk_thread *const t = uk_thread_create_fn1(
			a, lock_two, (void *)i, a, STACK, NULL, 0, NULL, true,
			"link", NULL, NULL);

		x.t[i - 1] = t;
		if (UK_EXPECT_NOT_NULL(t))
			UK_EXPECT_EQ(uk_sched_thread_add(uk_sched_current(),
							 t), 0);
		uk_sched_yield();
	}
}

static void end_chain(void)
{
	uk_mutex_unlock(&x.m[0]);
	for (unsigned int i = 0; i < NTHREADS; i++)
		uk_thread_join(x.t[i]);
	UK_EXPECT_EQ(x.nlocked, NTHREADS);
}

UK_TEST(lock_debug, threads_that_wait_in_a_row_are_no_deadlock)
{
	make_chain();
	UK_EXPECT_EQ(x.nlocked, 0);
	UK_EXPECT(!uk_mutex_trylock(&x.m[NTHREADS]));
	end_chain();
}

static void lock_last(void *m UK_UNUSED)
{
	uk_mutex_lock(&x.m[NTHREADS]);
}

UK_TEST(lock_debug, who_closes_a_circle_is_stopped_and_named)
{
	make_chain();
	UK_EXPECT_CRASH(lock_last, NULL);
	UK_EXPECT_STR_EQ(uk_test_crash_cause(),
			 "deadlock: thread \"main\" waits for a mutex whose "
			 "owner waits for it");
	lock_debug_waited();
	end_chain();
}

static bool held(uint64_t ticks)
{
	return lock_debug_too_long(ticks, 1000000, 10);
}

UK_TEST(lock_debug, long_is_more_milliseconds_than_the_limit)
{
	UK_EXPECT(!held(0));
	UK_EXPECT(!held(10999));
	UK_EXPECT(held(11000));
	UK_EXPECT(held(UINT64_MAX));
	/* Where nobody knows how long a tick is, or wants to. */
	UK_EXPECT(!lock_debug_too_long(UINT64_MAX, 0, 10));
	UK_EXPECT(!lock_debug_too_long(UINT64_MAX, 999, 10));
	UK_EXPECT(!lock_debug_too_long(UINT64_MAX, 1000000, 0));
}

/* support/tests looks for the line of the log. */
UK_TEST(on_demand, a_mutex_is_held_for_long)
{
	struct uk_mutex m = UK_MUTEX_INITIALIZER(m);
	const uint64_t hz = ukarch_ticks_hz();
	const uint64_t from = ukarch_ticks();

	if (!hz)
		UK_TEST_SKIP("the CPU does not tell how fast its counter runs");
	uk_mutex_lock(&m);
	while (!lock_debug_too_long(ukarch_ticks() - from, hz,
				    CONFIG_LIBUKLOCK_HELD_MS + 1))
		ukarch_spin_wait();
	uk_mutex_unlock(&m);
}
