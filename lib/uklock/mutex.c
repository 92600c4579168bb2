/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Mutexes where the first try does not do.
 *
 * The owner's word is all there is to a mutex: who changes it from "nobody" to
 * itself has it. Who finds it taken sets WAITERS in it, under the queue's
 * lock, and enters the queue; so an owner that sees the bit takes the lock and
 * finds the waiter. WAITERS is changed under that lock only, and is set
 * exactly as long as somebody is in the queue or about to look again.
 *
 * Unlocking frees the mutex and wakes the first waiter, which then has to try
 * again: a thread that runs already gets on meanwhile, which is cheaper than
 * waiting until the other one has a CPU. To be fair, a waiter that was beaten
 * to it goes back to the front of the queue, and is then given the mutex
 * itself.
 *
 * With a scheduler that knows priorities, owners inherit them: the calls of
 * lock_inherit…() are for that, and nothing without (inherit.c).
 */
#include <uk/errno.h>
#include <uk/thread.h>

#include "inherit_priv.h"
#include "lock_priv.h"

#define SPINS_MAX	200u

_Static_assert(UK_MUTEX_BITS < _Alignof(struct uk_current),
	       "the bits of an address");

void uk_mutex_init_config(struct uk_mutex *m, unsigned int flags)
{
	*m = (struct uk_mutex){ .flags = flags };
	uk_waitq_init(&m->wq);
}

static uintptr_t me(void)
{
	return (uintptr_t)ukarch_current();
}

static uintptr_t owner(const struct uk_mutex *m)
{
	return __atomic_load_n(&m->owner, __ATOMIC_RELAXED);
}

/* Nobody has it, whether there are waiters or not: take it. */
static bool take(struct uk_mutex *m, uintptr_t who)
{
	uintptr_t v = owner(m);

	while (!(v & ~UK_MUTEX_WAITERS))
		/* As uk_mutex_take_(). */
		if (__atomic_compare_exchange_n(&m->owner, &v, v | who, true,
						__ATOMIC_ACQ_REL,
						__ATOMIC_RELAXED))
			return true;
	return false;
}

/* It is the caller's now, maybe before somebody who waits. */
static void taken(struct uk_mutex *m)
{
	if (lock_inherit_taken(m))
		lock_inherit(m);
}

/* Is it the caller's, and a recursive one? Then it has it once more. */
static bool again(struct uk_mutex *m)
{
	if (!uk_mutex_is_mine(m))
		return false;
	UK_ASSERT(m->flags & UK_MUTEX_CONFIG_RECURSE);
	/* The owner's own bit: nobody reads anything into it. */
	if (m->depth++ == 0)
		(void)__atomic_fetch_or(&m->owner, UK_MUTEX_AGAIN,
					__ATOMIC_RELAXED);
	return true;
}

/*
 * Wait a little for an owner that runs on another CPU. How long it is worth
 * it is learned: it grows when it helped, and shrinks when it did not. The
 * owner is not looked at, it may be gone by then.
 */
static bool spin(struct uk_mutex *m)
{
	const unsigned int max = 10 + __atomic_load_n(&m->spins,
						      __ATOMIC_RELAXED);

	if (!UK_IS_ENABLED(CONFIG_LIBUKSCHED_SMP))
		return false;
	for (unsigned int i = 0; i < max; i++) {
		if (take(m, me())) {
			__atomic_store_n(&m->spins, UK_MIN(max, SPINS_MAX),
					 __ATOMIC_RELAXED);
			return true;
		}
		ukarch_spin_wait();
	}
	__atomic_store_n(&m->spins, max / 2, __ATOMIC_RELAXED);
	return false;
}

/*
 * Take it, or set WAITERS so that the owner comes by here. Under the queue's
 * lock, so that bit does not change otherwise.
 */
static bool take_or_mark(struct uk_mutex *m)
{
	uintptr_t v = owner(m);

	for (;;) {
		const bool is_free = !(v & ~UK_MUTEX_WAITERS);
		const uintptr_t next = is_free ? v | me() :
						 v | UK_MUTEX_WAITERS;

		if (__atomic_compare_exchange_n(&m->owner, &v, next, true,
						__ATOMIC_ACQ_REL,
						__ATOMIC_RELAXED))
			return is_free;
	}
}

