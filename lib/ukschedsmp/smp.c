/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Preemptive scheduling on any number of CPUs.
 *
 * Each CPU has its own queue and lock, and looks at another's only when it has
 * nothing to do or puts a thread there. The lock of a CPU is held over its
 * switches: the thread that is left may be in the queue already, but nobody
 * can take it before its context has been saved, because the one who runs next
 * gives the lock back (finish()). So a waker, who takes the lock too, finds a
 * thread that is on its CPU, and will look at its flags; or one that has left
 * it for good.
 *
 * A thread loses its CPU at the end of an interrupt, or where it lets others
 * preempt it again: when one that is more urgent has come, or its slice is
 * over (slice.c).
 */
#include <uk/sched_impl.h>

#include <uk/arch/cpu.h>
#include <uk/assert.h>
#include <uk/errno.h>
#include <uk/init.h>
#include <uk/intctlr.h>
#include <uk/preempt.h>
#include <uk/print.h>

#include "smp_priv.h"

UK_PERCPU(struct smp_cpu, smp_cpu);

/* Take the most urgent one out of the queue. */
static inline struct uk_thread *take(struct smp_cpu *cpu)
{
	struct uk_thread *const t = smp_runq_pop(&cpu->queue);

	return UK_LIKELY(t) ? t : cpu->idle;
}

/*
 * Who runs next, now that @me has to leave or is not urgent enough? It goes
 * back to the queue, before its equals unless it has had its slice or does so
 * by its own wish.
 */
static struct uk_thread *give_way(struct smp_cpu *cpu, struct uk_thread *me,
				  bool preempted, bool over)
{
	struct uk_thread *next;

	if (UK_UNLIKELY(!smp_may_run_on(me, cpu->idx))) {
		cpu->after |= SMP_AFTER_MOVE;
		return take(cpu);
	}
	if (!smp_runq_has(&cpu->queue, me->prio))
		return me;
	if (!preempted || over)
		smp_runq_add(&cpu->queue, me);
	else if (smp_runq_has_above(&cpu->queue, me->prio))
		smp_runq_add_front(&cpu->queue, me);
	else
		return me;
	next = take(cpu);
	/* A CPU that might have taken @next might take @me, or others might. */
	if (over || next->cpus_ != me->cpus_)
		smp_offer(me);
	return next;
}

/*
 * Who runs next, now that @me, who does, is asked to leave? If it was not its
 * own wish it goes back to the queue whether it can run or not.
 */
static inline struct uk_thread *decide(struct smp_cpu *cpu,
				       struct uk_thread *me, bool preempted,
				       bool over)
{
	if (me == cpu->idle)
		return take(cpu);
	if (!preempted && UK_UNLIKELY(me->flags & UK_THREADF_EXITED)) {
		cpu->after |= SMP_AFTER_EXIT;
		return take(cpu);
	}
	/* Most yields: one more turn for each of some equals. */
	if (!preempted && smp_runq_has_equals_only(&cpu->queue, me->prio) &&
	    smp_runq_has_same_cpus(&cpu->queue, me))
		return smp_runq_rotate(&cpu->queue, me);
	return give_way(cpu, me, preempted, over);
}

/* What is rarely to be done after a switch from @prev. */
UK_NOINLINE static void finish_rest(struct smp_cpu *cpu,
				    struct uk_thread *prev)
{
	const uint32_t after = cpu->after;

	cpu->after = 0;
	if (after & SMP_AFTER_MOVE)
		smp_place(cpu, prev);
	else
		uk_spin_unlock_(&cpu->lock);
	/* It may be gone by now, unless it has exited. */
	if (after & SMP_AFTER_EXIT)
		uk_sched_left_(prev);
	if (after & SMP_AFTER_SLICE)
		smp_slice_set(cpu);
}

/*
 * The switch is over: this is whoever was switched to. Interrupts are off, and
 * the lock of this CPU is held.
 */
static inline void finish(void)
{
	struct smp_cpu *const cpu = smp_this_cpu();
	struct uk_thread *const prev = cpu->left;

	prev->on_cpu_ = false;
	if (UK_UNLIKELY(cpu->after))
		finish_rest(cpu, prev);
	else
		uk_spin_pass_(&cpu->lock);
}

