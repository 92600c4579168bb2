/* SPDX-License-Identifier: BSD-3-Clause */
/* Semaphores, rwlocks, once and completions that nobody waits for. */
#include <uk/completion.h>
#include <uk/once.h>
#include <uk/rwlock.h>
#include <uk/semaphore.h>
#include <uk/test.h>

UK_TEST(semaphore, it_gives_as_many_as_there_are)
{
	struct uk_semaphore s;

	uk_semaphore_init(&s, 2);
	uk_semaphore_down(&s);
	UK_EXPECT_EQ(uk_semaphore_down_try(&s), 1);
	UK_EXPECT_EQ(uk_semaphore_down_try(&s), 0);
	UK_EXPECT_EQ(s.count, 0);
	uk_semaphore_up(&s);
	uk_semaphore_up_isr(&s);
	UK_EXPECT_EQ(s.count, 2);
	UK_EXPECT_EQ(uk_semaphore_down_try_isr(&s), 1);
	uk_semaphore_down(&s);
	UK_EXPECT_EQ(s.count, 0);
}

UK_TEST(rwlock, many_read_or_one_writes)
{
	struct uk_rwlock l = UK_RWLOCK_INITIALIZER(l);

	uk_rwlock_rlock(&l);
	UK_EXPECT(uk_rwlock_try_rlock(&l));
	UK_EXPECT(!uk_rwlock_try_wlock(&l));
	uk_rwlock_runlock(&l);
	UK_EXPECT(!uk_rwlock_try_wlock(&l));
	uk_rwlock_runlock(&l);
	UK_EXPECT(uk_rwlock_try_wlock(&l));
	UK_EXPECT(!uk_rwlock_try_wlock(&l));
	UK_EXPECT(!uk_rwlock_try_rlock(&l));
	uk_rwlock_downgrade(&l);
	UK_EXPECT(uk_rwlock_try_rlock(&l));
	UK_EXPECT(!uk_rwlock_try_wlock(&l));
	uk_rwlock_runlock(&l);
	uk_rwlock_runlock(&l);
	uk_rwlock_wlock(&l);
	uk_rwlock_wunlock(&l);
	UK_EXPECT_EQ(l.state, 0);
}

static void runlock(void *l)
{
	uk_rwlock_runlock(l);
}

static void wunlock(void *l)
{
	uk_rwlock_wunlock(l);
}

UK_TEST(rwlock, who_unlocks_what_nobody_has_is_stopped)
{
	struct uk_rwlock l;

	uk_rwlock_init(&l);
	UK_EXPECT_CRASH(runlock, &l);
	UK_EXPECT_CRASH(wunlock, &l);
	uk_rwlock_rlock(&l);
	UK_EXPECT_CRASH(wunlock, &l);
	uk_rwlock_runlock(&l);
}

static void count(void *n)
{
	++*(unsigned int *)n;
}

UK_TEST(once, it_is_done_once)
{
	static struct uk_once once = UK_ONCE_INITIALIZER(once);
	unsigned int n = 0;

	uk_once(&once, count, &n);
	uk_once(&once, count, &n);
	UK_EXPECT_EQ(n, 1);
}

UK_TEST(completion, who_comes_after_it_happened_does_not_wait)
{
	struct uk_completion c = UK_COMPLETION_INITIALIZER(c);

	UK_EXPECT(!uk_completion_is_done(&c));
	uk_completion_done(&c);
	uk_completion_done(&c);
	UK_EXPECT(uk_completion_is_done(&c));
	uk_completion_wait(&c);
	uk_completion_init(&c);
	UK_EXPECT(!uk_completion_is_done(&c));
}
