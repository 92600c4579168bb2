/* SPDX-License-Identifier: BSD-3-Clause */
/* Mutexes that inherit priority, and those whose owner may die. */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include <uk/config.h>
#include <uk/test.h>
#include <uk/test_spread.h>
#include <uk/thread.h>

#define MS	1000000L
#define ROUNDS	500

static struct {
	pthread_mutex_t m, m2;
	pthread_cond_t cv;
	pthread_barrier_t both;
	int n;
	bool go;
} x;

static void make(pthread_mutex_t *m, int protocol, int type, int robust)
{
	pthread_mutexattr_t a;

	UK_EXPECT_EQ(pthread_mutexattr_init(&a), 0);
	UK_EXPECT_EQ(pthread_mutexattr_setprotocol(&a, protocol), 0);
	UK_EXPECT_EQ(pthread_mutexattr_settype(&a, type), 0);
	UK_EXPECT_EQ(pthread_mutexattr_setrobust(&a, robust), 0);
	UK_EXPECT_EQ(pthread_mutex_init(m, &a), 0);
	UK_EXPECT_EQ(pthread_mutexattr_destroy(&a), 0);
}

static void begin(int protocol, int type, int robust)
{
	make(&x.m, protocol, type, robust);
	make(&x.m2, protocol, type, robust);
	UK_EXPECT_EQ(pthread_cond_init(&x.cv, NULL), 0);
	UK_EXPECT_EQ(pthread_barrier_init(&x.both, NULL, 2), 0);
	x.n = 0;
	x.go = false;
}

static void end(void)
{
	UK_EXPECT_EQ(pthread_mutex_destroy(&x.m), 0);
	UK_EXPECT_EQ(pthread_mutex_destroy(&x.m2), 0);
	UK_EXPECT_EQ(pthread_cond_destroy(&x.cv), 0);
	UK_EXPECT_EQ(pthread_barrier_destroy(&x.both), 0);
}

static pthread_t start(void *(*fn)(void *))
{
	pthread_t t = NULL;

	UK_EXPECT_EQ(pthread_create(&t, NULL, fn, NULL), 0);
	return t;
}

static intptr_t result(pthread_t t)
{
	void *r = (void *)-1;

	UK_EXPECT_EQ(pthread_join(t, &r), 0);
	return (intptr_t)r;
}

static void sleep_ms(long ms)
{
	nanosleep(&(struct timespec){ .tv_nsec = ms * MS }, NULL);
}

static struct timespec soon(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME, &ts);
	ts.tv_nsec += 2 * MS;
	if (ts.tv_nsec >= 1000 * MS) {
		ts.tv_nsec -= 1000 * MS;
		ts.tv_sec++;
	}
	return ts;
}

static void *add(void *arg)
{
	for (int i = 0; i < ROUNDS; i++) {
		pthread_mutex_lock(&x.m);
		x.n++;
		if (i % 32 == 0)
			sched_yield();
		pthread_mutex_unlock(&x.m);
	}
	return arg;
}

UK_TEST(musl_pi, a_mutex_that_inherits_keeps_all_but_one_out)
{
	pthread_t t[4];

	begin(PTHREAD_PRIO_INHERIT, PTHREAD_MUTEX_NORMAL, 0);
	uk_test_spread_begin();
	for (int i = 0; i < 4; i++)
		t[i] = start(add);
	for (int i = 0; i < 4; i++)
		UK_EXPECT_EQ(result(t[i]), 0);
	uk_test_spread_end();
	UK_EXPECT_EQ(x.n, 4 * ROUNDS);
	end();
}

UK_TEST(musl_pi, one_that_checks_and_one_that_counts)
{
	begin(PTHREAD_PRIO_INHERIT, PTHREAD_MUTEX_ERRORCHECK, 0);
	UK_EXPECT_EQ(pthread_mutex_unlock(&x.m), EPERM);
	UK_EXPECT_EQ(pthread_mutex_lock(&x.m), 0);
	UK_EXPECT_EQ(pthread_mutex_lock(&x.m), EDEADLK);
	UK_EXPECT_EQ(pthread_mutex_trylock(&x.m), EBUSY);
	UK_EXPECT_EQ(pthread_mutex_unlock(&x.m), 0);
	end();
	begin(PTHREAD_PRIO_INHERIT, PTHREAD_MUTEX_RECURSIVE, 0);
	UK_EXPECT_EQ(pthread_mutex_lock(&x.m), 0);
	UK_EXPECT_EQ(pthread_mutex_lock(&x.m), 0);
	UK_EXPECT_EQ(pthread_mutex_trylock(&x.m), 0);
	for (int i = 0; i < 3; i++)
		UK_EXPECT_EQ(pthread_mutex_unlock(&x.m), 0);
	UK_EXPECT_EQ(pthread_mutex_unlock(&x.m), EPERM);
	end();
}

