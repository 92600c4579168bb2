/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Who inherits what. A mutex that a thread more urgent than its owner's own
 * priority waits for is among the owner's lenders, and the owner is lent the
 * highest priority of those that wait for its lenders. If it waits itself this
 * may make it a lender of the next owner, and so on.
 *
 * Whether there is anything to lend is seen under the queue's lock: the first
 * waiter's priority against the owner's own. Where all are equally urgent it
 * ends there. Else `lending`, one lock for all, is taken before the queue's,
 * and the way is gone from owner to owner, one queue's lock at a time and the
 * next one by trylock. Only one goes at a time, so it does not matter which
 * way: threads that wait in a circle do not stop it, since it ends where a
 * priority does not change.
 *
 * Nobody else may leave while he is looked at:
 *
 *   an owner	cannot unlock without the queue's lock while WAITERS is set,
 *		which stays as long as somebody inherits;
 *   a waiter	says what it waits for in waiter_, and takes that back under the
 *		queue's lock; both wait for the lock bit in that word. Who has
 *		taken the bit sees what was written before, or is seen.
 *
 * Refused: each thread a lock of its own for its lenders. It would be taken
 * twice at every contended hand-over, to serve those where somebody inherits.
 */
#include "inherit_priv.h"

#include <uk/arch/cpu.h>
#include <uk/assert.h>
#include <uk/essentials.h>
#include <uk/event.h>
#include <uk/sched.h>

/* Owners on the way from a waiter. Those behind do not inherit any more. */
#define CHAIN_MAX	64u

/* In waiter_: somebody looks at it. */
#define LOOKED_AT	((uintptr_t)1)

/*
 * Lenders, heirs and lent priorities. Taken before a queue's lock, and after
 * that of lib/uksched's list of threads.
 */
static struct uk_spinlock lending = UK_SPINLOCK_INIT;

static unsigned int prio_of(const struct uk_thread *t)
{
	return __atomic_load_n(&t->prio, __ATOMIC_RELAXED);
}

static unsigned int own_prio(const struct uk_thread *t)
{
	return __atomic_load_n(&t->base_prio_, __ATOMIC_RELAXED);
}

/* A handler on top of a thread, or a boot context, needs no priority. */
static struct uk_thread *thread_of(uintptr_t owner)
{
	struct uk_current *const cur = (void *)(owner & ~UK_MUTEX_BITS);

	if ((owner & UK_MUTEX_ISR) || !cur || !cur->is_thread)
		return NULL;
	return (struct uk_thread *)(void *)cur;
}

/*
 * A mutex's queue. Its order is by what each had when it came in or was moved
 * last, wait_prio_, because prio may change at any time.
 */

static struct uk_waiter *waiter_at(struct uk_list *node)
{
	return uk_list_entry(node, struct uk_waiter, node);
}

/* Under the queue's lock, as all of these. */
static void set_top(struct uk_mutex *m)
{
	const struct uk_waiter *const w = uk_waitq_first(&m->wq);

	__atomic_store_n(&m->top, w ? w->thread->wait_prio_ : 0,
			 __ATOMIC_RELAXED);
}

/* Move @w from the end to behind its equals or, if it was beaten, before. */
static void move_up(struct uk_mutex *m, struct uk_waiter *w)
{
	/* Above its equals if it was beaten. */
	const unsigned int prio = w->thread->wait_prio_ +
				  (unsigned int)(w->data & BEATEN);
	struct uk_list *pos = w->node.prev;

	while (pos != &m->wq.waiters &&
	       waiter_at(pos)->thread->wait_prio_ < prio)
		pos = pos->prev;
	if (pos == w->node.prev)
		return;
	uk_list_remove(&w->node);
	uk_list_add_after(pos, &w->node);
}

/* Change waiter_ of @t from @from to @to, when nobody looks at it. */
static void change_waiter(struct uk_thread *t, const struct uk_waiter *from,
			  const struct uk_waiter *to)
{
	uintptr_t was = (uintptr_t)from;

	while (!__atomic_compare_exchange_n(&t->waiter_, &was, (uintptr_t)to,
					    true, __ATOMIC_ACQ_REL,
					    __ATOMIC_RELAXED)) {
		was = (uintptr_t)from;
		ukarch_spin_wait();
	}
}

