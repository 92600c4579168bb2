/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Threads. A yield is to another thread that yields, so a call here is two of
 * them; creation, a switch to the new thread, its exit and the way back are
 * one.
 */
#include <stddef.h>
#include <stdlib.h>

#include <uk/mutex.h>
#include <uk/sched.h>
#include <uk/semaphore.h>
#include <uk/thread.h>

#include "bench.h"

static struct uk_thread *start(uk_thread_fn1_t fn)
{
	struct uk_sched *const s = uk_sched_current();
	struct uk_thread *const t = uk_thread_create_fn1(
		s->a, fn, NULL, s->a_stack, 0, NULL, 0, s->a_uktls, false,
		"bench", NULL, NULL);

	if (!t || uk_sched_thread_add(s, t) < 0)
		abort();
	return t;
}

static void yield_for_ever(void *arg)
{
	(void)arg;
	for (;;)
		uk_sched_yield();
}

static void prepare_yield(void)
{
	start(yield_for_ever);
}

static void run_yield(unsigned int n)
{
	for (unsigned int i = 0; i < n; i += 2)
		uk_sched_yield();
}

static struct uk_mutex mutex = UK_MUTEX_INITIALIZER(mutex);

static void run_mutex(unsigned int n)
{
	for (unsigned int i = 0; i < n; i++) {
		uk_mutex_lock(&mutex);
		uk_mutex_unlock(&mutex);
	}
}

static struct uk_semaphore sem;

static void prepare_semaphore(void)
{
	uk_semaphore_init(&sem, 1);
}

static void run_semaphore(unsigned int n)
{
	for (unsigned int i = 0; i < n; i++) {
		uk_semaphore_down(&sem);
		uk_semaphore_up(&sem);
	}
}

/* Each of two threads waits until the other has ended its turn. */
static struct uk_semaphore ping, pong;

static void answer_for_ever(void *arg)
{
	(void)arg;
	for (;;) {
		uk_semaphore_down(&ping);
		uk_semaphore_up(&pong);
	}
}

static void prepare_hand_over(void)
{
	uk_semaphore_init(&ping, 0);
	uk_semaphore_init(&pong, 0);
	start(answer_for_ever);
	uk_sched_yield();
}

static void run_hand_over(unsigned int n)
{
	for (unsigned int i = 0; i < n; i += 2) {
		uk_semaphore_up(&ping);
		uk_semaphore_down(&pong);
	}
}

static void nothing(void *arg)
{
	(void)arg;
}

static void run_join(unsigned int n)
{
	for (unsigned int i = 0; i < n; i++)
		uk_thread_join(start(nothing));
}

/* The first time slice of all chooses a timer. */
static void prepare_join(void)
{
	run_join(1);
}

const struct bench_work bench_sched[] = {
	{ .name = "thread-join", .prepare = prepare_join, .run = run_join },
	{ .name = "mutex", .run = run_mutex },
	{ .name = "semaphore", .prepare = prepare_semaphore,
	  .run = run_semaphore },
	/* Its other thread waits for ever. */
	{ .name = "hand-over", .prepare = prepare_hand_over,
	  .run = run_hand_over },
	/* The other thread stays, so this is last. */
	{ .name = "yield", .prepare = prepare_yield, .run = run_yield },
	{ .name = NULL },
};