/* WAITERS goes with the last one that waits. Under the queue's lock. */
static void unmark_if_alone(struct uk_mutex *m)
{
	if (!uk_waitq_first(&m->wq) && !lock_inherits(m))
		(void)__atomic_fetch_and(&m->owner, ~UK_MUTEX_WAITERS,
					 __ATOMIC_RELAXED);
}

bool lock_mutex_enter(struct uk_mutex *m, struct uk_waiter *w)
{
	const unsigned long irq = uk_spin_lock_irqsave(&m->wq.lock);
	const bool is_mine = take_or_mark(m);
	bool inherits;

	if (is_mine) {
		unmark_if_alone(m);
		inherits = lock_inherit_taken(m);
	} else {
		inherits = lock_inherit_queue(m, w);
	}
	uk_spin_unlock_irqrestore(&m->wq.lock, irq);
	if (UK_UNLIKELY(inherits))
		lock_inherit(m);
	return is_mine;
}

bool lock_mutex_woken(struct uk_mutex *m, struct uk_waiter *w)
{
	/* Who gave it held the queue's lock, which the caller has had since. */
	if ((owner(m) & ~UK_MUTEX_WAITERS) == me())
		return true;
	w->data = BEATEN;
	return false;
}

void lock_mutex_left(struct uk_mutex *m, struct uk_waiter *w)
{
	unsigned long irq = uk_spin_lock_irqsave(&m->wq.lock);

	if (UK_UNLIKELY(lock_inherit_left(m, w))) {
		uk_spin_unlock_irqrestore(&m->wq.lock, irq);
		lock_inherit(m);
		irq = uk_spin_lock_irqsave(&m->wq.lock);
	}
	unmark_if_alone(m);
	uk_spin_unlock_irqrestore(&m->wq.lock, irq);
}

bool lock_mutex_quick(struct uk_mutex *m)
{
	if (!take(m, me())) {
		if (again(m))
			return true;
		if (!spin(m))
			return false;
	}
	taken(m);
	return true;
}

static void lock(struct uk_mutex *m)
{
	struct uk_waiter w = { .data = 0 };

	if (lock_mutex_quick(m))
		return;
	lock_debug_wait(m);
	while (!lock_mutex_enter(m, &w)) {
		uk_waitq_park(&m->wq, &w);
		if (lock_mutex_woken(m, &w))
			break;
	}
	lock_debug_waited();
}

void uk_mutex_lock_slow_(struct uk_mutex *m)
{
	lock(m);
	lock_debug_locked(m);
}

bool uk_mutex_trylock_slow_(struct uk_mutex *m)
{
	if (take(m, me()))
		taken(m);
	else if (!(m->flags & UK_MUTEX_CONFIG_RECURSE) || !again(m))
		return false;
	lock_debug_locked(m);
	return true;
}

/* Somebody waits, or may: wake the first, or give it what it was denied. */
static void pass_on(struct uk_mutex *m)
{
	const struct lock_hold h = lock_inherit_hold(m);
	struct uk_waiter *const w = uk_waitq_first(&m->wq);
	uintptr_t next = 0;

	if (w) {
		if (w->data & BEATEN)
			next = (uintptr_t)&w->thread->cur;
		if (w->node.next != &m->wq.waiters)
			next |= UK_MUTEX_WAITERS;
		lock_inherit_out(m, w);
	}
	/* Release, with the acquire of who takes it or is given it. */
	__atomic_store_n(&m->owner, next, __ATOMIC_RELEASE);
	if (w)
		uk_waitq_grant(w);
	lock_inherit_release(m, h);
}

void uk_mutex_unlock_slow_(struct uk_mutex *m)
{
	const uintptr_t is = owner(m) & ~(UK_MUTEX_WAITERS | UK_MUTEX_AGAIN);
	const bool isr = is & UK_MUTEX_ISR;

	/* Only the owner unlocks. */
	UK_ASSERT((is & ~UK_MUTEX_ISR) == me());

	if (!isr && m->depth) {
		if (--m->depth == 0)
			(void)__atomic_fetch_and(&m->owner, ~UK_MUTEX_AGAIN,
						 __ATOMIC_RELAXED);
		return;
	}
	if (!isr)
		lock_debug_unlock(m);
	if (!uk_mutex_drop_(m, is))
		pass_on(m);
}