/* @w is the last one of the queue. */
static inline bool queued(struct uk_mutex *m, struct uk_waiter *w)
{
	const struct uk_thread *heir;

	w->data |= (uintptr_t)m;
	/* Now, or before, its priority changes. */
	change_waiter(w->thread, NULL, w);
	w->thread->wait_prio_ = (uint8_t)prio_of(w->thread);
	move_up(m, w);
	if (uk_waitq_first(&m->wq) != w)
		return false;
	set_top(m);
	/* Acquire, with the release of who took it. */
	heir = thread_of(__atomic_load_n(&m->owner, __ATOMIC_ACQUIRE));
	return heir && m->top > own_prio(heir);
}

bool lock_inherit_queue(struct uk_mutex *m, struct uk_waiter *w)
{
	uk_waitq_add(&m->wq, w);
	return queued(m, w);
}

bool lock_inherit_queue_for(struct uk_mutex *m, struct uk_waiter *w)
{
	uk_list_push_back(&m->wq.waiters, &w->node);
	return queued(m, w);
}

void lock_inherit_out(struct uk_mutex *m, struct uk_waiter *w)
{
	struct uk_list *const next = w->node.next;

	change_waiter(w->thread, w, NULL);
	__atomic_store_n(&m->top, next == &m->wq.waiters ? 0 :
				  waiter_at(next)->thread->wait_prio_,
			 __ATOMIC_RELAXED);
}

bool lock_inherit_left(struct uk_mutex *m, struct uk_waiter *w)
{
	change_waiter(w->thread, w, NULL);
	set_top(m);
	return m->heir;
}

/*
 * Lenders. All under `lending`.
 */

static void add_lender(struct uk_thread *heir, struct uk_mutex *m)
{
	m->heir = heir;
	m->next_lender = heir->lenders_;
	heir->lenders_ = m;
}

static void remove_lender(struct uk_mutex *m)
{
	struct uk_mutex **at = &m->heir->lenders_;

	while (*at != m)
		at = &(*at)->next_lender;
	*at = m->next_lender;
	m->heir = NULL;
}

/* Let @t run at what it is owed. Returns whether that is a change. */
static bool pay(struct uk_thread *t)
{
	unsigned int prio = 0;

	for (const struct uk_mutex *m = t->lenders_; m; m = m->next_lender)
		prio = UK_MAX(prio, __atomic_load_n(&m->top,
						    __ATOMIC_RELAXED));
	return uk_thread_lend_prio(t, prio);
}

/* Who owns @m, if somebody waits or it lends. Under the queue's lock. */
static struct uk_thread *owner_of(struct uk_mutex *m)
{
	if (!m->heir && !uk_waitq_first(&m->wq))
		return NULL;
	/*
	 * WAITERS is set. By changing the word this comes before or after the
	 * change of who takes @m, who then sees top.
	 */
	return thread_of(__atomic_fetch_or(&m->owner, UK_MUTEX_WAITERS,
					   __ATOMIC_ACQ_REL));
}

/* Does @m lend to @owner? Returns whether @owner's priority changes. */
static bool settle(struct uk_mutex *m, struct uk_thread *owner)
{
	const bool lends = m->top > own_prio(owner);

	UK_ASSERT(!m->heir || m->heir == owner);

	if (lends && !m->heir)
		add_lender(owner, m);
	else if (!lends && m->heir)
		remove_lender(m);
	else if (!lends)
		return false;
	return pay(owner);
}

/*
 * Lock the queue that @t waits in, and return its mutex; NULL: in none, or in
 * that of @held, whose lock the caller has. @t does not end meanwhile.
 */
