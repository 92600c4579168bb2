/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <uk/arch/cpu.h>
#include <uk/arch/ctx.h>
#include <uk/arch/percpu.h>
#include <uk/arch/tls.h>
#include <uk/assert.h>
#include <uk/call.h>
#include <uk/compiler.h>
#include <uk/config.h>
#include <uk/essentials.h>
#include <uk/event.h>
#include <uk/idle.h>
#include <uk/sched.h>
#include <uk/stack.h>
#include <uk/thread.h>

/*
 * For those who write schedulers.
 *
 * How a thread comes to rest is the same for all. It says that it will block,
 * by taking UK_THREADF_RUNNABLE from its flags; then it calls yield. There,
 * under the scheduler's lock, that flag decides whether it is queued again or
 * left out. Who wakes it sets the flag; if that was not set before, it tells
 * the scheduler, which under the same lock puts the thread into a queue, but
 * for one that is in one or still on its CPU. So a wake is never lost, and a
 * thread is in no queue before its context has been saved.
 *
 * A thread that is preempted is queued whatever its flag says: it has not yet
 * looked whether what it is going to wait for has come.
 */
struct uk_sched_ops {
	const char *name;

	/*
	 * The caller leaves its CPU, and is queued if it is RUNNABLE. If it
	 * is UK_THREADF_EXITED it never returns.
	 */
	void (*yield)(struct uk_sched *s);

	/* @t, a new one, has s as its scheduler; queue it if RUNNABLE. */
	void (*add)(struct uk_sched *s, struct uk_thread *t);

	/* Take @t out. Returns 0, or -EBUSY: it is on a CPU. */
	int (*remove)(struct uk_sched *s, struct uk_thread *t);

	/* @t, not the caller, is RUNNABLE no more: it leaves the queue. */
	void (*block)(struct uk_sched *s, struct uk_thread *t);

	/*
	 * @t has become RUNNABLE, by the caller, who alone has made it so, and
	 * calls uk_preempt_point() later. Context: any but NMI, interrupts off.
	 */
	void (*wake)(struct uk_sched *s, struct uk_thread *t);

	/* See uk_thread_interrupt(). NULL: one CPU runs all. */
	void (*interrupt)(struct uk_sched *s, struct uk_thread *t);

	/*
	 * First thing that a new thread does: it ends the switch that brought
	 * it here. Interrupts are off. NULL: there is nothing to end.
	 */
	void (*begin)(struct uk_sched *s);

	/*
	 * See <uk/thread.h>: @prio is @t's own from now on, or lent. @t runs
	 * at the higher of the two (uk_sched_prio()). NULL: -ENOTSUP.
	 */
	int (*set_prio)(struct uk_sched *s, struct uk_thread *t,
			unsigned int prio);
	bool (*lend_prio)(struct uk_sched *s, struct uk_thread *t,
			  unsigned int prio);
	int (*set_affinity)(struct uk_sched *s, struct uk_thread *t,
			    uint64_t cpus);

	/* The CPUs that run threads, as a mask. NULL: CPU 0. */
	uint64_t (*cpus)(struct uk_sched *s);
};

/* Make @t RUNNABLE: is its scheduler to hear of that, by ops->wake? */
static inline bool uk_sched_set_going_(struct uk_thread *t)
{
	/* Release, with the acquire of who finds the flag set. */
	const uint32_t was = __atomic_fetch_or(&t->flags, UK_THREADF_RUNNABLE,
					       __ATOMIC_ACQ_REL);

	/*
	 * One bit of what was, which a CPU can test as it sets it. Acquire:
	 * who has it QUEUEABLE is its scheduler.
	 */
	return UK_LIKELY(!(was & UK_THREADF_RUNNABLE)) &&
	       UK_LIKELY(__atomic_load_n(&t->flags, __ATOMIC_ACQUIRE) &
			 UK_THREADF_QUEUEABLE);
}

