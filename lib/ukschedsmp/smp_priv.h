/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <uk/compiler.h>
#include <uk/config.h>
#include <uk/essentials.h>
#if UK_IS_ENABLED(CONFIG_LIBUKSCHED_SMP)
#include <uk/lcpu.h>
#endif
#include <uk/percpu.h>
#include <uk/spinlock.h>
#include <uk/thread.h>
#include <uk/timer.h>

#include "runq_priv.h"

/*
 * What a CPU does. The lock is taken with interrupts off, without touching
 * preempt_off (uk_spin_lock_()), as the one who gives it back is another
 * thread: it is held over a switch. It guards all that has no other owner
 * here, and of the threads whose home_ is this CPU: queue_, queued_, on_cpu_,
 * prio, cpus_, and cpu_ and home_ themselves.
 */
struct smp_cpu {
	struct uk_spinlock lock;
	unsigned int idx;		/* constant */
	struct smp_runq queue;
	struct uk_thread *running;
	struct uk_thread *idle;		/* constant, see cpus.c */
	struct uk_thread *left;		/* that the last switch was from */
	uint32_t after;			/* SMP_AFTER_…, when it is over */
	uint32_t urgency;		/* of who runs; relaxed to look at */
	uint32_t nswitches;
	uint32_t nplaced;		/* see balance() in place.c */

	/* The time slice: see slice.c. */
	struct uk_timer slice;
	uint32_t slice_from;		/* nswitches when it was set */
	bool slice_set;
	/* Both are over with a switch. */
	bool slice_over;		/* the running thread had its own */
	bool kicked;			/* it has been asked to look */
};

/* What is to be done when the thread that a switch was from has left. */
#define SMP_AFTER_MOVE	1u		/* it may not run here any more */
#define SMP_AFTER_EXIT	2u
#define SMP_AFTER_SLICE	4u		/* the next one shares its CPU */

UK_PERCPU_DECLARE(struct smp_cpu, smp_cpu);

static inline struct smp_cpu *smp_this_cpu(void)
{
	return uk_this_cpu_ptr(smp_cpu);
}

/* 0 is nothing to do. */
static inline uint32_t smp_urgency(const struct uk_thread *t)
{
	return t->prio + 1u;
}

static inline uint32_t smp_urgency_on(const struct smp_cpu *cpu,
				      const struct uk_thread *t)
{
	return t == cpu->idle ? 0 : smp_urgency(t);
}

/*
 * @t runs on @cpu from now on, or has changed its priority there, where
 * smp_urgency_on() is @urgency.
 */
static inline void smp_set_running(struct smp_cpu *cpu, struct uk_thread *t,
				   uint32_t urgency)
{
	cpu->running = t;
	UK_WRITE_ONCE(cpu->urgency, urgency);
}

static inline bool smp_may_run(const struct uk_thread *t)
{
	/* Acquire, with the release in uk_thread_wake(). */
	return (__atomic_load_n(&t->flags, __ATOMIC_ACQUIRE) &
		(UK_THREADF_RUNNABLE | UK_THREADF_EXITED)) ==
	       UK_THREADF_RUNNABLE;
}

/* Does @t, which runs and is in the hands of the scheduler, wait? */
static inline bool smp_blocks(const struct uk_thread *t)
{
	/* Acquire: likewise. */
	return (__atomic_load_n(&t->flags, __ATOMIC_ACQUIRE) &
		(UK_THREADF_RUNNABLE | UK_THREADF_QUEUEABLE)) ==
	       UK_THREADF_QUEUEABLE;
}

/* @t belongs to @cpu from now on; the lock of the CPU so far is held. */
static inline void smp_set_home(struct uk_thread *t,
				const struct smp_cpu *cpu)
{
	/* A hint for others. */
	__atomic_store_n(&t->cpu_, cpu->idx, __ATOMIC_RELAXED);
	/* Read without the lock, to find the lock: release, for what it is. */
	__atomic_store_n(&t->home_, (void *)(uintptr_t)cpu, __ATOMIC_RELEASE);
}

/*
 * Switching (smp.c)
 */

void smp_yield(struct uk_sched *s);
void smp_begin(struct uk_sched *s);

/* Make @cpu, of which nobody knows yet, CPU @idx without a thread. */
void smp_cpu_init(struct smp_cpu *cpu, unsigned int idx);

/* What the idle thread of each CPU does. */
void smp_idle(void *arg);

/*
 * Watching CPUs (watchdog.c). Started by a CPU for itself; interrupts are off.
 */
