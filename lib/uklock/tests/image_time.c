/* SPDX-License-Identifier: BSD-3-Clause */
/* Locks that are not to be had in time, or just in time. */
#include <stdint.h>

#include <uk/alloc.h>
#include <uk/completion.h>
#include <uk/condvar.h>
#include <uk/errno.h>
#include <uk/mutex.h>
#include <uk/rwlock.h>
#include <uk/sched.h>
#include <uk/semaphore.h>
#include <uk/test.h>
#include <uk/thread.h>
#include <uk/time.h>

#define STACK	8192
#define MS	UK_TIME_NS_PER_MS
#define HOUR	(3600 * UK_TIME_NS_PER_SEC)

static struct {
	struct uk_mutex m;
	struct uk_semaphore s;
	struct uk_rwlock l;
	struct uk_condvar cv;
	struct uk_completion c;
	int rc;
} x;

/* A thread that tries with a deadline, as far as it can. */
static struct uk_thread *start(uk_thread_fn1_t fn)
{
	struct uk_alloc *const a = uk_alloc_get_default();
	struct uk_thread *const t = uk_thread_create_fn1(
		a, fn, NULL, a, STACK, NULL, 0, NULL, true, "timed", NULL,
		NULL);

	x.rc = 1;
	if (!UK_EXPECT_NOT_NULL(t))
		return NULL;
	UK_EXPECT_EQ(uk_sched_thread_add(uk_sched_current(), t), 0);
	uk_sched_yield();
	return t;
}

static uint64_t soon(void)
{
	return uk_time_now() + 2 * MS;
}

static void lock_soon(void *arg UK_UNUSED)
{
	x.rc = uk_mutex_lock_until(&x.m, soon());
	if (x.rc == 0)
		uk_mutex_unlock(&x.m);
}

static void lock_some_time(void *arg UK_UNUSED)
{
	x.rc = uk_mutex_lock_until(&x.m, uk_time_now() + HOUR);
	if (x.rc == 0)
		uk_mutex_unlock(&x.m);
}

UK_TEST(mutex, who_does_not_get_it_in_time_is_told_and_out_of_the_queue)
{
	struct uk_thread *t;

	uk_mutex_init(&x.m);
	uk_mutex_lock(&x.m);
	t = start(lock_soon);
	uk_thread_join(t);
	UK_EXPECT_EQ(x.rc, -ETIMEDOUT);
	/* As if it had never come: the short way is open. */
	UK_EXPECT_EQ(x.m.owner, (uintptr_t)ukarch_current());
	uk_mutex_unlock(&x.m);
	UK_EXPECT_EQ(uk_mutex_lock_until(&x.m, 1), 0);
	uk_mutex_unlock(&x.m);
}

UK_TEST(mutex, who_gets_it_in_time_has_it)
{
	struct uk_thread *t;

	uk_mutex_init(&x.m);
	uk_mutex_lock(&x.m);
	t = start(lock_some_time);
	uk_mutex_unlock(&x.m);
	uk_thread_join(t);
	UK_EXPECT_EQ(x.rc, 0);
	UK_EXPECT(!uk_mutex_is_locked(&x.m));
}

static void down_soon(void *arg UK_UNUSED)
{
	x.rc = uk_semaphore_down_until(&x.s, soon());
}

UK_TEST(semaphore, who_gets_none_in_time_does_not_count)
{
	struct uk_thread *t;

	uk_semaphore_init(&x.s, 0);
	t = start(down_soon);
	UK_EXPECT_EQ(x.s.count, -1);
	uk_thread_join(t);
	UK_EXPECT_EQ(x.rc, -ETIMEDOUT);
	UK_EXPECT_EQ(x.s.count, 0);
	uk_semaphore_up(&x.s);
	UK_EXPECT_EQ(uk_semaphore_down_until(&x.s, 1), 0);
	UK_EXPECT_EQ(uk_semaphore_down_to(&x.s, 2 * MS), UINT64_MAX);
	UK_EXPECT_EQ(uk_semaphore_down_to(&x.s, 0), UINT64_MAX);
	UK_EXPECT_EQ(x.s.count, 0);
}

