/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Readers and writers. One word counts readers and says whether there is a
 * writer, or somebody who waits: then nobody passes by. WAITERS is changed
 * under the queue's lock only and is set exactly as long as the queue is not
 * empty. Who leaves the lock free, or to readers, with somebody waiting hands
 * it to the first in the queue, and to all readers that follow a reader: they
 * find it theirs when they wake.
 */
#include "rwlock_priv.h"

#include <uk/assert.h>

#define WRITER	UK_RWLOCK_WRITER
#define WAITERS	UK_RWLOCK_WAITERS
#define READER	UK_RWLOCK_READER

void uk_rwlock_init(struct uk_rwlock *l)
{
	*l = (struct uk_rwlock){ .state = 0 };
	uk_waitq_init(&l->wq);
}

static uint32_t state(const struct uk_rwlock *l)
{
	return __atomic_load_n(&l->state, __ATOMIC_RELAXED);
}

/* Add @add, as long as none of @unless is set. */
static bool take(struct uk_rwlock *l, uint32_t add, uint32_t unless)
{
	uint32_t v = state(l);

	while (!(v & unless))
		/* Acquire, with the release in drop() and hand_over(). */
		if (__atomic_compare_exchange_n(&l->state, &v, v + add, true,
						__ATOMIC_ACQUIRE,
						__ATOMIC_RELAXED))
			return true;
	return false;
}

bool uk_rwlock_try_rlock(struct uk_rwlock *l)
{
	return take(l, READER, WRITER | WAITERS);
}

bool uk_rwlock_try_wlock(struct uk_rwlock *l)
{
	return take(l, WRITER, ~0u);
}

/* Set WAITERS if the lock is not to be had. Under the queue's lock. */
static bool take_or_mark(struct uk_rwlock *l, uint32_t how)
{
	const uint32_t unless = how == WRITER ? ~0u : WRITER | WAITERS;
	uint32_t v = state(l);

	for (;;) {
		const bool is_free = !(v & unless);

		if (__atomic_compare_exchange_n(&l->state, &v,
						is_free ? v + how :
							  v | WAITERS, true,
						__ATOMIC_ACQUIRE,
						__ATOMIC_RELAXED))
			return is_free;
	}
}

bool lock_rw_enter(struct uk_rwlock *l, struct uk_waiter *w, uint32_t how)
{
	const unsigned long irq = uk_spin_lock_irqsave(&l->wq.lock);
	const bool taken = take_or_mark(l, how);

	if (!taken) {
		w->data = how;
		uk_waitq_add(&l->wq, w);
	}
	uk_spin_unlock_irqrestore(&l->wq.lock, irq);
	return taken;
}

/*
 * Give the lock to those at the front of the queue who may have it now, and
 * keep WAITERS right. Under the queue's lock.
 */
static void hand_over(struct uk_rwlock *l)
{
	struct uk_waiter *w;

	while ((w = uk_waitq_first(&l->wq))) {
		const uint32_t how = (uint32_t)w->data;

		/* Only who is in here, or leaves, changes it now. */
		if (!take(l, how, how == WRITER ? ~WAITERS : WRITER))
			return;
		uk_waitq_grant(w);
	}
	(void)__atomic_fetch_and(&l->state, ~WAITERS, __ATOMIC_RELEASE);
}

void lock_rw_waiter_left(struct uk_rwlock *l)
{
	const unsigned long irq = uk_spin_lock_irqsave(&l->wq.lock);

	hand_over(l);
	uk_spin_unlock_irqrestore(&l->wq.lock, irq);
}

static void drop(struct uk_rwlock *l, uint32_t how)
{
	/* Release, with the acquire in take() of who has it next. */
	const uint32_t v = __atomic_sub_fetch(&l->state, how,
					      __ATOMIC_RELEASE);

	if (UK_UNLIKELY(v & WAITERS))
		lock_rw_waiter_left(l);
}

static void wait(struct uk_rwlock *l, uint32_t how)
{
	struct uk_waiter w;

	if (!lock_rw_enter(l, &w, how))
		uk_waitq_park(&l->wq, &w);
}

void uk_rwlock_rlock(struct uk_rwlock *l)
{
	uk_might_block();
	if (UK_UNLIKELY(!uk_rwlock_try_rlock(l)))
		wait(l, READER);
}

void uk_rwlock_wlock(struct uk_rwlock *l)
{
	uk_might_block();
	if (UK_UNLIKELY(!uk_rwlock_try_wlock(l)))
		wait(l, WRITER);
}

void uk_rwlock_runlock(struct uk_rwlock *l)
{
	UK_ASSERT(state(l) >= READER);
	drop(l, READER);
}

void uk_rwlock_wunlock(struct uk_rwlock *l)
{
	UK_ASSERT(state(l) & WRITER);
	drop(l, WRITER);
}

void uk_rwlock_downgrade(struct uk_rwlock *l)
{
	uint32_t v;

	UK_ASSERT(state(l) & WRITER);

	v = __atomic_add_fetch(&l->state, READER - WRITER, __ATOMIC_RELEASE);
	if (UK_UNLIKELY(v & WAITERS))
		lock_rw_waiter_left(l);
}
