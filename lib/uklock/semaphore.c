/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Semaphores where the count alone does not do.
 *
 * The count is what is there, less those that are short of it. It is changed
 * by one atomic step, and that step says whether there is more to do: who goes
 * below zero has to be given one, who comes from below zero has to give. They
 * meet here; an up that is here before its waiter leaves it in `owed`. So
 *
 *	waiters in the queue or on their way here
 *		= max(-count, 0) + ups on their way here + owed
 *
 * and waiters are never passed by: who comes later is short, too.
 */
#include "semaphore_priv.h"

#include <uk/assert.h>

void uk_semaphore_init(struct uk_semaphore *s, long count)
{
	UK_ASSERT(count >= 0);

	*s = (struct uk_semaphore){ .count = count };
	uk_waitq_init(&s->wq);
}

static inline bool enter(struct uk_semaphore *s, struct uk_waiter *w)
{
	const unsigned long irq = uk_spin_lock_irqsave(&s->wq.lock);
	const bool owed = s->owed > 0;

	if (owed)
		s->owed--;
	else
		uk_waitq_add(&s->wq, w);
	uk_spin_unlock_irqrestore(&s->wq.lock, irq);
	return !owed;
}

bool lock_sem_enter(struct uk_semaphore *s, struct uk_waiter *w)
{
	return enter(s, w);
}

void uk_semaphore_wait_(struct uk_semaphore *s)
{
	struct uk_waiter w;

	if (enter(s, &w))
		uk_waitq_park(&s->wq, &w);
}

void uk_semaphore_grant_(struct uk_semaphore *s)
{
	const unsigned long irq = uk_spin_lock_irqsave(&s->wq.lock);
	struct uk_waiter *const w = uk_waitq_first(&s->wq);

	if (w)
		uk_waitq_grant(w);
	else
		s->owed++;
	uk_spin_unlock_irqrestore(&s->wq.lock, irq);
}
