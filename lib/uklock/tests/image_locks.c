/* SPDX-License-Identifier: BSD-3-Clause */
/* Locks that somebody waits for: who gets them, and in which order. */
#include <stdint.h>

#include <uk/alloc.h>
#include <uk/completion.h>
#include <uk/condvar.h>
#include <uk/init.h>
#include <uk/mutex.h>
#include <uk/rwlock.h>
#include <uk/sched.h>
#include <uk/semaphore.h>
#include <uk/test.h>
#include <uk/thread.h>

#define STACK	8192
#define NTHREADS	4u

static struct {
	struct uk_mutex m;
	struct uk_semaphore s;
	struct uk_rwlock l;
	struct uk_condvar cv;
	struct uk_completion c;
	struct uk_thread *t[NTHREADS];
	unsigned int order[2 * NTHREADS];
	unsigned int ndone;
} x;

/* Before there are threads: nobody to wait for, but an owner. */
static struct {
	struct uk_mutex m;
	bool ran, was_mine, was_had_twice, was_free;
} early = { .m = UK_MUTEX_INITIALIZER(early.m) };

static int lock_early(const struct uk_boot_ctx *ctx UK_UNUSED)
{
	early.ran = true;
	uk_mutex_lock(&early.m);
	early.was_mine = uk_mutex_is_mine(&early.m);
	early.was_had_twice = uk_mutex_trylock(&early.m);
	uk_mutex_unlock(&early.m);
	early.was_free = !uk_mutex_is_locked(&early.m);
	return 0;
}

UK_INIT(EARLY, lock_early, NULL);

UK_TEST(mutex, it_works_before_there_are_threads)
{
	UK_EXPECT(early.ran);
	UK_EXPECT(early.was_mine);
	UK_EXPECT(!early.was_had_twice);
	UK_EXPECT(early.was_free);
}

static unsigned int num(void *arg)
{
	return (unsigned int)(uintptr_t)arg;
}

static void note(void *arg)
{
	x.order[x.ndone++] = num(arg);
}

/* Thread @i calls @fn(@i), and comes as far as it can. */
static void start(uintptr_t i, uk_thread_fn1_t fn)
{
	struct uk_alloc *const a = uk_alloc_get_default();

	x.t[i] = uk_thread_create_fn1(a, fn, (void *)i, a, STACK, NULL, 0,
				      NULL, true, "locker", NULL, NULL);
	if (!UK_EXPECT_NOT_NULL(x.t[i]))
		return;
	UK_EXPECT_EQ(uk_sched_thread_add(uk_sched_current(), x.t[i]), 0);
	uk_sched_yield();
}

static void begin(uk_thread_fn1_t fn)
{
	x.ndone = 0;
	for (unsigned int i = 0; i < NTHREADS; i++)
		start(i, fn);
}

static void join(unsigned int n)
{
	for (unsigned int i = 0; i < n; i++)
		uk_thread_join(x.t[i]);
}

/* @n came in the order of their numbers. */
static void expect_in_order(unsigned int n)
{
	UK_EXPECT_EQ(x.ndone, n);
	for (unsigned int i = 0; i < n; i++)
		UK_EXPECT_EQ(x.order[i], i);
}

static void lock_once(void *arg)
{
	uk_mutex_lock(&x.m);
	note(arg);
	uk_sched_yield();
	uk_mutex_unlock(&x.m);
}

UK_TEST(mutex, waiters_get_it_in_the_order_they_came)
{
	uk_mutex_init(&x.m);
	uk_mutex_lock(&x.m);
	begin(lock_once);
	UK_EXPECT_EQ(x.ndone, 0);
	uk_mutex_unlock(&x.m);
	join(NTHREADS);
	expect_in_order(NTHREADS);
	UK_EXPECT(!uk_mutex_is_locked(&x.m));
}

UK_TEST(mutex, a_waiter_is_passed_by_once_at_most)
{
	uk_mutex_init(&x.m);
	uk_mutex_lock(&x.m);
	x.ndone = 0;
	start(0, lock_once);

	/* Free, and the waiter is woken, but it has not run. */
	uk_mutex_unlock(&x.m);
	UK_EXPECT(uk_mutex_trylock(&x.m));
	uk_sched_yield();
	UK_EXPECT_EQ(x.ndone, 0);

	/* Now it is its own before it runs. */
	uk_mutex_unlock(&x.m);
	UK_EXPECT(!uk_mutex_trylock(&x.m));
	uk_sched_yield();
	UK_EXPECT_EQ(x.ndone, 1);
	join(1);
	UK_EXPECT(!uk_mutex_is_locked(&x.m));
}

UK_TEST(mutex, a_handler_that_lets_it_go_wakes_who_waits)
{
	uk_mutex_init(&x.m);
	UK_EXPECT(uk_mutex_trylock_isr(&x.m));
	x.ndone = 0;
	start(0, lock_once);
	UK_EXPECT_EQ(x.ndone, 0);
	uk_mutex_unlock_isr(&x.m);
	uk_sched_yield();
	UK_EXPECT_EQ(x.ndone, 1);
	join(1);
}

static void down_once(void *arg)
{
	uk_semaphore_down(&x.s);
	note(arg);
}