/*
 * uk_thread_wake_irqoff() and uk_sched_wait(), inline, for those whose way is
 * counted in instructions. @self is the caller.
 */
static inline void uk_thread_wake_irqoff_(struct uk_thread *t)
{
	UK_ASSERT(!UK_IS_ENABLED(CONFIG_LIBUKSCHED_DEBUG) ||
		  !ukarch_irq_enabled());

	if (uk_sched_set_going_(t))
		t->sched->ops->wake(t->sched, t);
}

static inline void uk_sched_wait_(struct uk_thread *self)
{
	UK_ASSERT(!self->cur.irq_depth);
	UK_ASSERT(!UK_IS_ENABLED(CONFIG_HAVE_PREEMPT) ||
		  !self->cur.preempt_off);

	self->sched->ops->yield(self->sched);
}

/* What @t is to run at. */
static inline uint8_t uk_sched_prio(const struct uk_thread *t)
{
	return UK_MAX(t->base_prio_, t->lent_prio_);
}

/*
 * From now on the boot context that calls is a thread, "main", of @s, which
 * lives for ever. Sets the allocators of @s to the default. Returns 0, or
 * -ENOMEM, or an error of a function of UK_THREAD_INIT() or of the libc. The
 * scheduler enables interrupts (CONFIG_HAVE_IRQ) when it is ready for them.
 * Context: boot CPU, stage SCHED.
 */
UK_MUST_USE int uk_sched_start(struct uk_sched *s);

/*
 * Make an idle thread for a CPU, one that calls @fn(NULL) and has no
 * scheduler's queue to be in. NULL: no memory. Context: thread.
 */
UK_MUST_USE struct uk_thread *uk_sched_idle_create(struct uk_sched *s,
						   uk_thread_fn1_t fn);

/*
 * @prev has left its CPU and its context has been saved; this is the last that
 * the scheduler does with it. Context: the next thread, interrupts off, no
 * lock of the scheduler; or, where one CPU runs all threads, @prev itself just
 * before the switch.
 */
void uk_sched_left_(struct uk_thread *prev);
static inline void uk_sched_left(struct uk_thread *prev)
{
	/* Its own write, by this CPU. */
	if (UK_UNLIKELY(prev->flags & UK_THREADF_EXITED))
		uk_sched_left_(prev);
}

/*
 * Free what has exited and belongs to nobody. Returns whether there was any.
 * Context: the idle thread, or one that needs memory.
 */
bool uk_sched_collect(void);

/*
 * Do a piece of the work that others have for idle CPUs (<uk/idle.h>). Returns
 * whether there was any. Context: the idle thread, interrupts on.
 */
static inline bool uk_sched_idle_work(void)
{
	return uk_event_raise(uk_idle, NULL) == UK_EVENT_HANDLED;
}

/*
 * Nothing to do: sleep until an interrupt comes, and return with interrupts
 * on. Where no interrupt can come this is a deadlock of all threads, and the
 * crash screen. Context: the idle thread, interrupts off.
 */
void uk_sched_idle(void);

/*
 * The canary at the low end of @t's stacks has been overwritten: the crash
 * screen names it.
 */
void uk_thread_check_stack(const struct uk_thread *t);

/* Bytes of a thread's stacks that are filled with the canary. */
#define UK_THREAD_CANARY_LEN	16

/* The running code is on its trap stack: it was interrupted or has faulted. */
static inline bool uk_sched_on_trap_stack(const struct uk_thread *t)
{
	const uintptr_t sp = (uintptr_t)__builtin_frame_address(0);

	return t->cur.trap_stack_top - sp < UKARCH_TRAP_STACK_SIZE;
}

#if UK_IS_ENABLED(CONFIG_LIBUKSCHED_STATS)
/* Behind uk_sched_switch(). */
static inline void uk_sched_count_(struct uk_thread *prev,
				   struct uk_thread *next)
{
	const uint64_t now = ukarch_ticks();
	const uint64_t ran = prev->run_ticks_ + now - prev->since_;