static void *have(void *arg)
{
	pthread_mutex_lock(&x.m);
	pthread_barrier_wait(&x.both);
	pthread_barrier_wait(&x.both);
	pthread_mutex_unlock(&x.m);
	return arg;
}

UK_TEST(musl_pi, a_wait_ends_when_its_time_is_over)
{
	const struct timespec ts = soon();
	pthread_t t;

	begin(PTHREAD_PRIO_INHERIT, PTHREAD_MUTEX_NORMAL, 0);
	t = start(have);
	pthread_barrier_wait(&x.both);
	UK_EXPECT_EQ(pthread_mutex_trylock(&x.m), EBUSY);
	UK_EXPECT_EQ(pthread_mutex_timedlock(&x.m, &ts), ETIMEDOUT);
	pthread_barrier_wait(&x.both);
	UK_EXPECT_EQ(result(t), 0);
	UK_EXPECT_EQ(pthread_mutex_lock(&x.m), 0);
	UK_EXPECT_EQ(pthread_mutex_unlock(&x.m), 0);
	end();
}

/* One has m and wants m2, this has m2 and wants m. */
static void *cross(void *arg)
{
	int rc;

	pthread_mutex_lock(&x.m2);
	pthread_barrier_wait(&x.both);
	rc = pthread_mutex_lock(&x.m);
	if (rc == 0)
		pthread_mutex_unlock(&x.m);
	pthread_mutex_unlock(&x.m2);
	return (char *)arg + rc;
}

UK_TEST(musl_pi, one_of_two_that_wait_for_each_other_is_told)
{
	pthread_t t;
	int rc;

	begin(PTHREAD_PRIO_INHERIT, PTHREAD_MUTEX_ERRORCHECK, 0);
	UK_EXPECT_EQ(pthread_mutex_lock(&x.m), 0);
	t = start(cross);
	pthread_barrier_wait(&x.both);
	rc = pthread_mutex_lock(&x.m2);
	if (rc == 0)
		UK_EXPECT_EQ(pthread_mutex_unlock(&x.m2), 0);
	UK_EXPECT_EQ(pthread_mutex_unlock(&x.m), 0);
	UK_EXPECT_EQ(rc + result(t), EDEADLK);
	end();
}

static void *await(void *arg)
{
	pthread_mutex_lock(&x.m);
	pthread_barrier_wait(&x.both);
	while (!x.go)
		pthread_cond_wait(&x.cv, &x.m);
	x.n++;
	pthread_mutex_unlock(&x.m);
	return arg;
}

UK_TEST(musl_pi, a_condition_guarded_by_one_is_waited_for)
{
	const struct timespec ts = soon();
	pthread_t t;

	begin(PTHREAD_PRIO_INHERIT, PTHREAD_MUTEX_NORMAL, 0);
	t = start(await);
	pthread_barrier_wait(&x.both);
	UK_EXPECT_EQ(pthread_mutex_lock(&x.m), 0);
	UK_EXPECT_EQ(pthread_cond_timedwait(&x.cv, &x.m, &ts), ETIMEDOUT);
	x.go = true;
	UK_EXPECT_EQ(pthread_cond_broadcast(&x.cv), 0);
	UK_EXPECT_EQ(x.n, 0);
	UK_EXPECT_EQ(pthread_mutex_unlock(&x.m), 0);
	UK_EXPECT_EQ(result(t), 0);
	UK_EXPECT_EQ(x.n, 1);
	end();
}

/* Ends with m, perhaps while somebody waits for it. */
static void *die(void *wait)
{
	pthread_mutex_lock(&x.m);
	if (wait) {
		pthread_barrier_wait(&x.both);
		sleep_ms(2);
	}
	return NULL;
}

static void *lock_it(void *arg)
{
	const int rc = pthread_mutex_lock(&x.m);

	if (rc == 0 || rc == EOWNERDEAD)
		pthread_mutex_unlock(&x.m);
	return (char *)arg + rc;
}

