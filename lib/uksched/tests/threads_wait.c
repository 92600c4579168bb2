/* SPDX-License-Identifier: BSD-3-Clause */
/* Wait queues between CPUs: no wake-up is lost. */
#include <uk/wait.h>

#include <uk/essentials.h>
#include <uk/sched.h>
#include <uk/test.h>
#include <uk/thread.h>

#include "hosted_sched.h"
#include "hosted_threads.h"

#define NTHREADS	6u	/* half of them take */
#define EACH		5000u

static struct {
	struct uk_waitq wq;
	struct uk_spinlock lock;
	unsigned int nitems;		/* the lock's */
	unsigned int ntaken;		/* the lock's */
} q;

static void lock(struct uk_spinlock *l)
{
	uk_spin_lock(l);
}

static void unlock(struct uk_spinlock *l)
{
	uk_spin_unlock(l);
}

static void give_and_take(void *arg UK_UNUSED, unsigned int i)
{
	for (unsigned int n = 0; n < EACH; n++) {
		uk_spin_lock(&q.lock);
		if (i % 2) {
			q.nitems++;
		} else {
			uk_waitq_wait_event_locked(&q.wq, q.nitems > 0, lock,
						   unlock, &q.lock);
			q.nitems--;
			q.ntaken++;
		}
		uk_spin_unlock(&q.lock);
		if (i % 2)
			uk_waitq_wake_up_one(&q.wq);
	}
}

UK_TEST(waitq, each_of_many_items_wakes_one_who_takes_it)
{
	uk_waitq_init(&q.wq);
	uk_spin_init(&q.lock);
	q.nitems = q.ntaken = 0;
	hosted_uk_threads(NTHREADS, give_and_take, NULL);
	UK_EXPECT_EQ(q.ntaken, NTHREADS / 2 * EACH);
	UK_EXPECT_EQ(q.nitems, 0);
	UK_EXPECT(uk_waitq_empty(&q.wq));
}

static unsigned int turn;	/* atomic: release by who passes it on */

static unsigned int whose(void)
{
	return __atomic_load_n(&turn, __ATOMIC_ACQUIRE);
}

static void in_turn(void *plain_, unsigned int i)
{
	unsigned int *const plain = plain_;

	for (unsigned int n = i; n < EACH; n += NTHREADS) {
		uk_waitq_wait_event(&q.wq, whose() == n);
		/* Nobody else is here, and what they did is seen. */
		++*plain;
		__atomic_store_n(&turn, n + 1, __ATOMIC_RELEASE);
		uk_waitq_wake_up(&q.wq);
	}
}

UK_TEST(waitq, threads_that_wait_for_their_turn_come_in_turn)
{
	unsigned int plain = 0;

	uk_waitq_init(&q.wq);
	turn = 0;
	hosted_uk_threads(NTHREADS, in_turn, &plain);
	UK_EXPECT_EQ(plain, EACH);
	UK_EXPECT(uk_waitq_empty(&q.wq));
}

/* The raw form, with nothing between the two but the flag. */
static struct uk_thread *sleeper;	/* atomic */
static unsigned int nrounds;		/* atomic */

static void sleep_and_wake(void *arg UK_UNUSED, unsigned int i)
{
	if (i == 0) {
		__atomic_store_n(&sleeper, uk_thread_current(),
				 __ATOMIC_RELEASE);
		for (unsigned int n = 0; n < EACH; n++) {
			uk_thread_block(uk_thread_current());
			__atomic_store_n(&nrounds, n + 1, __ATOMIC_RELEASE);
			uk_sched_yield();
		}
		__atomic_store_n(&nrounds, EACH + 1, __ATOMIC_RELEASE);
		return;
	}
	for (unsigned int n = 0; n < EACH; n++) {
		/* It has said that it will block. */
		while (__atomic_load_n(&nrounds, __ATOMIC_ACQUIRE) != n + 1)
			hosted_yield();
		uk_thread_wake(sleeper);
	}
}

UK_TEST(waitq, a_wake_between_block_and_yield_is_not_lost)
{
	nrounds = 0;
	hosted_uk_threads(2, sleep_and_wake, NULL);
	UK_EXPECT_EQ(nrounds, EACH + 1);
}
