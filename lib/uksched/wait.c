/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Wait queues. All is in the order of two things that a waiter does under the
 * queue's lock: it enters the queue and says that it will block. A waker that
 * takes the lock later finds it there and sets it going again, even if it has
 * not left its CPU yet; one that took the lock before wrote what the waiter is
 * going to look at next.
 */
#include <uk/wait.h>

#include <uk/assert.h>
#include <uk/thread.h>

#include "sched_priv.h"

static inline void enter(struct uk_waitq *wq, struct uk_waiter *w)
{
	w->thread = uk_thread_current();

	/* There is nobody to wait for before stage SCHED. */
	UK_ASSERT(w->thread);
	UK_ASSERT(uk_spin_is_locked(&wq->lock));
	(void)wq;
	uk_thread_block_self(w->thread);
}

void uk_waitq_add(struct uk_waitq *wq, struct uk_waiter *w)
{
	enter(wq, w);
	uk_list_push_back(&wq->waiters, &w->node);
}

void uk_waitq_add_front(struct uk_waitq *wq, struct uk_waiter *w)
{
	enter(wq, w);
	uk_list_push_front(&wq->waiters, &w->node);
}

void uk_waitq_grant(struct uk_waiter *w)
{
	uk_list_remove(&w->node);
	uk_thread_wake_irqoff_(w->thread);
}

/*
 * Is @w still in @wq? Then it blocks again. The lock is also for the end: who
 * took @w out is done with it when the lock is to be had.
 */
static bool still_waits(struct uk_waitq *wq, struct uk_waiter *w)
{
	const unsigned long irq = uk_spin_lock_irqsave(&wq->lock);
	const bool waits = !uk_list_empty(&w->node);

	if (waits)
		uk_thread_block_self(w->thread);
	uk_spin_unlock_irqrestore(&wq->lock, irq);
	return waits;
}

void uk_waitq_park(struct uk_waitq *wq, struct uk_waiter *w)
{
	do {
		sched_block();
	} while (still_waits(wq, w));
}

void uk_waitq_wake_up(struct uk_waitq *wq)
{
	const unsigned long irq = uk_spin_lock_irqsave(&wq->lock);
	struct uk_waiter *w;

	while ((w = uk_waitq_first(wq)))
		uk_waitq_grant(w);
	uk_spin_unlock_irqrestore(&wq->lock, irq);
}

void uk_waitq_wake_up_one(struct uk_waitq *wq)
{
	const unsigned long irq = uk_spin_lock_irqsave(&wq->lock);
	struct uk_waiter *const w = uk_waitq_first(wq);

	if (w)
		uk_waitq_grant(w);
	uk_spin_unlock_irqrestore(&wq->lock, irq);
}

void uk_waitq_prepare_(struct uk_waitq *wq, struct uk_waiter *w)
{
	const unsigned long irq = uk_spin_lock_irqsave(&wq->lock);

	if (!w->thread || uk_list_empty(&w->node))
		uk_waitq_add(wq, w);
	else
		uk_thread_block_self(w->thread);
	uk_spin_unlock_irqrestore(&wq->lock, irq);
}

int uk_waitq_block_(uint64_t deadline_ns)
{
	(void)deadline_ns;
	sched_block();
	return 0;
}

void uk_waitq_finish_(struct uk_waitq *wq, struct uk_waiter *w)
{
	const unsigned long irq = uk_spin_lock_irqsave(&wq->lock);
	const bool told = uk_list_empty(&w->node);
	struct uk_waiter *next;

	uk_list_remove(&w->node);
	next = told ? uk_waitq_first(wq) : NULL;
	if (next)
		uk_waitq_grant(next);
	uk_thread_wake_irqoff(w->thread);
	uk_spin_unlock_irqrestore(&wq->lock, irq);
}
