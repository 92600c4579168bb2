/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Taking turns on the boot CPU. The threads that can run stand in a ring, the
 * running one among them, and who yields passes the turn on to the next: no
 * queue is touched. Who is woken comes in just before the running one, so it is
 * last in turn. There is no lock: everything happens on one CPU with interrupts
 * off, and interrupt handlers do no more than wake.
 *
 * The idle thread is not in the ring. It runs when that is empty, frees what
 * exited threads left, and sleeps.
 *
 * Refused: idling on the stack of the thread that blocked last. It saves the
 * idle thread's, but nobody could free that of one that exited last.
 */
#include <uk/sched_impl.h>

#include <uk/arch/cpu.h>
#include <uk/assert.h>
#include <uk/config.h>
#include <uk/errno.h>
#include <uk/init.h>
#include <uk/percpu.h>

#include "coop_priv.h"

/* Used with interrupts off. */
static struct {
	/* Runs, or, while the idle thread does, is next; NULL: the ring is
	 * empty. */
	struct uk_thread *turn;
	struct uk_thread *idle;
} coop;

static struct uk_thread *after(const struct uk_thread *t)
{
	return uk_list_entry(t->queue_.next, struct uk_thread, queue_);
}

/* Let @t in, as the last in turn. */
static void enter(struct uk_thread *t)
{
	t->queued_ = true;
	if (coop.turn) {
		uk_list_push_back(&coop.turn->queue_, &t->queue_);
	} else {
		uk_list_init(&t->queue_);
		coop.turn = t;
	}
}

static void leave(struct uk_thread *t)
{
	if (coop.turn == t)
		coop.turn = after(t) == t ? NULL : after(t);
	t->queued_ = false;
	uk_list_unlink(&t->queue_);
}

static bool may_run(const struct uk_thread *t)
{
	/* Acquire, with the release in uk_thread_wake(). */
	return (__atomic_load_n(&t->flags, __ATOMIC_ACQUIRE) &
		(UK_THREADF_RUNNABLE | UK_THREADF_EXITED)) ==
	       UK_THREADF_RUNNABLE;
}

/* The running thread can run no more, or is the idle one: whose turn is it? */
static inline struct uk_thread *stop(struct uk_thread *me)
{
	struct uk_thread *next;

	/* Nobody runs before the switch, so this is early enough. */
	uk_sched_left(me);
	if (UK_UNLIKELY(!me->queued_))
		return coop.turn ? coop.turn : coop.idle;
	/* It is its turn. */
	next = after(me);
	me->queued_ = false;
	if (next == me) {
		coop.turn = NULL;
		return coop.idle;
	}
	coop.turn = next;
	uk_list_unlink(&me->queue_);
	return next;
}

static void coop_yield(struct uk_sched *s UK_UNUSED)
{
	const unsigned long irq = ukarch_irq_save();
	struct uk_thread *const me = uk_thread_self();
	struct uk_thread *next;

	if (UK_LIKELY(may_run(me) && me->queued_)) {
		next = after(me);
		coop.turn = next;
	} else {
		next = stop(me);
	}
	if (next != me)
		uk_sched_switch(me, next);
	ukarch_irq_restore(irq);
}

/* @t has become RUNNABLE, and has not exited; interrupts are off. */
static void coop_wake(struct uk_sched *s UK_UNUSED, struct uk_thread *t)
{
	UK_ASSERT(!UK_IS_ENABLED(CONFIG_HAVE_SMP) ||
		  uk_this_cpu(uk_cpu).idx == 0);
	if (!t->queued_)
		enter(t);
}

static void coop_add(struct uk_sched *s UK_UNUSED, struct uk_thread *t)
{
	const unsigned long irq = ukarch_irq_save();

	if (!t->queued_ && may_run(t))
		enter(t);
	ukarch_irq_restore(irq);
}

static int coop_remove(struct uk_sched *s UK_UNUSED, struct uk_thread *t)
{
	unsigned long irq;

	if (t == uk_thread_self())
		return -EBUSY;
	irq = ukarch_irq_save();
	if (t->queued_)
		leave(t);
	(void)__atomic_fetch_and(&t->flags, ~UK_THREADF_QUEUEABLE,
				 __ATOMIC_RELAXED);
	ukarch_irq_restore(irq);
	return 0;
}

static void coop_block(struct uk_sched *s UK_UNUSED, struct uk_thread *t)
{
	const unsigned long irq = ukarch_irq_save();

	if (t->queued_ && !may_run(t))
		leave(t);
	ukarch_irq_restore(irq);
}

static const struct uk_sched_ops ops = {
	.name = "cooperative",
	.yield = coop_yield,
	.add = coop_add,
	.remove = coop_remove,
	.block = coop_block,
	.wake = coop_wake,
};

static void idle(void *arg UK_UNUSED)
{
	bool more;

	for (;;) {
		if (UK_IS_ENABLED(CONFIG_HAVE_IRQ))
			ukarch_irq_enable();
		while (uk_sched_collect())
			;
		more = uk_sched_idle_work();
		ukarch_irq_disable();
		if (coop.turn)
			uk_sched_switch(coop.idle, coop.turn);
		else if (!more)
			uk_sched_idle();
	}
}

static int coop_init(const struct uk_boot_ctx *ctx)
{
	static struct uk_sched sched = { .ops = &ops };
	int rc;

	(void)ctx;
	rc = uk_sched_start(&sched);
	if (rc < 0)
		return rc;
	enter(uk_thread_current());
	coop.idle = uk_sched_idle_create(&sched, idle);
	if (!coop.idle)
		return -ENOMEM;
	coop_irqs_on();
	return 0;
}

UK_INIT(SCHED, coop_init, NULL);
