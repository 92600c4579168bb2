/* SPDX-License-Identifier: BSD-3-Clause */
/* Wait queues: who waits goes on in time, once, in its turn. */
#include <uk/wait.h>

#include <uk/alloc.h>
#include <uk/essentials.h>
#include <uk/sched.h>
#include <uk/test.h>
#include <uk/thread.h>

#define NTHREADS	4u
#define STACK		8192

static struct {
	struct uk_waitq wq;
	unsigned int nitems;
	unsigned int order[NTHREADS];
	unsigned int ndone;
	unsigned int held;	/* by the _locked form's lock */
	unsigned int nwrong;
	struct uk_thread *t[NTHREADS];
} q = { .wq = UK_WAITQ_INIT(q.wq) };

static void start(uk_thread_fn1_t fn)
{
	struct uk_alloc *const a = uk_alloc_get_default();

	q.nitems = q.ndone = q.held = q.nwrong = 0;
	for (uintptr_t i = 0; i < NTHREADS; i++) {
		q.t[i] = uk_thread_create_fn1(a, fn, (void *)i, a, STACK, NULL,
					      0, NULL, true, "waiter", NULL,
					      NULL);
		if (!UK_EXPECT_NOT_NULL(q.t[i]))
			return;
		UK_EXPECT_EQ(uk_sched_thread_add(uk_sched_current(), q.t[i]),
			     0);
	}
	uk_sched_yield();
}

static void join_all(void)
{
	for (unsigned int i = 0; i < NTHREADS; i++)
		uk_thread_join(q.t[i]);
	UK_EXPECT(uk_waitq_empty(&q.wq));
}

static void take(void *num)
{
	UK_UNUSED const int rc = uk_waitq_wait_event(&q.wq, q.nitems > 0);

	q.nitems--;
	q.order[q.ndone++] = (unsigned int)(uintptr_t)num;
}

UK_TEST(waitq, waiters_go_on_one_by_one_in_the_order_they_came)
{
	start(take);
	UK_EXPECT_EQ(q.ndone, 0);
	for (unsigned int i = 0; i < NTHREADS; i++) {
		q.nitems++;
		uk_waitq_wake_up_one(&q.wq);
		uk_sched_yield();
		UK_EXPECT_EQ(q.ndone, i + 1);
		UK_EXPECT_EQ(q.order[i], i);
	}
	join_all();
}

UK_TEST(waitq, all_that_wait_are_woken_and_look_for_themselves)
{
	start(take);
	q.nitems = NTHREADS - 1;
	uk_waitq_wake_up(&q.wq);
	uk_sched_yield();
	UK_EXPECT_EQ(q.ndone, NTHREADS - 1);
	UK_EXPECT(!uk_waitq_empty(&q.wq));
	q.nitems++;
	uk_waitq_wake_up(&q.wq);
	join_all();
	UK_EXPECT_EQ(q.ndone, NTHREADS);
}

UK_TEST(waitq, who_has_nothing_to_wait_for_does_not_yield)
{
	unsigned int nlooks = 0;

	UK_EXPECT_EQ(uk_waitq_wait_event(&q.wq, ++nlooks), 0);
	UK_EXPECT_EQ(nlooks, 1);
}

UK_TEST(waitq, a_wake_without_a_reason_does_not_end_the_wait)
{
	start(take);
	for (unsigned int i = 0; i < NTHREADS; i++)
		uk_thread_wake(q.t[i]);
	uk_sched_yield();
	UK_EXPECT_EQ(q.ndone, 0);
	q.nitems = NTHREADS;
	uk_waitq_wake_up(&q.wq);
	join_all();
	UK_EXPECT_EQ(q.ndone, NTHREADS);
}

static void lock(unsigned int *held)
{
	q.nwrong += (*held)++ != 0;
}

static void unlock(unsigned int *held)
{
	q.nwrong += --*held != 0;
}

static void take_locked(void *num)
{
	lock(&q.held);
	uk_waitq_wait_event_locked(&q.wq, q.nitems > 0, lock, unlock, &q.held);
	q.nwrong += q.held != 1;
	q.nitems--;
	q.order[q.ndone++] = (unsigned int)(uintptr_t)num;
	unlock(&q.held);
}

UK_TEST(waitq, a_wait_with_a_lock_gives_it_up_and_has_it_again)
{
	start(take_locked);
	UK_EXPECT_EQ(q.held, 0);
	q.nitems = NTHREADS;
	uk_waitq_wake_up(&q.wq);
	join_all();
	UK_EXPECT_EQ(q.ndone, NTHREADS);
	UK_EXPECT_EQ(q.nwrong, 0);
}

UK_TEST(waitq, a_wake_up_that_hits_one_who_leaves_goes_to_the_next)
{
	struct uk_waiter leaver = { .thread = NULL };

	/* First in the queue, and it has just looked for the last time. */
	uk_waitq_prepare_(&q.wq, &leaver);
	uk_thread_wake(uk_thread_current());
	start(take);
	q.nitems = 1;
	uk_waitq_wake_up_one(&q.wq);
	uk_sched_yield();
	UK_EXPECT_EQ(q.ndone, 0);
	uk_waitq_finish_(&q.wq, &leaver);
	uk_sched_yield();
	UK_EXPECT_EQ(q.ndone, 1);
	q.nitems = NTHREADS - 1;
	uk_waitq_wake_up(&q.wq);
	join_all();
}
