/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Waiting no longer than so: every thread has a timer, which wakes it. It is
 * set where the thread is about to block and stopped when it goes on, so it
 * fires for the wait it was set for or not at all; but after the raw form,
 * uk_thread_block_until(), it may go off late, as any wake may. It is stopped
 * before the thread's memory is freed.
 */
#include <uk/sched.h>

#include <uk/assert.h>
#include <uk/errno.h>
#include <uk/time.h>
#include <uk/timer.h>
#include <uk/wait.h>

#include "sched_priv.h"

static void on_timer(struct uk_timer *timer)
{
	uk_thread_wake(UK_CONTAINER_OF(timer, struct uk_thread, timer_));
}

static bool is_never(uint64_t deadline_ns)
{
	return deadline_ns == 0 || deadline_ns == UK_TIME_NEVER;
}

/* The caller's timer is to fire at @deadline_ns, and no other time. */
static void set_alarm(struct uk_thread *t, uint64_t deadline_ns)
{
	(void)uk_timer_stop_wait(&t->timer_);
	uk_timer_init(&t->timer_, on_timer);
	uk_timer_start(&t->timer_, deadline_ns);
}

void uk_thread_block_until(struct uk_thread *t, uint64_t deadline_ns)
{
	UK_ASSERT(t == uk_thread_self());

	uk_thread_block_self(t);
	if (UK_UNLIKELY(!is_never(deadline_ns)))
		set_alarm(t, deadline_ns);
}

void sched_alarm_end(struct uk_thread *t)
{
	(void)uk_timer_stop_wait(&t->timer_);
}

/* The end of time, where it would wrap. */
static uint64_t from_now(uint64_t ns)
{
	const uint64_t now = uk_time_now();

	return ns > UK_TIME_NEVER - now ? UK_TIME_NEVER : now + ns;
}

void uk_thread_block_timeout(struct uk_thread *t, uint64_t ns)
{
	uk_thread_block_until(t, from_now(ns));
}

void uk_sched_thread_sleep(uint64_t ns)
{
	struct uk_thread *const t = uk_thread_current();
	const uint64_t deadline_ns = from_now(ns);

	uk_might_block();
	while (uk_time_now() < deadline_ns) {
		uk_thread_block_until(t, deadline_ns);
		uk_sched_yield();
	}
	(void)uk_timer_stop_wait(&t->timer_);
}

int uk_waitq_block_until_(uint64_t deadline_ns)
{
	struct uk_thread *const t = uk_thread_current();

	if (is_never(deadline_ns))
		return uk_waitq_block_(deadline_ns);
	set_alarm(t, deadline_ns);
	sched_block();
	(void)uk_timer_stop_wait(&t->timer_);
	return uk_time_now() >= deadline_ns;
}

int uk_waitq_park_until(struct uk_waitq *wq, struct uk_waiter *w,
			uint64_t deadline_ns)
{
	bool late, waits;

	do {
		unsigned long irq;

		late = uk_waitq_block_until_(deadline_ns);
		irq = uk_spin_lock_irqsave(&wq->lock);
		waits = !uk_list_empty(&w->node);
		if (waits && late)
			uk_list_remove(&w->node);
		else if (waits)
			uk_thread_block(w->thread);
		uk_spin_unlock_irqrestore(&wq->lock, irq);
	} while (waits && !late);
	return waits ? -ETIMEDOUT : 0;
}