UK_TEST(semaphore, waiters_get_one_each_in_the_order_they_came)
{
	uk_semaphore_init(&x.s, 0);
	begin(down_once);
	UK_EXPECT_EQ(x.s.count, -(long)NTHREADS);
	for (unsigned int i = 0; i < NTHREADS; i++) {
		uk_semaphore_up(&x.s);
		/* It is given away already. */
		UK_EXPECT_EQ(uk_semaphore_down_try(&x.s), 0);
		uk_sched_yield();
		UK_EXPECT_EQ(x.ndone, i + 1);
	}
	join(NTHREADS);
	expect_in_order(NTHREADS);
	UK_EXPECT_EQ(x.s.count, 0);
}

/* 0 and 3 read, 1 writes, 2 reads. */
static void read_or_write(void *arg)
{
	if (num(arg) == 1)
		uk_rwlock_wlock(&x.l);
	else
		uk_rwlock_rlock(&x.l);
	note(arg);
	uk_sched_yield();
	if (num(arg) == 1)
		uk_rwlock_wunlock(&x.l);
	else
		uk_rwlock_runlock(&x.l);
}

UK_TEST(rwlock, readers_behind_a_waiting_writer_wait_and_get_it_together)
{
	uk_rwlock_init(&x.l);
	x.ndone = 0;
	uk_rwlock_rlock(&x.l);
	start(1, read_or_write);
	start(2, read_or_write);
	start(3, read_or_write);
	UK_EXPECT_EQ(x.ndone, 0);
	UK_EXPECT(!uk_rwlock_try_rlock(&x.l));

	uk_rwlock_runlock(&x.l);
	uk_sched_yield();
	UK_EXPECT_EQ(x.ndone, 1);
	UK_EXPECT_EQ(x.order[0], 1);

	/* The writer goes, and both readers are in. */
	uk_sched_yield();
	uk_sched_yield();
	UK_EXPECT_EQ(x.ndone, 3);
	for (unsigned int i = 1; i < NTHREADS; i++)
		uk_thread_join(x.t[i]);
	UK_EXPECT_EQ(x.l.state, 0);
}

UK_TEST(rwlock, a_writer_that_becomes_a_reader_lets_readers_in)
{
	uk_rwlock_init(&x.l);
	x.ndone = 0;
	uk_rwlock_wlock(&x.l);
	start(0, read_or_write);
	start(1, read_or_write);
	UK_EXPECT_EQ(x.ndone, 0);
	uk_rwlock_downgrade(&x.l);
	uk_sched_yield();
	UK_EXPECT_EQ(x.ndone, 1);
	UK_EXPECT_EQ(x.order[0], 0);
	uk_rwlock_runlock(&x.l);
	join(2);
	UK_EXPECT_EQ(x.ndone, 2);
	UK_EXPECT_EQ(x.l.state, 0);
}

static void wait_cv(void *arg)
{
	uk_mutex_lock(&x.m);
	uk_condvar_wait(&x.cv, &x.m);
	UK_EXPECT(uk_mutex_is_mine(&x.m));
	note(arg);
	uk_mutex_unlock(&x.m);
}

UK_TEST(condvar, a_signal_tells_the_first_and_a_broadcast_all_that_wait)
{
	uk_mutex_init(&x.m);
	uk_condvar_init(&x.cv);
	/* Nobody waits: nothing is kept. */
	uk_condvar_signal(&x.cv);
	begin(wait_cv);
	UK_EXPECT_EQ(x.ndone, 0);
	UK_EXPECT(!uk_mutex_is_locked(&x.m));
	uk_condvar_signal(&x.cv);
	uk_sched_yield();
	UK_EXPECT_EQ(x.ndone, 1);
	uk_condvar_broadcast(&x.cv);
	join(NTHREADS);
	expect_in_order(NTHREADS);
}

static void wait_cv_unlocked(void *m)
{
	uk_condvar_wait(&x.cv, m);
}

UK_TEST(condvar, who_waits_without_the_mutex_is_stopped)
{
	uk_mutex_init(&x.m);
	uk_condvar_init(&x.cv);
	UK_EXPECT_CRASH(wait_cv_unlocked, &x.m);
}

static void wait_done(void *arg)
{
	uk_completion_wait(&x.c);
	note(arg);
}

UK_TEST(completion, all_who_wait_go_on_when_it_happens)
{
	uk_completion_init(&x.c);
	begin(wait_done);
	UK_EXPECT_EQ(x.ndone, 0);
	uk_completion_done(&x.c);
	join(NTHREADS);
	expect_in_order(NTHREADS);
}

static void terminate_me(void *arg)
{
	uk_semaphore_down(&x.s);
	note(arg);
	uk_sched_yield();
	note(arg);
}

UK_TEST(semaphore, a_waiter_that_is_terminated_ends_when_it_waits_no_more)
{
	uk_semaphore_init(&x.s, 0);
	x.ndone = 0;
	start(0, terminate_me);
	uk_thread_terminate(x.t[0]);
	uk_sched_yield();
	UK_EXPECT_EQ(x.ndone, 0);
	UK_EXPECT(!uk_thread_is_exited(x.t[0]));
	uk_semaphore_up(&x.s);
	join(1);
	UK_EXPECT_EQ(x.ndone, 1);
}
