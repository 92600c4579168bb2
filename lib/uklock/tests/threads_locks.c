/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Locks between CPUs. What they guard is plain data: ThreadSanitizer sees
 * whether the next one sees what the last one wrote.
 */
#include <uk/completion.h>
#include <uk/condvar.h>
#include <uk/mutex.h>
#include <uk/once.h>
#include <uk/rwlock.h>
#include <uk/semaphore.h>
#include <uk/test.h>
#include <uk/thread.h>

#include "hosted_sched.h"
#include "hosted_threads.h"

#define NTHREADS	6u
#define EACH		4000u

/* Guarded by the lock of the case. */
static struct {
	unsigned int count;
	unsigned int inside;
	unsigned int nwrong;
} data;

static void enter(void)
{
	data.nwrong += data.inside++ != 0;
	data.count++;
	data.nwrong += --data.inside != 0;
}

static void expect(unsigned int count)
{
	UK_EXPECT_EQ(data.count, count);
	UK_EXPECT_EQ(data.nwrong, 0);
	data.count = data.inside = data.nwrong = 0;
}

static void use_mutex(void *m, unsigned int i)
{
	for (unsigned int n = 0; n < EACH; n++) {
		if (i % 3 || !uk_mutex_trylock(m))
			uk_mutex_lock(m);
		enter();
		if (n % 16 == i)
			hosted_yield();
		uk_mutex_unlock(m);
	}
}

UK_TEST(mutex, threads_on_all_cpus_exclude_each_other)
{
	struct uk_mutex m = UK_MUTEX_INITIALIZER(m);

	hosted_uk_threads(NTHREADS, use_mutex, &m);
	expect(NTHREADS * EACH);
	UK_EXPECT(!uk_mutex_is_locked(&m));
	UK_EXPECT(uk_waitq_empty(&m.wq));
}

static void use_recursive(void *m, unsigned int i)
{
	for (unsigned int n = 0; n < EACH; n++) {
		uk_mutex_lock(m);
		enter();
		uk_mutex_lock(m);
		enter();
		if (n % 16 == i)
			hosted_yield();
		uk_mutex_unlock(m);
		enter();
		uk_mutex_unlock(m);
	}
}

UK_TEST(mutex, a_recursive_one_excludes_until_its_last_unlock)
{
	struct uk_mutex m = UK_MUTEX_INITIALIZER_RECURSIVE(m);

	hosted_uk_threads(NTHREADS, use_recursive, &m);
	expect(3 * NTHREADS * EACH);
	UK_EXPECT(!uk_mutex_is_locked(&m));
}

/* As an interrupt handler would, on a CPU of its own. */
static void use_mutex_isr(void *m, unsigned int i)
{
	for (unsigned int n = 0; n < EACH; n++) {
		if (i) {
			uk_mutex_lock(m);
			enter();
			uk_mutex_unlock(m);
			continue;
		}
		while (!uk_mutex_trylock_isr(m))
			hosted_yield();
		enter();
		uk_mutex_unlock_isr(m);
	}
}

UK_TEST(mutex, handlers_that_try_exclude_threads)
{
	struct uk_mutex m = UK_MUTEX_INITIALIZER(m);

	hosted_uk_threads(3, use_mutex_isr, &m);
	expect(3 * EACH);
}

static void use_binary(void *s, unsigned int i)
{
	for (unsigned int n = 0; n < EACH; n++) {
		if (i % 3 || !uk_semaphore_down_try(s))
			uk_semaphore_down(s);
		enter();
		if (n % 16 == i)
			hosted_yield();
		uk_semaphore_up(s);
	}
}

UK_TEST(semaphore, one_of_one_excludes)
{
	struct uk_semaphore s = UK_SEMAPHORE_INITIALIZER(s, 1);

	hosted_uk_threads(NTHREADS, use_binary, &s);
	expect(NTHREADS * EACH);
	UK_EXPECT_EQ(s.count, 1);
	UK_EXPECT_EQ(s.owed, 0);
	UK_EXPECT(uk_waitq_empty(&s.wq));
}

struct buffer {
	struct uk_semaphore room, filled;
	unsigned int slots[4];
	unsigned int in, out;		/* each one thread's */
	unsigned int nwrong;
};

static void pass_numbers(void *buffer, unsigned int i)
{
	struct buffer *const b = buffer;

	for (unsigned int n = 0; n < EACH; n++) {
		if (i) {
			uk_semaphore_down(&b->room);
			b->slots[b->in++ % 4] = n;
			uk_semaphore_up(&b->filled);
		} else {
			uk_semaphore_down(&b->filled);
			b->nwrong += b->slots[b->out++ % 4] != n;
			uk_semaphore_up(&b->room);
		}
	}
}

UK_TEST(semaphore, what_was_written_before_an_up_is_seen_after_its_down)
{
	struct buffer b = { .in = 0 };

	uk_semaphore_init(&b.room, 4);
	uk_semaphore_init(&b.filled, 0);
	hosted_uk_threads(2, pass_numbers, &b);
	UK_EXPECT_EQ(b.nwrong, 0);
	UK_EXPECT_EQ(b.out, EACH);
}

