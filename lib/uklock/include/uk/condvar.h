/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdint.h>

#include <uk/compiler.h>
#include <uk/mutex.h>
#include <uk/wait.h>

/*
 * Condition variables: waiting for what a mutex guards to change.
 *
 *	uk_mutex_lock(&m);
 *	while (!ready)
 *		uk_condvar_wait(&cv, &m);
 *	uk_mutex_unlock(&m);
 *
 * Waiters are told in the order in which they came, and are told of nothing
 * that happened before. Look at the condition again afterwards: another thread
 * may have had the mutex in between.
 *
 * Context: waiting: thread. Telling: any but NMI, with or without the mutex.
 */
struct uk_condvar {
	struct uk_waitq wq;
};

#define UK_CONDVAR_INITIALIZER(cv)  { .wq = UK_WAITQ_INIT((cv).wq) }

static inline void uk_condvar_init(struct uk_condvar *cv)
{
	uk_waitq_init(&cv->wq);
}

/* Give up @m, which is the caller's and locked once, until told; then lock. */
void uk_condvar_wait(struct uk_condvar *cv, struct uk_mutex *m);

/*
 * The same until uk_time_now() is @deadline_ns (0 or UK_TIME_NEVER: for ever).
 * Needs lib/uktime in the image. Returns 0, or
 *   -ETIMEDOUT  nobody told so long; @m is locked all the same
 */
UK_MUST_USE int uk_condvar_wait_until(struct uk_condvar *cv,
				      struct uk_mutex *m,
				      uint64_t deadline_ns);

/* Tell one waiter, or all that wait now. */
static inline void uk_condvar_signal(struct uk_condvar *cv)
{
	uk_waitq_wake_up_one(&cv->wq);
}

static inline void uk_condvar_broadcast(struct uk_condvar *cv)
{
	uk_waitq_wake_up(&cv->wq);
}
