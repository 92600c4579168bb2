/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>

#include <uk/compiler.h>
#include <uk/config.h>
#include <uk/mutex.h>
#include <uk/spinlock.h>
#include <uk/thread.h>
#include <uk/wait.h>

/*
 * Priority inheritance (inherit.c): while a more urgent thread waits for a
 * mutex its owner runs at that thread's priority. Of a mutex's queue the most
 * urgent comes first.
 *
 * What is inline is done at every contended lock and unlock, under the queue's
 * lock, and finds out whether anybody inherits. Mostly nobody does.
 */

/* In struct uk_waiter's data, beside the mutex: it has been beaten once. */
#define BEATEN	((uintptr_t)1)

/* How a mutex is held by who passes it on. */
struct lock_hold {
	unsigned long irq;
	bool lending;		/* with the lock of all that is lent */
};

#if UK_IS_ENABLED(CONFIG_LIBUKLOCK_INHERIT)
/* The mutex that @w waits for. */
static inline struct uk_mutex *lock_waits_for(const struct uk_waiter *w)
{
	return (struct uk_mutex *)(w->data & ~BEATEN);
}

/*
 * The caller's waiter @w enters @m's queue. Returns whether lock_inherit() is
 * to be called without the lock.
 */
bool lock_inherit_queue(struct uk_mutex *m, struct uk_waiter *w);

/* The same for @w's thread, whatever that does. */
bool lock_inherit_queue_for(struct uk_mutex *m, struct uk_waiter *w);

/* @w is about to be taken out of @m's queue, of which it is the first. */
void lock_inherit_out(struct uk_mutex *m, struct uk_waiter *w);

/*
 * @w, the caller's, has left @m's queue by itself. Returns whether @m has an
 * owner who has inherited: then lock_inherit() is to be called without the
 * lock, and WAITERS stays until then.
 */
bool lock_inherit_left(struct uk_mutex *m, struct uk_waiter *w);

/* Does @m's owner inherit? Under the queue's lock. */
static inline bool lock_inherits(const struct uk_mutex *m)
{
	return m->heir;
}

/*
 * The caller has taken @m without waiting. Returns whether lock_inherit() is to
 * be called, because somebody more urgent waits. No lock is needed: who
 * changes top looks at the owner's word afterwards, by changing it.
 */
static inline bool lock_inherit_taken(const struct uk_mutex *m)
{
	const unsigned int top = __atomic_load_n(&m->top, __ATOMIC_RELAXED);
	const struct uk_thread *const me = uk_thread_current();

	return UK_UNLIKELY(top) && me &&
	       top > __atomic_load_n(&me->base_prio_, __ATOMIC_RELAXED);
}

/*
 * Let @m's owner, and whoever that waits for, have the priority they are owed.
 * @m is the caller's, or waited for by it. No lock.
 */
void lock_inherit(struct uk_mutex *m);

/* Will the first waiter be given @m, and be owed something by the second? */
static inline bool lock_inherits_next(const struct uk_mutex *m)
{
	const struct uk_waiter *const w = uk_waitq_first(&m->wq);

	return w && (w->data & BEATEN) && w->node.next != &m->wq.waiters &&
	       uk_list_entry(w->node.next, struct uk_waiter,
			     node)->thread->wait_prio_ >
		       __atomic_load_n(&w->thread->base_prio_,
				       __ATOMIC_RELAXED);
}

/* Behind these two: change to, and give back, both locks. */
void lock_inherit_hold_(struct uk_mutex *m);
void lock_inherit_release_(struct uk_mutex *m, unsigned long irq);

/* Hold @m for lock_inherit_out() and a change of owner; and let it go after. */
static inline struct lock_hold lock_inherit_hold(struct uk_mutex *m)
{
	struct lock_hold h = { .irq = uk_spin_lock_irqsave(&m->wq.lock) };

	if (UK_UNLIKELY(m->heir || lock_inherits_next(m))) {
		lock_inherit_hold_(m);
		h.lending = true;
	}
	return h;
}

/* The same, and whoever is owed something by the change gets it. */
static inline struct lock_hold lock_inherit_hold_all(struct uk_mutex *m)
{
	const struct lock_hold h = {
		.irq = uk_spin_lock_irqsave(&m->wq.lock), .lending = true,
	};

	lock_inherit_hold_(m);
	return h;
}

static inline void lock_inherit_release(struct uk_mutex *m, struct lock_hold h)
{
	if (UK_UNLIKELY(h.lending))
		lock_inherit_release_(m, h.irq);
	else
		uk_spin_unlock_irqrestore(&m->wq.lock, h.irq);
}
#else
static inline bool lock_inherit_queue(struct uk_mutex *m, struct uk_waiter *w)
{
	if (w->data & BEATEN)
		uk_waitq_add_front(&m->wq, w);
	else
		uk_waitq_add(&m->wq, w);
	return false;
}

static inline bool lock_inherit_queue_for(struct uk_mutex *m,
					  struct uk_waiter *w)
{
	uk_list_push_back(&m->wq.waiters, &w->node);
	return false;
}

static inline void lock_inherit_out(struct uk_mutex *m, struct uk_waiter *w)
{
	(void)m;
	(void)w;
}

static inline bool lock_inherit_left(struct uk_mutex *m, struct uk_waiter *w)
{
	(void)m;
	(void)w;
	return false;
}

static inline bool lock_inherits(const struct uk_mutex *m)
{
	(void)m;
	return false;
}

static inline bool lock_inherit_taken(const struct uk_mutex *m)
{
	(void)m;
	return false;
}

static inline void lock_inherit(struct uk_mutex *m)
{
	(void)m;
}

static inline struct lock_hold lock_inherit_hold(struct uk_mutex *m)
{
	return (struct lock_hold){ .irq = uk_spin_lock_irqsave(&m->wq.lock) };
}

static inline struct lock_hold lock_inherit_hold_all(struct uk_mutex *m)
{
	return lock_inherit_hold(m);
}

static inline void lock_inherit_release(struct uk_mutex *m, struct lock_hold h)
{
	uk_spin_unlock_irqrestore(&m->wq.lock, h.irq);
}
#endif
