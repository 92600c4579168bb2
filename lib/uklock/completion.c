/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Completions. `done` is read and written under the queue's lock only, so who
 * sees it set also knows that the other is through with the lock, or will not
 * touch the completion once it is.
 */
#include <uk/completion.h>

#include "completion_priv.h"

void uk_completion_done(struct uk_completion *c)
{
	const unsigned long irq = uk_spin_lock_irqsave(&c->wq.lock);
	struct uk_waiter *w;

	c->done = true;
	while ((w = uk_waitq_first(&c->wq)))
		uk_waitq_grant(w);
	uk_spin_unlock_irqrestore(&c->wq.lock, irq);
}

bool uk_completion_is_done(struct uk_completion *c)
{
	const unsigned long irq = uk_spin_lock_irqsave(&c->wq.lock);
	const bool done = c->done;

	uk_spin_unlock_irqrestore(&c->wq.lock, irq);
	return done;
}

bool lock_completion_enter(struct uk_completion *c, struct uk_waiter *w)
{
	const unsigned long irq = uk_spin_lock_irqsave(&c->wq.lock);
	const bool done = c->done;

	if (!done)
		uk_waitq_add(&c->wq, w);
	uk_spin_unlock_irqrestore(&c->wq.lock, irq);
	return !done;
}

void uk_completion_wait(struct uk_completion *c)
{
	struct uk_waiter w;

	uk_might_block();
	if (lock_completion_enter(c, &w))
		uk_waitq_park(&c->wq, &w);
}