static void leave_it(bool wait)
{
	pthread_t t;

	UK_EXPECT_EQ(pthread_create(&t, NULL, die, wait ? &x : NULL), 0);
	if (wait)
		pthread_barrier_wait(&x.both);
	else
		UK_EXPECT_EQ(result(t), 0);
	UK_EXPECT_EQ(pthread_mutex_lock(&x.m), EOWNERDEAD);
	if (wait)
		UK_EXPECT_EQ(result(t), 0);
}

/* Of either kind, with and without somebody who waits when its owner dies. */
static void expect_robust(int protocol)
{
	for (int wait = 0; wait < 2; wait++) {
		pthread_t t;

		begin(protocol, PTHREAD_MUTEX_NORMAL, 1);
		leave_it(wait);
		UK_EXPECT_EQ(pthread_mutex_consistent(&x.m), 0);
		UK_EXPECT_EQ(pthread_mutex_unlock(&x.m), 0);
		UK_EXPECT_EQ(pthread_mutex_lock(&x.m), 0);
		UK_EXPECT_EQ(pthread_mutex_unlock(&x.m), 0);
		/* Not made good: it is of no use to anybody. */
		leave_it(wait);
		t = start(lock_it);
		sleep_ms(1);
		UK_EXPECT_EQ(pthread_mutex_unlock(&x.m), 0);
		UK_EXPECT_EQ(result(t), ENOTRECOVERABLE);
		UK_EXPECT_EQ(pthread_mutex_lock(&x.m), ENOTRECOVERABLE);
		end();
	}
}

UK_TEST(musl_robust, who_comes_after_an_owner_that_died_is_told)
{
	expect_robust(PTHREAD_PRIO_NONE);
}

UK_TEST(musl_robust, also_of_a_mutex_that_inherits)
{
	expect_robust(PTHREAD_PRIO_INHERIT);
}

/* They die one after the other, on all CPUs. */
static void *die_at_last(void *arg)
{
	for (int i = 0; i < ROUNDS / 4; i++) {
		const int rc = pthread_mutex_lock(&x.m);

		if (rc == EOWNERDEAD)
			pthread_mutex_consistent(&x.m);
		else if (rc)
			return (char *)arg + rc;
		x.n++;
		if (i % 16 == 0)
			sched_yield();
		if (i < ROUNDS / 4 - 1)
			pthread_mutex_unlock(&x.m);
	}
	return arg;
}

UK_TEST(musl_robust, owners_that_die_in_a_crowd_leave_a_good_mutex)
{
	pthread_t t[8];

	begin(PTHREAD_PRIO_INHERIT, PTHREAD_MUTEX_NORMAL, 1);
	uk_test_spread_begin();
	for (int i = 0; i < 8; i++)
		t[i] = start(die_at_last);
	for (int i = 0; i < 8; i++)
		UK_EXPECT_EQ(result(t[i]), 0);
	uk_test_spread_end();
	UK_EXPECT_EQ(x.n, 8 * (ROUNDS / 4));
	UK_EXPECT_EQ(pthread_mutex_lock(&x.m), EOWNERDEAD);
	UK_EXPECT_EQ(pthread_mutex_unlock(&x.m), 0);
	end();
}

#if UK_IS_ENABLED(CONFIG_LIBUKLOCK_INHERIT)
static void be_rt(int prio)
{
	const struct sched_param param = { .sched_priority = prio };

	UK_EXPECT_EQ(pthread_setschedparam(pthread_self(), prio ? SCHED_RR :
					   SCHED_OTHER, &param), 0);
}

static unsigned int prio_now(void)
{
	return __atomic_load_n(&uk_thread_current()->prio, __ATOMIC_RELAXED);
}

static void *inherit(void *arg)
{
	const unsigned int own = prio_now();
	intptr_t wrong;

	pthread_mutex_lock(&x.m);
	pthread_barrier_wait(&x.both);
	while (prio_now() == own)
		sched_yield();
	wrong = prio_now() <= own;
	pthread_mutex_unlock(&x.m);
	return (char *)arg + wrong + (prio_now() != own);
}

UK_TEST(musl_pi, its_owner_is_as_urgent_as_who_waits)
{
	pthread_t t;

	begin(PTHREAD_PRIO_INHERIT, PTHREAD_MUTEX_NORMAL, 0);
	t = start(inherit);
	pthread_barrier_wait(&x.both);
	be_rt(50);
	UK_EXPECT_EQ(pthread_mutex_lock(&x.m), 0);
	UK_EXPECT_EQ(pthread_mutex_unlock(&x.m), 0);
	be_rt(0);
	UK_EXPECT_EQ(result(t), 0);
	end();
}
#endif
