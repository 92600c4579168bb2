/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * How threads end. A thread cannot free its own stack, so the one that runs
 * next on its CPU declares it done, and then either its owner frees it or, if
 * it has none, the collector: the idle thread, whoever makes a thread next, or
 * who waits for that thread's end.
 *
 * Who frees it is decided by one word, join_, which changes at most twice:
 *
 *	OWNED -> NOBODYS	detached
 *	OWNED -> a thread	that waits in join
 *	any of them -> DONE	by the one that ran next
 *
 * Whoever makes the second change knows the first and does what is left. All
 * changes are made under one lock, and who waits in join goes on under it: so
 * it does not end while it is being woken.
 */
#include <uk/sched_impl.h>

#include <uk/arch/cpu.h>
#include <uk/assert.h>
#include <uk/sched.h>
#include <uk/spinlock.h>
#include <uk/wait.h>

#include "sched_priv.h"

static struct {
	struct uk_spinlock lock;	/* join_ of all threads, too */
	struct uk_thread *first;	/* for the collector */
} ended = { .lock = UK_SPINLOCK_INIT };

/* The lock is held. */
static void throw_away(struct uk_thread *t)
{
	t->gc_next_ = ended.first;
	UK_WRITE_ONCE(ended.first, t);
}

/* The lock is held. Afterwards @t may be gone. */
static void declare_done(struct uk_thread *t)
{
	struct uk_thread *const who = t->join_;

	UK_ASSERT(who != SCHED_DONE);

	/* Release, with the acquire in uk_thread_is_exited(). */
	__atomic_store_n(&t->join_, SCHED_DONE, __ATOMIC_RELEASE);
	if (who == SCHED_NOBODYS)
		throw_away(t);
	else if (who != SCHED_OWNED)
		uk_thread_wake(who);
}

/* Does a thread wait in join for @t? The lock is held. */
static bool is_waited_for(const struct uk_thread *t)
{
	return t->join_ != SCHED_OWNED && t->join_ != SCHED_NOBODYS &&
	       t->join_ != SCHED_DONE;
}

void uk_sched_left_(struct uk_thread *prev)
{
	const unsigned long irq = uk_spin_lock_irqsave(&ended.lock);

	if (prev->gc_fn_) {
		throw_away(prev);
		/* The idle thread might never come to it. */
		if (is_waited_for(prev))
			uk_thread_wake(prev->join_);
	} else {
		declare_done(prev);
	}
	uk_spin_unlock_irqrestore(&ended.lock, irq);
}

static struct uk_thread *pick_up(void)
{
	struct uk_thread *t;
	unsigned long irq;

	/* Mostly there is none; one that comes now is picked up later. */
	if (!UK_READ_ONCE(ended.first))
		return NULL;
	irq = uk_spin_lock_irqsave(&ended.lock);
	t = ended.first;
	if (t)
		UK_WRITE_ONCE(ended.first, t->gc_next_);
	uk_spin_unlock_irqrestore(&ended.lock, irq);
	return t;
}

/* Call what uk_sched_thread_exit2() was given; then @t has exited. */
static void collect_one(struct uk_thread *t)
{
	const uk_thread_gc_t fn = t->gc_fn_;
	unsigned long irq;

	if (!fn) {
		uk_thread_release(t);
		return;
	}
	t->gc_fn_ = NULL;
	fn(t, t->gc_arg_);
	irq = uk_spin_lock_irqsave(&ended.lock);
	declare_done(t);
	uk_spin_unlock_irqrestore(&ended.lock, irq);
}

bool uk_sched_collect(void)
{
	struct uk_thread *t;
	bool any = false;

	while ((t = pick_up())) {
		collect_one(t);
		any = true;
	}
	return any;
}

/* The thread that runs, not in a boot context. */
static struct uk_thread *self(void)
{
	struct uk_current *const cur = ukarch_current();

	UK_ASSERT(cur->is_thread);
	return (struct uk_thread *)(void *)cur;
}

void uk_thread_exit(void)
{
	struct uk_thread *const t = self();

	/* Else somebody waits for a mutex that it has. */
	UK_ASSERT(!t->lent_prio_);
	/* "main" has no memory of its own that could be left. */
	UK_ASSERT(t->_mem.block);

	sched_hooks_term(t);
	uk_thread_check_stack(t);

	ukarch_irq_disable();
	(void)__atomic_fetch_or(&t->flags, UK_THREADF_EXITED,
				__ATOMIC_RELEASE);
	/* Who wakes it from now on need not tell the scheduler. */
	(void)__atomic_fetch_and(&t->flags, ~UK_THREADF_QUEUEABLE,
				 __ATOMIC_RELAXED);
	t->sched->ops->yield(t->sched);
	UK_UNREACHABLE();
}

void uk_sched_thread_exit2(uk_thread_gc_t gc_fn, void *gc_arg)
{
	struct uk_thread *const t = uk_thread_current();

	t->gc_arg_ = gc_arg;
	t->gc_fn_ = gc_fn;
	uk_thread_exit();
}

/* No scheduler has @t, and it will not run. */
static void end_unrun(struct uk_thread *t)
{
	unsigned long irq;

	sched_hooks_term(t);
	t->flags |= UK_THREADF_EXITED;
	irq = uk_spin_lock_irqsave(&ended.lock);
	declare_done(t);
	uk_spin_unlock_irqrestore(&ended.lock, irq);
}

void uk_thread_terminate(struct uk_thread *t)
{
	if (t == uk_thread_current())
		uk_thread_exit();
	if (!t->sched) {
		end_unrun(t);
		return;
	}
	(void)__atomic_fetch_or(&t->flags, UK_THREADF_TERMINATE,
				__ATOMIC_RELAXED);
	uk_thread_wake(t);
}

bool uk_thread_is_exited(const struct uk_thread *t)
{
	return __atomic_load_n(&t->join_, __ATOMIC_ACQUIRE) == SCHED_DONE;
}

enum answer {
	WAIT,		/* the caller is told of it, and counts as blocked */
	COLLECT,	/* it is, perhaps, among what is to be collected */
	DONE,
};

/* Has @t exited? */
static enum answer ask(struct uk_thread *t, struct uk_thread *me)
{
	const unsigned long irq = uk_spin_lock_irqsave(&ended.lock);
	enum answer a = WAIT;

	if (t->join_ == SCHED_DONE) {
		a = DONE;
	} else {
		UK_ASSERT(t->join_ == SCHED_OWNED || t->join_ == me);
		t->join_ = me;
		if (ended.first && (t->flags & UK_THREADF_EXITED))
			a = COLLECT;
		else
			uk_thread_block(me);
	}
	uk_spin_unlock_irqrestore(&ended.lock, irq);
	return a;
}

void uk_thread_join(struct uk_thread *t)
{
	struct uk_thread *const me = uk_thread_current();
	enum answer a;

	UK_ASSERT(t != me);

	uk_might_block();
	while ((a = ask(t, me)) != DONE) {
		if (a == WAIT)
			sched_block();
		/* What it has left behind may be what is waited for. */
		(void)uk_sched_collect();
	}
	uk_thread_release(t);
}

void uk_thread_detach(struct uk_thread *t)
{
	const unsigned long irq = uk_spin_lock_irqsave(&ended.lock);
	const bool done = t->join_ == SCHED_DONE;

	if (!done) {
		UK_ASSERT(t->join_ == SCHED_OWNED);
		t->join_ = SCHED_NOBODYS;
	}
	uk_spin_unlock_irqrestore(&ended.lock, irq);
	if (done)
		uk_thread_release(t);
}
