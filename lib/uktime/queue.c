/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Timers in the order they are due.
 *
 * A timer's function runs without the queue's lock, so it may start and stop
 * timers, its own too, and free what its own is part of; nothing of the timer
 * is looked at afterwards. @running is there for others to see that it runs.
 */
#include <stddef.h>

#include <uk/arch/cpu.h>
#include <uk/assert.h>
#include <uk/config.h>
#include <uk/time.h>

#include "time_priv.h"

/* One CPU needs no lock where interrupts are off. */
static void lock(struct uk_timer_queue *q)
{
	if (!UK_IS_ENABLED(CONFIG_HAVE_SMP))
		return;
	while (__atomic_exchange_n(&q->busy, true, __ATOMIC_ACQUIRE))
		ukarch_spin_wait();
}

static void unlock(struct uk_timer_queue *q)
{
	if (UK_IS_ENABLED(CONFIG_HAVE_SMP))
		__atomic_store_n(&q->busy, false, __ATOMIC_RELEASE);
}

bool time_queue_add(struct uk_timer_queue *q, struct uk_timer *timer,
		    uint64_t deadline_ns)
{
	bool first;

	UK_ASSERT(timer->rank_ == 0);

	lock(q);
	timer->deadline_ns = deadline_ns;
	timer->seq_ = q->next_seq++;
	timer->queue_ = q;
	time_heap_add(&q->root, timer);
	first = q->root == timer;
	unlock(q);
	return first;
}

enum uk_timer_state time_queue_stop(struct uk_timer_queue *q,
				    struct uk_timer *timer)
{
	enum uk_timer_state state = UK_TIMER_IDLE;

	lock(q);
	if (timer->rank_ != 0) {
		time_heap_remove(&q->root, timer);
		state = UK_TIMER_STOPPED;
	}
	if (q->running == timer)
		state = UK_TIMER_RUNNING;
	unlock(q);
	return state;
}

uint64_t time_queue_next(struct uk_timer_queue *q)
{
	uint64_t deadline_ns;

	lock(q);
	deadline_ns = q->root ? q->root->deadline_ns : UK_TIME_NEVER;
	unlock(q);
	return deadline_ns;
}

/*
 * What starts meanwhile waits for the next interrupt, so that a timer which
 * always starts again in the past does not keep the CPU.
 */
void time_queue_run(struct uk_timer_queue *q, uint64_t now_ns)
{
	uint32_t end_seq;
	struct uk_timer *t;

	lock(q);
	end_seq = q->next_seq;
	while ((t = q->root) && t->deadline_ns <= now_ns &&
	       (int32_t)(t->seq_ - end_seq) < 0) {
		time_heap_remove(&q->root, t);
		q->running = t;
		unlock(q);
		t->fn(t);
		lock(q);
		q->running = NULL;
	}
	unlock(q);
}