/* @me goes on: nobody is more urgent. */
static void stay(struct smp_cpu *cpu)
{
	const bool slice = smp_slice_wanted(cpu);

	uk_spin_unlock_(&cpu->lock);
	if (UK_UNLIKELY(slice))
		smp_slice_set(cpu);
}

/*
 * Let the most urgent thread have this CPU. Interrupts are off. Returns at
 * once, or when it is the caller's turn again, perhaps on another CPU. Inlined
 * for both, as it is most of what a switch costs.
 */
static UK_ALWAYS_INLINE void reschedule(bool preempted)
{
	struct smp_cpu *const cpu = smp_this_cpu();
	struct uk_thread *const me = uk_thread_self();
	struct uk_thread *next;
	uint32_t urgency;
	bool over;

	uk_spin_lock_(&cpu->lock);
	me->cur.resched = 0;
	over = cpu->slice_over;
	cpu->kicked = false;
	cpu->slice_over = false;
	/* It waits; not so the idle thread, which is never QUEUEABLE. */
	if (!preempted && smp_blocks(me)) {
		next = smp_runq_pop(&cpu->queue);
		if (UK_LIKELY(next)) {
			urgency = smp_urgency(next);
		} else {
			next = cpu->idle;
			urgency = 0;
		}
	} else {
		next = decide(cpu, me, preempted, over);
		if (next == me) {
			stay(cpu);
			return;
		}
		if (me == cpu->idle)
			smp_idle_clear(cpu);
		urgency = smp_urgency_on(cpu, next);
	}
	next->on_cpu_ = true;
	smp_set_running(cpu, next, urgency);
	if (smp_slice_wanted(cpu))
		cpu->after |= SMP_AFTER_SLICE;
	cpu->left = me;
	cpu->nswitches++;
	if (preempted)
		uk_sched_count_preempted(me);
	uk_sched_switch(me, next);
	finish();
}

void smp_yield(struct uk_sched *s UK_UNUSED)
{
	const unsigned long irq = ukarch_irq_save();

	reschedule(false);
	ukarch_irq_restore(irq);
}

void smp_begin(struct uk_sched *s UK_UNUSED)
{
	finish();
}

void uk_preempt_switch(void)
{
	const unsigned long irq = ukarch_irq_save();

	if (uk_thread_self()->cur.resched)
		reschedule(true);
	ukarch_irq_restore(irq);
}

void smp_idle(void *arg UK_UNUSED)
{
	bool more;

	for (;;) {
		while (uk_sched_collect())
			;
		if (smp_this_cpu()->idx == 0)
			smp_adopt();
		more = uk_sched_idle_work();
		ukarch_irq_disable();
		smp_steal(smp_this_cpu());
		/* Whoever comes after this look interrupts. */
		if (smp_runq_has(&smp_this_cpu()->queue, 0))
			smp_yield(NULL);
		else if (!more)
			uk_sched_idle();
		ukarch_irq_enable();
	}
}

void smp_cpu_init(struct smp_cpu *cpu, unsigned int idx)
{
	uk_spin_init(&cpu->lock);
	cpu->idx = idx;
	smp_runq_init(&cpu->queue);
	smp_slice_init(cpu);
}

static int smp_init(const struct uk_boot_ctx *ctx UK_UNUSED)
{
	static struct uk_sched sched = { .ops = &smp_ops };
	struct smp_cpu *const cpu = smp_this_cpu();
	int rc;

	smp_cpu_init(cpu, 0);
	rc = uk_sched_start(&sched);
	if (rc < 0)
		return rc;
	smp_set_home(uk_thread_self(), cpu);
	smp_set_running(cpu, uk_thread_self(),
			smp_urgency_on(cpu, uk_thread_self()));
	smp_cpus_begin(&sched, cpu);
	cpu->idle = uk_sched_idle_create(&sched, smp_idle);
	if (!cpu->idle)
		return -ENOMEM;
	smp_set_home(cpu->idle, cpu);
	smp_watchdog_start();
	/* Before interrupts are on: one may wait from before this image. */
	if (uk_intctlr_start() < 0)
		uk_pr_warn("no timer ends a time slice");
	ukarch_irq_enable();
	smp_start_others();
	return 0;
}

UK_INIT(SCHED, smp_init, NULL);
