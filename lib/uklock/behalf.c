/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A mutex whose owner is written by others. What lends and to whom is found
 * out as it is for every mutex (inherit.c); the way is the long one, with the
 * lock of all that is lent, so that the fast ones are as they were.
 *
 * WAITERS is kept as there, since whoever follows a chain of owners looks at
 * it, though nobody unlocks by that word.
 */
#include <uk/mutex_behalf.h>

#include <uk/assert.h>
#include <uk/thread.h>

#include "inherit_priv.h"
#include "lock_priv.h"

static void set_owner(struct uk_mutex *m, struct uk_thread *t)
{
	const uintptr_t bits = uk_mutex_is_wanted(m) ? UK_MUTEX_WAITERS : 0;

	/* Release: whoever reads it, with acquire, may look at the thread. */
	__atomic_store_n(&m->owner, (uintptr_t)&t->cur | bits,
			 __ATOMIC_RELEASE);
}

void uk_mutex_take_for(struct uk_mutex *m, struct uk_thread *t)
{
	const struct lock_hold h = lock_inherit_hold_all(m);

	set_owner(m, t);
	lock_inherit_release(m, h);
}

void uk_mutex_wait_for(struct uk_mutex *m, struct uk_waiter *w,
		       struct uk_thread *t)
{
	const unsigned long irq = uk_spin_lock_irqsave(&m->wq.lock);
	bool inherits;

	UK_ASSERT(m->owner);
	UK_ASSERT((m->owner & ~UK_MUTEX_BITS) != (uintptr_t)&t->cur);

	*w = (struct uk_waiter){ .thread = t };
	(void)__atomic_fetch_or(&m->owner, UK_MUTEX_WAITERS, __ATOMIC_RELAXED);
	inherits = lock_inherit_queue_for(m, w);
	uk_spin_unlock_irqrestore(&m->wq.lock, irq);
	if (inherits)
		lock_inherit(m);
}

void uk_mutex_give_up_for(struct uk_mutex *m, struct uk_waiter *w)
{
	const unsigned long irq = uk_spin_lock_irqsave(&m->wq.lock);

	uk_list_remove(&w->node);
	uk_spin_unlock_irqrestore(&m->wq.lock, irq);
	lock_mutex_left(m, w);
}

struct uk_waiter *uk_mutex_hand_over(struct uk_mutex *m)
{
	const struct lock_hold h = lock_inherit_hold_all(m);
	struct uk_waiter *const w = uk_waitq_first(&m->wq);

	UK_ASSERT(w);

	lock_inherit_out(m, w);
	uk_list_remove(&w->node);
	set_owner(m, w->thread);
	lock_inherit_release(m, h);
	return w;
}
