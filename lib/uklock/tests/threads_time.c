/* SPDX-License-Identifier: BSD-3-Clause */
/* Time-outs against hand-overs, between CPUs: nothing is lost or had twice. */
#include <stdbool.h>
#include <stdint.h>

#include <uk/errno.h>
#include <uk/mutex.h>
#include <uk/rwlock.h>
#include <uk/semaphore.h>
#include <uk/test.h>
#include <uk/thread.h>
#include <uk/time.h>

#include "hosted_sched.h"
#include "hosted_threads.h"

#define NTHREADS	4u
#define EACH		1500u

/* As long as the others need for one round, about. */
#define SHORT_NS	(20 * UK_TIME_NS_PER_US)

static struct {
	struct uk_mutex m;
	struct uk_semaphore s;
	struct uk_rwlock l;
	unsigned int count;		/* the lock's */
	unsigned int inside;		/* the lock's */
	unsigned int nwrong;		/* the lock's */
	unsigned int ntimes[NTHREADS];	/* each had it */
	unsigned int nlate;		/* atomic, relaxed */
	bool begun;			/* the same */
} x;

/* Thread 0 has it until somebody was late, so that somebody is. */
static void be_first(void)
{
	__atomic_store_n(&x.begun, true, __ATOMIC_RELAXED);
	while (!__atomic_load_n(&x.nlate, __ATOMIC_RELAXED))
		hosted_yield();
}

/* Those with a deadline come when thread 0 has it. */
static void come(unsigned int i)
{
	while (i >= 2 && !__atomic_load_n(&x.begun, __ATOMIC_RELAXED))
		hosted_yield();
}

static void enter(unsigned int i)
{
	if (i == 0 && !x.begun)
		be_first();
	x.nwrong += x.inside++ != 0;
	x.count++;
	/* Long enough that somebody comes meanwhile. */
	for (unsigned int n = 0; i < 2 && n < 4; n++)
		hosted_yield();
	x.nwrong += --x.inside != 0;
	x.ntimes[i]++;
}

static void late(void)
{
	__atomic_fetch_add(&x.nlate, 1, __ATOMIC_RELAXED);
}

static void begin(void)
{
	x.count = x.inside = x.nwrong = x.nlate = 0;
	x.begun = false;
	for (unsigned int i = 0; i < NTHREADS; i++)
		x.ntimes[i] = 0;
}

static void expect(void)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < NTHREADS; i++)
		n += x.ntimes[i];
	UK_EXPECT_EQ(x.count, n);
	UK_EXPECT_EQ(x.nwrong, 0);
	UK_EXPECT_EQ(n + x.nlate, NTHREADS * EACH);
}

static uint64_t soon(unsigned int n)
{
	return uk_time_now() + n % 4 * SHORT_NS / 2 + 1;
}

static void use_mutex(void *arg UK_UNUSED, unsigned int i)
{
	come(i);
	for (unsigned int n = 0; n < EACH; n++) {
		if (i < 2)
			uk_mutex_lock(&x.m);
		else if (uk_mutex_lock_until(&x.m, soon(n)) < 0) {
			late();
			continue;
		}
		enter(i);
		uk_mutex_unlock(&x.m);
	}
}

UK_TEST(mutex, it_is_had_or_timed_out_never_both)
{
	begin();
	uk_mutex_init(&x.m);
	hosted_uk_threads(NTHREADS, use_mutex, NULL);
	expect();
	UK_EXPECT_EQ(x.m.owner, 0);
	UK_EXPECT(uk_waitq_empty(&x.m.wq));
}

static void use_semaphore(void *arg UK_UNUSED, unsigned int i)
{
	come(i);
	for (unsigned int n = 0; n < EACH; n++) {
		if (i < 2)
			uk_semaphore_down(&x.s);
		else if (uk_semaphore_down_until(&x.s, soon(n)) < 0) {
			late();
			continue;
		}
		enter(i);
		uk_semaphore_up(&x.s);
	}
}

UK_TEST(semaphore, one_is_had_or_timed_out_never_both)
{
	begin();
	uk_semaphore_init(&x.s, 1);
	hosted_uk_threads(NTHREADS, use_semaphore, NULL);
	expect();
	UK_EXPECT_EQ(x.s.count, 1);
	UK_EXPECT_EQ(x.s.owed, 0);
	UK_EXPECT(uk_waitq_empty(&x.s.wq));
}

static void use_rwlock(void *arg UK_UNUSED, unsigned int i)
{
	come(i);
	for (unsigned int n = 0; n < EACH; n++) {
		if (i < 2)
			uk_rwlock_wlock(&x.l);
		else if (uk_rwlock_wlock_until(&x.l, soon(n)) < 0) {
			late();
			if (uk_rwlock_rlock_until(&x.l, soon(n)) == 0)
				uk_rwlock_runlock(&x.l);
			continue;
		}
		enter(i);
		uk_rwlock_wunlock(&x.l);
	}
}

UK_TEST(rwlock, it_is_had_or_timed_out_never_both)
{
	begin();
	uk_rwlock_init(&x.l);
	hosted_uk_threads(NTHREADS, use_rwlock, NULL);
	expect();
	UK_EXPECT_EQ(x.l.state, 0);
	UK_EXPECT(uk_waitq_empty(&x.l.wq));
}