#if UK_IS_ENABLED(CONFIG_LIBUKSCHEDSMP_WATCHDOG)
void smp_watchdog_start(void);

enum smp_standstill {
	SMP_KEEPS_CPU,
	SMP_IRQS_OFF,
	SMP_NSTANDSTILLS
};

/* For tests: how many were reported. */
unsigned int smp_watchdog_reports(enum smp_standstill kind);
#else
static inline void smp_watchdog_start(void)
{
}
#endif

/*
 * The CPUs (cpus.c, in an image that uses several)
 */

#if UK_IS_ENABLED(CONFIG_LIBUKSCHED_SMP)
/* A set of them, by index; its words are atomic. */
#define SMP_WORD_BITS	64u
#define SMP_NWORDS	((UK_LCPU_MAX + SMP_WORD_BITS - 1) / SMP_WORD_BITS)

struct smp_cpus {
	/* Those that take threads have indices below this. */
	unsigned int n;			/* atomic, relaxed */
	/*
	 * Bit p: a thread had priority p some time. It stays, so this word is
	 * hardly ever written. Relaxed, a hint.
	 */
	uint32_t prios;

	/* Release by the boot CPU, when it is ready for threads. */
	struct smp_cpu *cpu[UK_LCPU_MAX];

	/* Those with nothing to do: often written, so apart from the rest. */
	uint64_t idle[SMP_NWORDS] UK_ALIGNED(UK_CACHELINE);
};

extern struct smp_cpus smp_cpus;

static inline unsigned int smp_ncpus(void)
{
	return __atomic_load_n(&smp_cpus.n, __ATOMIC_RELAXED);
}

/* NULL: it takes none. */
static inline struct smp_cpu *smp_cpu_at(unsigned int idx)
{
	/* Acquire: it is complete. */
	return __atomic_load_n(&smp_cpus.cpu[idx], __ATOMIC_ACQUIRE);
}

/* A thread has priority @prio from now on. */
static inline void smp_prio_note(unsigned int prio)
{
	const uint32_t bit = UINT32_C(1) << prio;

	if (UK_UNLIKELY(!(__atomic_load_n(&smp_cpus.prios, __ATOMIC_RELAXED) &
			  bit)))
		(void)__atomic_fetch_or(&smp_cpus.prios, bit,
					__ATOMIC_RELAXED);
}

/* May somebody run who is less urgent than @prio? */
static inline bool smp_prio_above_any(unsigned int prio)
{
	return __atomic_load_n(&smp_cpus.prios, __ATOMIC_RELAXED) &
	       ((UINT32_C(1) << prio) - 1);
}

/* Have CPU @idx, another one, look for threads. */
void smp_kick(unsigned int idx);

/* Mark that this CPU has nothing to do, or take the mark away. */
void smp_idle_set(const struct smp_cpu *cpu);
void smp_idle_clear(const struct smp_cpu *cpu);

/* Have all something to do? False also where many words would say so. */
static inline bool smp_none_idle(void)
{
	return SMP_NWORDS == 1 &&
	       !__atomic_load_n(&smp_cpus.idle[0], __ATOMIC_RELAXED);
}

/* Take the mark of a CPU that @t may run on. Returns its index, or -1. */
int smp_idle_claim_(const struct uk_thread *t);
static inline int smp_idle_claim(const struct uk_thread *t)
{
	return UK_LIKELY(smp_none_idle()) ? -1 : smp_idle_claim_(t);
}

/* The boot CPU, @cpu, runs threads of @s; nobody else does yet. */
void smp_cpus_begin(struct uk_sched *s, struct smp_cpu *cpu);

/* Start all CPUs that there are. Context: thread on the boot CPU. */
void smp_start_others(void);

/* Let CPUs that have come up since run threads. Context: as above. */
void smp_adopt(void);
#else
static inline unsigned int smp_ncpus(void)
{
	return 1;
}

static inline struct smp_cpu *smp_cpu_at(unsigned int idx)
{
	(void)idx;
	return smp_this_cpu();
}

static inline void smp_prio_note(unsigned int prio)
{
	(void)prio;
}

static inline bool smp_prio_above_any(unsigned int prio)
{
	(void)prio;
	return false;
}

static inline void smp_kick(unsigned int idx)
{
	(void)idx;
}

static inline void smp_idle_set(const struct smp_cpu *cpu)
{
	(void)cpu;
}

static inline void smp_idle_clear(const struct smp_cpu *cpu)
{
	(void)cpu;
}

static inline bool smp_none_idle(void)
{
	return true;
}

