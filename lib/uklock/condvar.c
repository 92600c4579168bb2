/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Condition variables: in the queue before the mutex is let go, so nothing
 * that is told afterwards is missed.
 */
#include <uk/condvar.h>

#include <uk/assert.h>

#include "condvar_priv.h"

void lock_condvar_enter(struct uk_condvar *cv, struct uk_mutex *m,
			struct uk_waiter *w)
{
	unsigned long irq;

	uk_might_block();
	UK_ASSERT(uk_mutex_is_mine(m) && m->depth == 0);

	irq = uk_spin_lock_irqsave(&cv->wq.lock);
	uk_waitq_add(&cv->wq, w);
	uk_spin_unlock_irqrestore(&cv->wq.lock, irq);
	uk_mutex_unlock(m);
}

void uk_condvar_wait(struct uk_condvar *cv, struct uk_mutex *m)
{
	struct uk_waiter w;

	lock_condvar_enter(cv, m, &w);
	uk_waitq_park(&cv->wq, &w);
	uk_mutex_lock(m);
}