static void up_later(void *arg UK_UNUSED)
{
	uk_sched_thread_sleep(2 * MS);
	uk_semaphore_up(&x.s);
}

UK_TEST(semaphore, who_gets_one_in_time_learns_how_long_it_took)
{
	struct uk_thread *t;
	uint64_t took;

	uk_semaphore_init(&x.s, 1);
	UK_EXPECT_EQ(uk_semaphore_down_to(&x.s, HOUR), 0);
	t = start(up_later);
	took = uk_semaphore_down_to(&x.s, HOUR);
	UK_EXPECT_GT(took, 0);
	UK_EXPECT_LT(took, HOUR);
	uk_thread_join(t);
	UK_EXPECT_EQ(x.s.count, 0);
}

static void write_soon(void *arg UK_UNUSED)
{
	x.rc = uk_rwlock_wlock_until(&x.l, soon());
}

static unsigned int nreading;

static void read(void *arg UK_UNUSED)
{
	uk_rwlock_rlock(&x.l);
	nreading++;
	uk_rwlock_runlock(&x.l);
}

UK_TEST(rwlock, a_writer_that_gives_up_lets_the_readers_behind_it_in)
{
	struct uk_thread *writer, *reader;

	uk_rwlock_init(&x.l);
	nreading = 0;
	uk_rwlock_rlock(&x.l);
	writer = start(write_soon);
	reader = start(read);
	uk_thread_join(writer);
	UK_EXPECT_EQ(x.rc, -ETIMEDOUT);
	uk_thread_join(reader);
	UK_EXPECT_EQ(nreading, 1);
	uk_rwlock_runlock(&x.l);
	UK_EXPECT_EQ(x.l.state, 0);

	uk_rwlock_wlock(&x.l);
	UK_EXPECT_EQ(uk_rwlock_rlock_until(&x.l, soon()), -ETIMEDOUT);
	uk_rwlock_wunlock(&x.l);
	UK_EXPECT_EQ(uk_rwlock_rlock_until(&x.l, soon()), 0);
	UK_EXPECT_EQ(uk_rwlock_wlock_until(&x.l, soon()), -ETIMEDOUT);
	uk_rwlock_runlock(&x.l);
	UK_EXPECT_EQ(x.l.state, 0);
}

static void tell(void *arg UK_UNUSED)
{
	uk_condvar_signal(&x.cv);
	uk_completion_done(&x.c);
}

UK_TEST(condvar, who_is_not_told_in_time_has_the_mutex_all_the_same)
{
	struct uk_thread *t;

	uk_mutex_init(&x.m);
	uk_condvar_init(&x.cv);
	uk_completion_init(&x.c);
	uk_mutex_lock(&x.m);
	UK_EXPECT_EQ(uk_condvar_wait_until(&x.cv, &x.m, soon()), -ETIMEDOUT);
	UK_EXPECT(uk_mutex_is_mine(&x.m));

	/* It is in the queue from here on. */
	t = start(lock_some_time);
	uk_mutex_unlock(&x.m);
	uk_thread_join(t);
	uk_mutex_lock(&x.m);
	t = uk_sched_thread_create(uk_sched_current(), tell, NULL, "teller");
	UK_EXPECT_NOT_NULL(t);
	UK_EXPECT_EQ(uk_condvar_wait_until(&x.cv, &x.m, uk_time_now() + HOUR),
		     0);
	UK_EXPECT(uk_mutex_is_mine(&x.m));
	uk_mutex_unlock(&x.m);
}

UK_TEST(completion, a_wait_ends_when_it_happens_or_in_time)
{
	uk_completion_init(&x.c);
	UK_EXPECT_EQ(uk_completion_wait_until(&x.c, soon()), -ETIMEDOUT);
	UK_EXPECT_NOT_NULL(uk_sched_thread_create(uk_sched_current(), tell,
						  NULL, "teller"));
	UK_EXPECT_EQ(uk_completion_wait_until(&x.c, uk_time_now() + HOUR), 0);
	UK_EXPECT_EQ(uk_completion_wait_until(&x.c, 1), 0);
}