static inline int smp_idle_claim(const struct uk_thread *t)
{
	(void)t;
	return -1;
}

static inline void smp_cpus_begin(struct uk_sched *s, struct smp_cpu *cpu)
{
	(void)s;
	(void)cpu;
}

static inline void smp_start_others(void)
{
}

static inline void smp_adopt(void)
{
}
#endif

/*
 * Which CPU a thread waits at (place.c). Interrupts are off.
 */

/* Lock the CPU that @t belonged to a moment ago, and return it. */
static inline struct smp_cpu *smp_lock_home_once_(const struct uk_thread *t)
{
	struct smp_cpu *const cpu = __atomic_load_n(&t->home_,
						    __ATOMIC_ACQUIRE);

	uk_spin_lock_(&cpu->lock);
	return cpu;
}

/* Does it still? With one CPU only it cannot have gone. */
static inline bool smp_is_home_(const struct smp_cpu *cpu,
				const struct uk_thread *t)
{
	return !UK_IS_ENABLED(CONFIG_LIBUKSCHED_SMP) ||
	       UK_READ_ONCE(t->home_) == cpu;
}

/* It does not: give @cpu's lock back, and find it. */
struct smp_cpu *smp_lock_home_again_(struct smp_cpu *cpu,
				     const struct uk_thread *t);

/* Lock the CPU that @t belongs to, and return it. */
static inline struct smp_cpu *smp_lock_home(const struct uk_thread *t)
{
	struct smp_cpu *const cpu = smp_lock_home_once_(t);

	return UK_LIKELY(smp_is_home_(cpu, t)) ? cpu :
						 smp_lock_home_again_(cpu, t);
}

/* @t waits in a queue: if a CPU has nothing to do, let it come and look. */
static inline void smp_offer(const struct uk_thread *t)
{
	int idx;

	if (smp_ncpus() == 1)
		return;
	/* The queue is changed before the marks are read: see smp_steal(). */
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	idx = smp_idle_claim(t);
	if (idx >= 0)
		smp_kick((unsigned int)idx);
}

/*
 * This CPU has nothing to do: it says so, and takes a thread from another
 * one's queue if it can. Called without a lock, by the idle thread.
 */
void smp_steal(struct smp_cpu *cpu);

/* Have @cpu, whose lock is held, look who is most urgent. */
void smp_resched(struct smp_cpu *cpu);

/*
 * Is it to, for one in its queue with @prio? That is more urgent than who runs
 * there, or as urgent, and nobody looks at the time.
 */
static inline bool smp_is_due(const struct smp_cpu *cpu, unsigned int prio)
{
	return UK_UNLIKELY(prio + 1 >= cpu->urgency + cpu->slice_set);
}

/* Put @t, which is in no queue, into that of its home @cpu. */
static inline void smp_queue(struct smp_cpu *cpu, struct uk_thread *t)
{
	const unsigned int prio = t->prio;

	smp_runq_add_at(&cpu->queue, t, prio);
	if (smp_is_due(cpu, prio))
		smp_resched(cpu);
}

/* Behind smp_place(): where there are several, and where one is due. */
void smp_place_among_(struct smp_cpu *home, struct uk_thread *t);
void smp_resched_pass_(struct smp_cpu *cpu);

/*
 * Queue @t, which is in no queue and runs nowhere, somewhere. @home is its
 * CPU; the lock is held, and given back.
 */
static inline void smp_place(struct smp_cpu *home, struct uk_thread *t)
{
	const unsigned int prio = t->prio;

	if (smp_ncpus() > 1) {
		smp_place_among_(home, t);
		return;
	}
	smp_runq_add_at(&home->queue, t, prio);
	if (smp_is_due(home, prio))
		smp_resched_pass_(home);
	else
		uk_spin_pass_(&home->lock);
}

/* control.c */
extern const struct uk_sched_ops smp_ops;

/*
 * Time slices (slice.c)
 */

void smp_slice_init(struct smp_cpu *cpu);

/* Does the running thread share the CPU? The lock is held. */
static inline bool smp_slice_shared(const struct smp_cpu *cpu)
{
	return cpu->running != cpu->idle &&
	       smp_runq_has(&cpu->queue, cpu->running->prio);
}

/* Does it, and nobody looks at the time? */
static inline bool smp_slice_wanted(const struct smp_cpu *cpu)
{
	return UK_UNLIKELY(!cpu->slice_set) && smp_slice_shared(cpu);
}

/* If so, see to it that somebody does. This CPU, no lock, no handler. */
void smp_slice_set(struct smp_cpu *cpu);