static struct {
	struct uk_rwlock lock;
	unsigned int a, b;		/* equal, but for a writer */
	unsigned int nwrong[NTHREADS];	/* of each thread */
} rw;

static void read_rw(unsigned int i)
{
	rw.nwrong[i] += rw.a != rw.b;
}

static void write_rw(void)
{
	rw.a++;
	hosted_yield();
	rw.b++;
}

static void use_rw(void *arg UK_UNUSED, unsigned int i)
{
	for (unsigned int n = 0; n < EACH; n++) {
		if (n % 8 == i) {
			uk_rwlock_wlock(&rw.lock);
			write_rw();
			uk_rwlock_downgrade(&rw.lock);
		} else if (n % 8 == 7) {
			uk_rwlock_wlock(&rw.lock);
			write_rw();
			uk_rwlock_wunlock(&rw.lock);
			continue;
		} else {
			uk_rwlock_rlock(&rw.lock);
		}
		read_rw(i);
		uk_rwlock_runlock(&rw.lock);
	}
}

UK_TEST(rwlock, readers_see_what_a_writer_finished)
{
	uk_rwlock_init(&rw.lock);
	rw.a = rw.b = 0;
	hosted_uk_threads(NTHREADS, use_rw, NULL);
	UK_EXPECT_EQ(rw.a, 2 * NTHREADS * (EACH / 8));
	UK_EXPECT_EQ(rw.b, rw.a);
	for (unsigned int i = 0; i < NTHREADS; i++)
		UK_EXPECT_EQ(rw.nwrong[i], 0);
	UK_EXPECT_EQ(rw.lock.state, 0);
}

static struct {
	struct uk_mutex lock;
	struct uk_condvar nonempty, nonfull;
	unsigned int n;			/* 0 to 3 */
	unsigned int nwrong;
} pot;

static void use_pot(void *arg UK_UNUSED, unsigned int i)
{
	for (unsigned int n = 0; n < EACH; n++) {
		uk_mutex_lock(&pot.lock);
		if (i % 2) {
			while (pot.n == 3)
				uk_condvar_wait(&pot.nonfull, &pot.lock);
			pot.n++;
			uk_condvar_signal(&pot.nonempty);
		} else {
			while (pot.n == 0)
				uk_condvar_wait(&pot.nonempty, &pot.lock);
			pot.n--;
			if (n % 2)
				uk_condvar_signal(&pot.nonfull);
			else
				uk_condvar_broadcast(&pot.nonfull);
		}
		pot.nwrong += pot.n > 3;
		uk_mutex_unlock(&pot.lock);
	}
}

UK_TEST(condvar, no_signal_between_looking_and_waiting_is_lost)
{
	uk_mutex_init(&pot.lock);
	uk_condvar_init(&pot.nonempty);
	uk_condvar_init(&pot.nonfull);
	pot.n = pot.nwrong = 0;
	hosted_uk_threads(NTHREADS, use_pot, NULL);
	UK_EXPECT_EQ(pot.n, 0);
	UK_EXPECT_EQ(pot.nwrong, 0);
}

/* Where one thread finds the completion of the other; atomic. */
static struct uk_completion *asked;

static void ask_or_answer(void *answer, unsigned int i)
{
	for (unsigned int n = 0; n < EACH; n++) {
		if (i) {
			struct uk_completion *c;

			while (!(c = __atomic_exchange_n(&asked, NULL,
							 __ATOMIC_ACQ_REL)))
				hosted_yield();
			*(unsigned int *)answer = n;
			uk_completion_done(c);
		} else {
			/* It is gone as soon as the wait is over. */
			struct uk_completion c;

			uk_completion_init(&c);
			__atomic_store_n(&asked, &c, __ATOMIC_RELEASE);
			uk_completion_wait(&c);
			data.nwrong += *(unsigned int *)answer != n;
			__builtin_memset(&c, 0x55, sizeof(c));
		}
	}
}

UK_TEST(completion, the_waiters_memory_is_its_own_when_it_goes_on)
{
	unsigned int answer = 0;

	hosted_uk_threads(2, ask_or_answer, &answer);
	expect(0);
}

static struct uk_once onces[EACH];

static void set_up(void *n)
{
	++*(unsigned int *)n;
	hosted_yield();
}

static void use_once(void *ns, unsigned int i)
{
	unsigned int *const n = ns;

	for (unsigned int k = 0; k < EACH; k++) {
		uk_once(&onces[k], set_up, &n[k]);
		/* It is seen by all, also by who did not wait for it. */
		if (n[k] != 1)
			__atomic_fetch_add(&n[EACH], 1, __ATOMIC_RELAXED);
	}
	(void)i;
}

UK_TEST(once, all_who_come_see_it_done)
{
	static unsigned int n[EACH + 1];

	for (unsigned int k = 0; k < EACH; k++)
		uk_mutex_init(&onces[k].lock);
	hosted_uk_threads(4, use_once, n);
	UK_EXPECT_EQ(n[EACH], 0);
}
