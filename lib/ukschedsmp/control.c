/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What is done with threads from outside: by others, by interrupt handlers, and
 * by themselves. All of it is under the lock of the thread's CPU; where that
 * makes somebody more urgent than who runs, the switch is at the end.
 */
#include <uk/sched_impl.h>

#include <uk/arch/cpu.h>
#include <uk/errno.h>
#include <uk/preempt.h>

#include "smp_priv.h"

/*
 * What others do with a thread: @home is its CPU, with its lock, and with
 * interrupts off, so that the caller stays on its CPU too.
 */
struct hold {
	struct smp_cpu *home;
	unsigned long irq;
};

static inline struct hold hold(const struct uk_thread *t)
{
	struct hold h;

	h.irq = ukarch_irq_save();
	h.home = smp_lock_home(t);
	return h;
}

/* Its CPU's lock has been given back already, or is now. */
static inline void release_placed(struct hold h)
{
	ukarch_irq_restore(h.irq);
	/* Here the caller is preempted, if it is to be and can be. */
	uk_preempt_point();
}

static inline void release(struct hold h)
{
	uk_spin_unlock_(&h.home->lock);
	release_placed(h);
}

/* @t has become RUNNABLE; @home's lock is given back. */
static UK_ALWAYS_INLINE void wake(struct smp_cpu *home, struct uk_thread *t)
{
	if (UK_UNLIKELY(t->queued_ || t->on_cpu_) ||
	    UK_UNLIKELY(!smp_may_run(t)))
		uk_spin_pass_(&home->lock);
	else
		smp_place(home, t);
}

UK_NOINLINE static void wake_again(struct smp_cpu *cpu, struct uk_thread *t)
{
	wake(smp_lock_home_again_(cpu, t), t);
}

static void smp_wake(struct uk_sched *s UK_UNUSED, struct uk_thread *t)
{
	struct smp_cpu *const cpu = smp_lock_home_once_(t);

	/* In two functions: mostly nothing is kept over a call. */
	if (UK_LIKELY(smp_is_home_(cpu, t)))
		wake(cpu, t);
	else
		wake_again(cpu, t);
}

/*
 * Who is on its way to a CPU looks when it gets there: it has been left at the
 * end of an interrupt, or in the core.
 */
static void smp_interrupt(struct uk_sched *s UK_UNUSED, struct uk_thread *t)
{
	const struct hold h = hold(t);

	if (h.home != smp_this_cpu() && h.home->running == t)
		smp_kick(h.home->idx);
	release(h);
}

static void smp_add(struct uk_sched *s, struct uk_thread *t)
{
	const unsigned long irq = ukarch_irq_save();

	smp_set_home(t, smp_this_cpu());
	smp_prio_note(t->prio);
	smp_wake(s, t);
	ukarch_irq_restore(irq);
	uk_preempt_point();
}

static int smp_remove(struct uk_sched *s UK_UNUSED, struct uk_thread *t)
{
	const struct hold h = hold(t);
	const bool busy = t->on_cpu_;

	if (!busy) {
		if (t->queued_)
			smp_runq_remove(&h.home->queue, t);
		(void)__atomic_fetch_and(&t->flags, ~UK_THREADF_QUEUEABLE,
					 __ATOMIC_RELAXED);
	}
	release(h);
	return busy ? -EBUSY : 0;
}

static void smp_block(struct uk_sched *s UK_UNUSED, struct uk_thread *t)
{
	const struct hold h = hold(t);

	if (t->queued_ && !smp_may_run(t))
		smp_runq_remove(&h.home->queue, t);
	release(h);
}

/*
 * Have @t run at the higher of its own priority and the lent one; returns
 * whether that is another than before. Who becomes more urgent while it waits
 * looks for a place as if it had just come; the rest is for where it is.
 */
static bool update_prio(struct hold h, struct uk_thread *t)
{
	const uint8_t prio = uk_sched_prio(t);
	const bool up = prio > t->prio;
	const bool queued = t->queued_;
	const struct uk_thread *first;

	if (prio == t->prio) {
		release(h);
		return false;
	}
	if (queued)
		smp_runq_remove(&h.home->queue, t);
	__atomic_store_n(&t->prio, prio, __ATOMIC_RELAXED);
	smp_prio_note(prio);
	if (queued && up) {
		smp_place(h.home, t);
		release_placed(h);
		return true;
	}
	/* It has not had its turn yet. */
	if (queued)
		smp_runq_add_front(&h.home->queue, t);
	if (t == h.home->running)
		smp_set_running(h.home, t, smp_urgency_on(h.home, t));
	/* Whoever is first now may be more urgent than who runs. */
	first = smp_runq_first(&h.home->queue);
	if (first && smp_is_due(h.home, first->prio))
		smp_resched(h.home);
	release(h);
	return true;
}

static int smp_set_prio(struct uk_sched *s UK_UNUSED, struct uk_thread *t,
			unsigned int prio)
{
	const struct hold h = hold(t);

	__atomic_store_n(&t->base_prio_, (uint8_t)prio, __ATOMIC_RELAXED);
	(void)update_prio(h, t);
	return 0;
}

static bool smp_lend_prio(struct uk_sched *s UK_UNUSED, struct uk_thread *t,
			  unsigned int prio)
{
	const struct hold h = hold(t);

	__atomic_store_n(&t->lent_prio_, (uint8_t)prio, __ATOMIC_RELAXED);
	return update_prio(h, t);
}

static bool any_allowed(uint64_t cpus)
{
	const struct uk_thread probe = { .cpus_ = cpus };

	for (unsigned int i = 0; i < smp_ncpus(); i++)
		if (smp_cpu_at(i) && smp_may_run_on(&probe, i))
			return true;
	return false;
}

static int smp_set_affinity(struct uk_sched *s UK_UNUSED, struct uk_thread *t,
			    uint64_t cpus)
{
	struct hold h;

	if (!any_allowed(cpus))
		return -EINVAL;
	h = hold(t);
	t->cpus_ = cpus;
	if (t->queued_) {
		smp_runq_remove(&h.home->queue, t);
		smp_place(h.home, t);
		release_placed(h);
		return 0;
	}
	/* If it runs there it leaves when it is asked to. */
	if (t->on_cpu_ && !smp_may_run_on(t, h.home->idx))
		smp_resched(h.home);
	release(h);
	return 0;
}

static uint64_t smp_cpus_mask(struct uk_sched *s UK_UNUSED)
{
	uint64_t mask = 0;

	/* The mask knows no others. */
	for (unsigned int i = 0; i < UK_MIN(smp_ncpus(), 64u); i++)
		if (smp_cpu_at(i))
			mask |= UINT64_C(1) << i;
	return mask;
}

const struct uk_sched_ops smp_ops = {
	.name = "preemptive",
	.yield = smp_yield,
	.add = smp_add,
	.remove = smp_remove,
	.block = smp_block,
	.wake = smp_wake,
	.interrupt = smp_interrupt,
	.begin = smp_begin,
	.set_prio = smp_set_prio,
	.lend_prio = smp_lend_prio,
	.set_affinity = smp_set_affinity,
	.cpus = smp_cpus_mask,
};
