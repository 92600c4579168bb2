/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <uk/compiler.h>
#include <uk/config.h>
#include <uk/list.h>
#include <uk/spinlock.h>

struct uk_thread;

/*
 * Wait queues: threads that wait until something is so.
 *
 *	uk_waitq_wait_event(&q->wq, q->count > 0);	the one
 *
 *	q->count++;					the other
 *	uk_waitq_wake_up(&q->wq);
 *
 * The condition may be evaluated several times and in the meantime the caller
 * counts as blocked, so it must not block itself. A change that is followed by
 * a wake-up is not missed. Who waits with a lock of its own that guards the
 * condition uses the _locked forms.
 *
 * Waiters are woken in the order in which they came.
 *
 * Context: waiting: thread. Waking: any but NMI.
 */
struct uk_waitq {
	struct uk_spinlock lock;
	struct uk_list waiters;	/* struct uk_waiter; under the lock */
};

#define UK_WAITQ_INIT(wq)						\
	{ .lock = UK_SPINLOCK_INIT, .waiters = UK_LIST_INIT((wq).waiters) }
#define DEFINE_WAIT_QUEUE(wq)	struct uk_waitq wq = UK_WAITQ_INIT(wq)

static inline void uk_waitq_init(struct uk_waitq *wq)
{
	uk_spin_init(&wq->lock);
	uk_list_init(&wq->waiters);
}

/*
 * For functions that may block: in an image with CONFIG_LIBUKSCHED_DEBUG the
 * crash screen comes if the caller is not in a context where that is allowed.
 * Context: any.
 */
void uk_might_block_(void);
static inline void uk_might_block(void)
{
	if (UK_IS_ENABLED(CONFIG_LIBUKSCHED_DEBUG))
		uk_might_block_();
}

/* Would a wake-up find somebody? A hint, unless the lock is held. */
static inline bool uk_waitq_empty(const struct uk_waitq *wq)
{
	return UK_READ_ONCE(wq->waiters.next) == &wq->waiters;
}

/* Wake all that wait now, or the one that waits longest. */
void uk_waitq_wake_up(struct uk_waitq *wq);
void uk_waitq_wake_up_one(struct uk_waitq *wq);

/* Wait until @cond holds. An expression; the value is 0. */
#define uk_waitq_wait_event(wq, cond)					\
	uk_waitq_wait_(wq, cond, 0, (void)0, (void)0, uk_waitq_block_)

/*
 * The same until uk_time_now() is @deadline_ns (0 or UK_TIME_NEVER: for ever).
 * The value is 0, or 1: it is that late and @cond does not hold. Needs
 * lib/uktime in the image.
 */
#define uk_waitq_wait_event_deadline(wq, cond, deadline_ns)		\
	uk_waitq_wait_(wq, cond, deadline_ns, (void)0, (void)0,		\
		       uk_waitq_block_until_)

/*
 * The same, called with @l held, which guards the condition, and returning
 * with it: @unlock_fn(@l) before blocking, @lock_fn(@l) after.
 */
#define uk_waitq_wait_event_locked(wq, cond, lock_fn, unlock_fn, l)	\
	uk_waitq_wait_(wq, cond, 0, (lock_fn)(l), (unlock_fn)(l),	\
		       uk_waitq_block_)
#define uk_waitq_wait_event_deadline_locked(wq, cond, deadline_ns,	\
					    lock_fn, unlock_fn, l)	\
	uk_waitq_wait_(wq, cond, deadline_ns, (lock_fn)(l),		\
		       (unlock_fn)(l), uk_waitq_block_until_)

/*
 * For those who make locks out of it
 *
 * A waiter is on its thread's stack. Once it is in the queue, whoever holds
 * the queue's lock may take it out, for a reason that both know (the lock is
 * yours now), and wakes its thread; that goes on when it finds itself taken
 * out, under the lock, so after the waker has let go.
 */
struct uk_waiter {
	struct uk_list node;	/* the queue's lock; alone: not in the queue */
	struct uk_thread *thread;
	uintptr_t data;		/* what the queue's owner wants to know */
};

/*
 * Put the caller at the end (the front) of @wq: it counts as blocked from now
 * on. @wq's lock is held, with interrupts off.
 */
void uk_waitq_add(struct uk_waitq *wq, struct uk_waiter *w);
void uk_waitq_add_front(struct uk_waitq *wq, struct uk_waiter *w);

/* The one that waits longest, or NULL. @wq's lock is held. */
static inline struct uk_waiter *uk_waitq_first(const struct uk_waitq *wq)
{
	if (uk_list_empty(&wq->waiters))
		return NULL;
	return uk_list_entry(wq->waiters.next, struct uk_waiter, node);
}

/*
 * Take @w out of its queue and wake its thread. The queue's lock is held, with
 * interrupts off.
 */
void uk_waitq_grant(struct uk_waiter *w);

/* Block until @w, the caller's, has been taken out. @wq's lock is not held. */
void uk_waitq_park(struct uk_waitq *wq, struct uk_waiter *w);

/*
 * The same until @deadline_ns. Returns 0, or
 *   -ETIMEDOUT  it is that late, and @w is out of the queue by itself
 */
UK_MUST_USE int uk_waitq_park_until(struct uk_waitq *wq, struct uk_waiter *w,
				    uint64_t deadline_ns);

/* Behind the macros. */

/* Is @w's caller ready to block: in @wq, and blocked as to its flags? */
void uk_waitq_prepare_(struct uk_waitq *wq, struct uk_waiter *w);

/* Give up the CPU until it is woken. Returns 1: @deadline_ns is over. */
int uk_waitq_block_(uint64_t deadline_ns);
int uk_waitq_block_until_(uint64_t deadline_ns);

/* It waits no more. A wake-up that came after its last look is passed on. */
void uk_waitq_finish_(struct uk_waitq *wq, struct uk_waiter *w);

#define uk_waitq_wait_(wq_, cond, deadline_ns, lock_again, unlock, block) \
	__extension__ ({						\
		int uk_late_ = 0;					\
		uk_might_block();					\
		if (!(cond)) {						\
			struct uk_waitq *const uk_wq_ = (wq_);		\
			const uint64_t uk_deadline_ = (deadline_ns);	\
			struct uk_waiter uk_w_ = { .thread = NULL };	\
			for (;;) {					\
				uk_waitq_prepare_(uk_wq_, &uk_w_);	\
				if (cond) {				\
					uk_late_ = 0;			\
					break;				\
				}					\
				if (uk_late_)				\
					break;				\
				unlock;					\
				uk_late_ = block(uk_deadline_);		\
				lock_again;				\
			}						\
			uk_waitq_finish_(uk_wq_, &uk_w_);		\
		}							\
		uk_late_;						\
	})