static struct uk_mutex *lock_queue_of(struct uk_thread *t,
				      const struct uk_mutex *held)
{
	for (;;) {
		const uintptr_t is = __atomic_fetch_or(&t->waiter_, LOOKED_AT,
						       __ATOMIC_ACQ_REL);
		const struct uk_waiter *const w = (void *)is;
		struct uk_mutex *m = w ? lock_waits_for(w) : NULL;
		bool locked;

		if (m == held)
			m = NULL;
		/* Whoever has it may be about to change waiter_. */
		locked = m && uk_spin_trylock_(&m->wq.lock);
		__atomic_store_n(&t->waiter_, is, __ATOMIC_RELEASE);
		if (!m)
			return NULL;
		if (!locked) {
			ukarch_spin_wait();
			continue;
		}
		if (!uk_list_empty(&w->node))
			return m;
		/* Too late, it is about to say so itself. */
		uk_spin_unlock_(&m->wq.lock);
		return NULL;
	}
}

/* @t, which waits in @m's queue, may be more or less urgent than before. */
static void move(struct uk_mutex *m, struct uk_thread *t)
{
	struct uk_waiter *const w = (void *)__atomic_load_n(&t->waiter_,
							    __ATOMIC_RELAXED);
	const unsigned int prio = prio_of(t);

	if (t->wait_prio_ == prio)
		return;
	t->wait_prio_ = (uint8_t)prio;
	uk_list_remove(&w->node);
	uk_list_push_back(&m->wq.waiters, &w->node);
	move_up(m, w);
	set_top(m);
}

/* From @m, whose lock is held and given back, as far as something changes. */
static void follow(struct uk_mutex *m)
{
	for (unsigned int i = 0; i < CHAIN_MAX; i++) {
		struct uk_thread *const owner = owner_of(m);
		struct uk_mutex *next;

		if (!owner || !settle(m, owner))
			break;
		/* It is alive as long as @m is locked. */
		next = lock_queue_of(owner, m);
		if (!next)
			break;
		uk_spin_unlock_(&m->wq.lock);
		m = next;
		move(m, owner);
	}
	uk_spin_unlock_(&m->wq.lock);
}

void lock_inherit(struct uk_mutex *m)
{
	const unsigned long irq = uk_spin_lock_irqsave(&lending);

	uk_spin_lock_(&m->wq.lock);
	follow(m);
	uk_spin_unlock_irqrestore(&lending, irq);
}

/*
 * Both locks count as one for preemption: what was taken as the queue's is
 * given back as `lending`.
 */
void lock_inherit_hold_(struct uk_mutex *m)
{
	uk_spin_unlock_(&m->wq.lock);
	uk_spin_lock_(&lending);
	uk_spin_lock_(&m->wq.lock);
}

void lock_inherit_release_(struct uk_mutex *m, unsigned long irq)
{
	struct uk_thread *const before = m->heir;

	if (before)
		remove_lender(m);
	follow(m);
	/* That is the caller, or alive as it says. */
	if (before)
		(void)pay(before);
	uk_spin_unlock_irqrestore(&lending, irq);
}

/* @t waits for what @owner, whose own priority is lower now, has? */
static int look_at_waiter(struct uk_thread *t, void *owner)
{
	struct uk_mutex *const m = lock_queue_of(t, NULL);

	if (!m)
		return 0;
	if (owner_of(m) == owner)
		follow(m);
	else
		uk_spin_unlock_(&m->wq.lock);
	return 0;
}

static int take_turn(struct uk_thread *t, void *owner)
{
	const unsigned long irq = uk_spin_lock_irqsave(&lending);
	const int rc = look_at_waiter(t, owner);

	uk_spin_unlock_irqrestore(&lending, irq);
	return rc;
}

static enum uk_event_result on_prio(void *data)
{
	const struct uk_thread_prio *const change = data;
	struct uk_thread *const t = change->t;
	unsigned long irq;
	struct uk_mutex *m;

	irq = uk_spin_lock_irqsave(&lending);
	m = lock_queue_of(t, NULL);
	if (m) {
		move(m, t);
		follow(m);
	}
	uk_spin_unlock_irqrestore(&lending, irq);
	/* What was not above its own priority may be now. */
	if (own_prio(t) < change->was)
		(void)uk_sched_foreach_thread(take_turn, t);
	return UK_EVENT_HANDLED_CONT;
}

UK_EVENT_HANDLER(uk_thread_prio, on_prio);