	/* In this order: see uk_thread_stats_get(). */
	__atomic_store_n(&prev->since_, 0, __ATOMIC_RELAXED);
	__atomic_store_n(&prev->run_ticks_, ran, __ATOMIC_RELEASE);
	prev->nswitches_++;
	UK_WRITE_ONCE(next->since_, now);
}

/* @t is leaving its CPU without having asked for it. */
static inline void uk_sched_count_preempted(struct uk_thread *t)
{
	t->npreempted_++;
}

/* @t, which has not come from another thread, has the CPU from now on. */
static inline void uk_sched_count_first_(struct uk_thread *t)
{
	t->since_ = ukarch_ticks();
}
#else
#define uk_sched_count_first_(t)	((void)(t))
#define uk_sched_count_preempted(t)	((void)(t))
#define uk_sched_count_(prev, next)	((void)(prev), (void)(next))
#endif

/*
 * For who makes address spaces, before the first thread is in one: @enter makes
 * what uk_thread's vas_ is, or NULL, the one of this CPU. It is called at a
 * switch between threads of which that is not the same, on the stack of the
 * one that leaves. Context: interrupts off, with the scheduler's locks.
 */
void uk_sched_set_spaces(void (*enter)(struct uk_vas *vas));

#if UK_IS_ENABLED(CONFIG_LIBUKSCHED_SPACES)
/* Behind uk_sched_switch(). */
void uk_sched_enter_space_(struct uk_vas *vas);
static inline void uk_sched_change_space_(const struct uk_thread *prev,
					  const struct uk_thread *next)
{
	if (UK_UNLIKELY(prev->vas_ != next->vas_))
		uk_sched_enter_space_(next->vas_);
}
#else
#define uk_sched_change_space_(prev, next)	((void)(prev), (void)(next))
#endif

/* Is @t, which runs, in the middle of code that calls nothing? */
static inline bool uk_sched_is_anywhere_(const struct uk_thread *t)
{
	return UK_IS_ENABLED(CONFIG_LIBUKSCHED_TRAP_STACKS) &&
	       (uk_sched_on_trap_stack(t) || uk_call_is_trapped(&t->cur));
}

/* Behind the next: a switch that keeps all of the state. */
void uk_sched_switch_all_(struct uk_thread *prev, struct uk_thread *next);

/* Bytes of stack that a switch uses, with what it calls. */
#define SWITCH_STACK_	1024

/*
 * Leave @prev, the running thread, for @next; returns when somebody leaves for
 * @prev, perhaps on another CPU. Interrupts are off, both ways.
 *
 * A thread that is on its trap stack, or in a system call that came by a trap,
 * has FP and SIMD registers that nobody has saved, since the code below the
 * trap did not call anything: then all of the state is kept; else what a call
 * must preserve.
 */
static inline void uk_sched_switch(struct uk_thread *prev,
				   struct uk_thread *next)
{
	const uint32_t from = prev->flags;

	/* From ukarch_current_set() on a page fault here would be next's. */
	uk_stack_reserve(SWITCH_STACK_);
	uk_sched_count_(prev, next);
	if (UK_IS_ENABLED(CONFIG_LIBUKSCHED_DEBUG))
		uk_thread_check_stack(prev);
	uk_sched_change_space_(prev, next);

	if (from & UK_THREADF_TLSP)
		prev->tlsp = ukarch_tp_get();
	if (next->flags & UK_THREADF_TLSP)
		ukarch_tp_set(next->tlsp);
	ukarch_current_set(&next->cur);

	if (UK_UNLIKELY(!(from & UK_THREADF_ECTX))) {
		ukarch_ctx_switch(&prev->ctx, &next->ctx);
	} else if (UK_UNLIKELY(uk_sched_is_anywhere_(prev))) {
		uk_sched_switch_all_(prev, next);
	} else {
		ukarch_ctx_switch_fp(&prev->ctx, &next->ctx);
	}
}
