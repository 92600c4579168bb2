/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Who waits for whom. A thread that is about to block for a mutex says so in
 * waits_for_; from there the way goes on from the mutex to its owner, to what
 * that waits for, and so on. If it comes back to where it began, nobody on it
 * will ever go on.
 *
 * All steps are taken under one lock, which also guards waits_for_, so a
 * circle that is closed by two threads at once is seen by the second. Owners
 * change meanwhile; but a thread that is found waiting cannot unlock, so what
 * is a circle stays one.
 */
#include "lock_priv.h"

#include <uk/arch/cpu.h>
#include <uk/crash.h>
#include <uk/print.h>
#include <uk/spinlock.h>
#include <uk/thread.h>

/*
 * A circle that the caller is not in, because somebody else has closed it, is
 * not gone round for ever.
 */
#define CHAIN_MAX	64u

static struct uk_spinlock graph = UK_SPINLOCK_INIT;

static struct uk_thread *owner_of(const struct uk_mutex *m)
{
	/* Acquire, with the release of who took it. */
	struct uk_current *const cur = (void *)(
		__atomic_load_n(&m->owner, __ATOMIC_ACQUIRE) & ~UK_MUTEX_BITS);

	return cur && cur->is_thread ? (struct uk_thread *)(void *)cur : NULL;
}

/* Does the way from @m lead to @me? */
static bool leads_to(const struct uk_mutex *m, const struct uk_thread *me)
{
	for (unsigned int i = 0; m && i < CHAIN_MAX; i++) {
		const struct uk_thread *const t = owner_of(m);

		if (t == me)
			return true;
		m = t ? t->waits_for_ : NULL;
	}
	return false;
}

static void show_circle(const struct uk_mutex *m, const struct uk_thread *me)
{
	const struct uk_thread *t = me;

	do {
		const struct uk_thread *const has = owner_of(m);

		uk_pr_err("thread \"%s\" waits for mutex %p, which \"%s\" has",
			  t->cur.name, (const void *)m, has->cur.name);
		t = has;
		m = t->waits_for_;
	} while (t != me);
}

void lock_debug_wait(struct uk_mutex *m)
{
	struct uk_thread *const me = uk_thread_current();
	unsigned long irq;
	bool circle;

	if (!me)
		return;
	irq = uk_spin_lock_irqsave(&graph);
	me->waits_for_ = m;
	circle = leads_to(m, me);
	uk_spin_unlock_irqrestore(&graph, irq);
	if (!circle)
		return;
	show_circle(m, me);
	uk_crash("deadlock: thread \"%s\" waits for a mutex whose owner waits "
		 "for it", me->cur.name);
}

void lock_debug_waited(void)
{
	struct uk_thread *const me = uk_thread_current();
	unsigned long irq;

	if (!me)
		return;
	irq = uk_spin_lock_irqsave(&graph);
	me->waits_for_ = NULL;
	uk_spin_unlock_irqrestore(&graph, irq);
}

void lock_debug_locked(struct uk_mutex *m)
{
	if (m->depth == 0)
		m->since = ukarch_ticks();
}

bool lock_debug_too_long(uint64_t ticks, uint64_t hz, unsigned int limit_ms)
{
	return limit_ms && hz >= 1000 && ticks / (hz / 1000) > limit_ms;
}

/* Asked once: it is slow. Two CPUs that ask at the same time get the same. */
static uint64_t ticks_hz(void)
{
	static bool asked;	/* atomic: release after hz */
	static uint64_t hz;	/* atomic */

	if (!__atomic_load_n(&asked, __ATOMIC_ACQUIRE)) {
		__atomic_store_n(&hz, ukarch_ticks_hz(), __ATOMIC_RELAXED);
		__atomic_store_n(&asked, true, __ATOMIC_RELEASE);
	}
	return __atomic_load_n(&hz, __ATOMIC_RELAXED);
}

void lock_debug_unlock(struct uk_mutex *m)
{
	const uint64_t hz = ticks_hz();
	const uint64_t held = ukarch_ticks() - m->since;

	if (!lock_debug_too_long(held, hz, CONFIG_LIBUKLOCK_HELD_MS))
		return;
	uk_pr_warn("\"%s\" held mutex %p for %lu ms", ukarch_current()->name,
		   (void *)m, held / (hz / 1000));
}
