/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <uk/arch/cpu.h>
#include <uk/assert.h>
#include <uk/compiler.h>
#include <uk/config.h>
#include <uk/preempt.h>

/*
 * A lock for a few instructions: who finds it held spins.
 *
 *	static struct uk_spinlock lock = UK_SPINLOCK_INIT;
 *
 *	irq = uk_spin_lock_irqsave(&lock);
 *	...
 *	uk_spin_unlock_irqrestore(&lock, irq);
 *
 * It is fair: CPUs get it in the order in which they came (a ticket lock).
 * Whoever holds it is not preempted and must not block. What an interrupt
 * handler takes too, everybody else takes by the irqsave form: a handler that
 * comes on top of a holder on its own CPU would spin for ever.
 *
 * On one CPU nobody can spin: taking a lock keeps preemption off and marks it
 * as held, for trylock and for an assertion.
 *
 * Context: any, also before anything is set up.
 */
struct uk_spinlock {
	union {
		/* Both halves; atomic. */
		uint32_t tickets;
		/*
		 * The ticket that has the lock: acquire by who waits for it,
		 * release by who passes it on. The next one to be drawn is in
		 * the upper half.
		 */
		uint16_t serving;
	};
};

#define UK_SPINLOCK_INIT	{ { 0 } }

#define UK_SPIN_TICKET_SHIFT	16

/* Make @lock a free lock. */
static inline void uk_spin_init(struct uk_spinlock *lock)
{
	lock->tickets = 0;
}

/* Is a lock with @tickets held? */
static inline bool uk_spin_taken_(uint32_t tickets)
{
	if (!UK_IS_ENABLED(CONFIG_HAVE_SMP))
		return tickets;
	return (uint16_t)tickets !=
	       (uint16_t)(tickets >> UK_SPIN_TICKET_SHIFT);
}

/* Is somebody holding it? For assertions. */
static inline bool uk_spin_is_locked(const struct uk_spinlock *lock)
{
	return uk_spin_taken_(__atomic_load_n(&lock->tickets,
					      __ATOMIC_RELAXED));
}

static inline void uk_spin_lock_(struct uk_spinlock *lock)
{
	uint32_t old;
	uint16_t mine;

	if (!UK_IS_ENABLED(CONFIG_HAVE_SMP)) {
		UK_ASSERT(!uk_spin_is_locked(lock));
		lock->tickets = 1;
		uk_compiler_barrier();
		return;
	}

	/* Acquire, with the release in uk_spin_unlock_(). */
	old = __atomic_fetch_add(&lock->tickets, 1u << UK_SPIN_TICKET_SHIFT,
				 __ATOMIC_ACQUIRE);
	mine = (uint16_t)(old >> UK_SPIN_TICKET_SHIFT);
	if (UK_LIKELY((uint16_t)old == mine))
		return;
	while (__atomic_load_n(&lock->serving, __ATOMIC_ACQUIRE) != mine)
		ukarch_spin_wait();
}

static inline bool uk_spin_trylock_(struct uk_spinlock *lock)
{
	uint32_t old = __atomic_load_n(&lock->tickets, __ATOMIC_RELAXED);

	if (uk_spin_taken_(old))
		return false;
	if (!UK_IS_ENABLED(CONFIG_HAVE_SMP)) {
		lock->tickets = 1;
		uk_compiler_barrier();
		return true;
	}
	return __atomic_compare_exchange_n(&lock->tickets, &old,
					   old + (1u << UK_SPIN_TICKET_SHIFT),
					   false, __ATOMIC_ACQUIRE,
					   __ATOMIC_RELAXED);
}

/* @lock, which has @tickets, goes to who has drawn the next one. */
static inline void uk_spin_pass_on_(struct uk_spinlock *lock, uint32_t tickets)
{
	if (!UK_IS_ENABLED(CONFIG_HAVE_SMP)) {
		uk_compiler_barrier();
		lock->tickets = 0;
		return;
	}
	/* The holder alone writes this half. */
	__atomic_store_n(&lock->serving, (uint16_t)(tickets + 1),
			 __ATOMIC_RELEASE);
}

static inline void uk_spin_unlock_(struct uk_spinlock *lock)
{
	const uint32_t t = __atomic_load_n(&lock->tickets, __ATOMIC_RELAXED);

	/* Somebody holds it. */
	UK_ASSERT(uk_spin_taken_(t));
	uk_spin_pass_on_(lock, t);
}

/* The same without asserting that, where each instruction counts. */
static inline void uk_spin_pass_(struct uk_spinlock *lock)
{
	uk_spin_pass_on_(lock, __atomic_load_n(&lock->tickets,
					       __ATOMIC_RELAXED));
}

/* Take @lock, which this CPU does not hold. */
static inline void uk_spin_lock(struct uk_spinlock *lock)
{
	uk_preempt_disable();
	uk_spin_lock_(lock);
}

/* The same if nobody holds it or waits for it; else false, at once. */
UK_MUST_USE static inline bool uk_spin_trylock(struct uk_spinlock *lock)
{
	uk_preempt_disable();
	if (UK_LIKELY(uk_spin_trylock_(lock)))
		return true;
	uk_preempt_enable();
	return false;
}

/* Give it to who waits longest. This may be where the thread is preempted. */
static inline void uk_spin_unlock(struct uk_spinlock *lock)
{
	uk_spin_unlock_(lock);
	uk_preempt_enable();
}

/*
 * Put interrupts off and take @lock; @state of the unlock is what the lock
 * returned. They nest.
 */
UK_MUST_USE static inline unsigned long
uk_spin_lock_irqsave(struct uk_spinlock *lock)
{
	const unsigned long state = ukarch_irq_save();

	uk_spin_lock(lock);
	return state;
}

static inline void uk_spin_unlock_irqrestore(struct uk_spinlock *lock,
					     unsigned long state)
{
	uk_spin_unlock_(lock);
	ukarch_irq_restore(state);
	/* With interrupts as they were, so that it may be preempted here. */
	uk_preempt_enable();
}

/* Returns false, and interrupts are as they were, if @lock is not free. */
UK_MUST_USE static inline bool
uk_spin_trylock_irqsave(struct uk_spinlock *lock, unsigned long *state)
{
	*state = ukarch_irq_save();
	if (UK_LIKELY(uk_spin_trylock(lock)))
		return true;
	ukarch_irq_restore(*state);
	return false;
}
