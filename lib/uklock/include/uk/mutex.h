/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <uk/arch/percpu.h>
#include <uk/assert.h>
#include <uk/compiler.h>
#include <uk/config.h>
#include <uk/preempt.h>
#include <uk/wait.h>

/*
 * A lock with an owner; who finds it taken spins a little, if the owner may
 * run on another CPU, and then blocks.
 *
 *	static struct uk_mutex lock = UK_MUTEX_INITIALIZER(lock);
 *
 * Waiters get it in the order in which they came, but for a thread that comes
 * by just when it is free; that can happen to a waiter once. Only the owner
 * unlocks, anything else is a bug and asserted. A recursive mutex may be
 * locked again by its owner, and is free after as many unlocks.
 *
 * With a scheduler that knows priorities the most urgent waiter comes first,
 * and the order is that of equals. As long as a thread waits that is more
 * urgent than the owner, the owner runs at that thread's priority, and so do
 * those that the owner waits for in turn, 64 of them at most. A thread must
 * not exit with such a mutex; that is asserted.
 *
 * With CONFIG_LIBUKLOCK_DEBUG the crash screen comes where threads wait for
 * each other in a circle, and a line of the log when a mutex was held longer
 * than CONFIG_LIBUKLOCK_HELD_MS.
 *
 * Context: thread, unless said otherwise; before stage SCHED, where there is
 * nobody to wait for, too.
 */
struct uk_mutex {
	/*
	 * 0, or the struct uk_current that owns it, with the bits below.
	 * Atomic: acquire by who gets it, release by who lets it go.
	 */
	uintptr_t owner;
	unsigned int flags;	/* constant */
	unsigned int depth;	/* the owner's: locks beyond the first */
	unsigned int spins;	/* a hint, relaxed: how long it was worth it */
	unsigned int top;	/* that of the first waiter, where it counts */
	struct uk_waitq wq;	/* see lib/uklock/mutex.c */
#if UK_IS_ENABLED(CONFIG_LIBUKLOCK_INHERIT)
	struct uk_thread *heir;	/* the owner, if it has inherited */
	struct uk_mutex *next_lender;
#endif
#if UK_IS_ENABLED(CONFIG_LIBUKLOCK_DEBUG)
	uint64_t since;		/* the owner's: ticks at the lock */
#endif
};

/*
 * In owner: somebody waits; an interrupt handler on top of it owns it; it has
 * it more than once. With any of them an unlock is not the usual one.
 */
#define UK_MUTEX_WAITERS	((uintptr_t)1)
#define UK_MUTEX_ISR		((uintptr_t)2)
#define UK_MUTEX_AGAIN		((uintptr_t)4)
#define UK_MUTEX_BITS	(UK_MUTEX_WAITERS | UK_MUTEX_ISR | UK_MUTEX_AGAIN)

#define UK_MUTEX_CONFIG_RECURSE	0x01u

#define UK_MUTEX_INITIALIZER_(m, flags_)				\
	{ .flags = (flags_), .wq = UK_WAITQ_INIT((m).wq) }
#define UK_MUTEX_INITIALIZER(m)	UK_MUTEX_INITIALIZER_(m, 0)
#define UK_MUTEX_INITIALIZER_RECURSIVE(m)				\
	UK_MUTEX_INITIALIZER_(m, UK_MUTEX_CONFIG_RECURSE)

/* Make @m free; @flags is 0 or UK_MUTEX_CONFIG_RECURSE. */
void uk_mutex_init_config(struct uk_mutex *m, unsigned int flags);

static inline void uk_mutex_init(struct uk_mutex *m)
{
	uk_mutex_init_config(m, 0);
}

/* Behind the inline functions: where the first try does not do. */
void uk_mutex_lock_slow_(struct uk_mutex *m);
bool uk_mutex_trylock_slow_(struct uk_mutex *m);
void uk_mutex_unlock_slow_(struct uk_mutex *m);

static inline bool uk_mutex_take_(struct uk_mutex *m, uintptr_t me)
{
	uintptr_t nobody = 0;

	/*
	 * Acquire, with the release in uk_mutex_drop_(). Release: whoever
	 * reads the word, with acquire, may look at the thread.
	 */
	return __atomic_compare_exchange_n(&m->owner, &nobody, me, false,
					   __ATOMIC_ACQ_REL, __ATOMIC_RELAXED);
}

/* False: the owner is somebody else, or one of the bits is set. */
static inline bool uk_mutex_drop_(struct uk_mutex *m, uintptr_t me)
{
	/* Release, with the acquire in uk_mutex_take_(). */
	return __atomic_compare_exchange_n(&m->owner, &me, 0, false,
					   __ATOMIC_RELEASE, __ATOMIC_RELAXED);
}

/* Wait until @m is the caller's. */
static inline void uk_mutex_lock(struct uk_mutex *m)
{
	uk_might_block();
	if (UK_IS_ENABLED(CONFIG_LIBUKLOCK_DEBUG) ||
	    UK_UNLIKELY(!uk_mutex_take_(m, (uintptr_t)ukarch_current())))
		uk_mutex_lock_slow_(m);
}

/* Take @m if that is possible at once. Returns whether it is the caller's. */
UK_MUST_USE static inline bool uk_mutex_trylock(struct uk_mutex *m)
{
	if (!UK_IS_ENABLED(CONFIG_LIBUKLOCK_DEBUG) &&
	    UK_LIKELY(uk_mutex_take_(m, (uintptr_t)ukarch_current())))
		return true;
	return uk_mutex_trylock_slow_(m);
}

/*
 * Wait until @m is the caller's, or uk_time_now() is @deadline_ns (0 or
 * UK_TIME_NEVER: for ever). Needs lib/uktime in the image. Returns 0, or
 *   -ETIMEDOUT  it was not to be had so long
 */
UK_MUST_USE int uk_mutex_lock_until(struct uk_mutex *m, uint64_t deadline_ns);

/* Let @m go, which the caller owns. */
static inline void uk_mutex_unlock(struct uk_mutex *m)
{
	if (!UK_IS_ENABLED(CONFIG_LIBUKLOCK_DEBUG) &&
	    UK_LIKELY(uk_mutex_drop_(m, (uintptr_t)ukarch_current())))
		return;
	uk_mutex_unlock_slow_(m);
}

/*
 * The same for an interrupt handler: it never waits, and has @m only until it
 * returns. It does not get what the interrupted thread owns, recursive or not.
 */
UK_MUST_USE static inline bool uk_mutex_trylock_isr(struct uk_mutex *m)
{
	return uk_mutex_take_(m, (uintptr_t)ukarch_current() | UK_MUTEX_ISR);
}

static inline void uk_mutex_unlock_isr(struct uk_mutex *m)
{
	if (UK_UNLIKELY(!uk_mutex_drop_(m, (uintptr_t)ukarch_current() |
						   UK_MUTEX_ISR)))
		uk_mutex_unlock_slow_(m);
}

/* Is it taken, by anybody? Context: any. */
static inline bool uk_mutex_is_locked(const struct uk_mutex *m)
{
	return __atomic_load_n(&m->owner, __ATOMIC_RELAXED) != 0;
}

/* Is it the caller's? For assertions. */
static inline bool uk_mutex_is_mine(const struct uk_mutex *m)
{
	return (__atomic_load_n(&m->owner, __ATOMIC_RELAXED) &
		~(UK_MUTEX_WAITERS | UK_MUTEX_AGAIN)) ==
	       (uintptr_t)ukarch_current();
}
