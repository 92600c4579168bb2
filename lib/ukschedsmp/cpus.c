/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The CPUs that run threads, in an image that uses several, and which of them
 * have nothing to do.
 *
 * A CPU that has come up cannot run a thread at once: its idle thread has to be
 * made, and by a thread, as a libc may have its hands in that. So it says that
 * it is there and sleeps in its boot context until a thread of the boot CPU,
 * "main" or the idle one, has adopted it. From then on threads may be put into
 * its queue, however long it takes to wake: what starts with the image finds
 * every CPU that has come up.
 */
#include <uk/sched_impl.h>

#include <stddef.h>

#include <uk/arch/cpu.h>
#include <uk/errno.h>
#include <uk/lcpu.h>
#include <uk/print.h>
#include <uk/time.h>
#include <uk/timer.h>

#include "smp_priv.h"

struct smp_cpus smp_cpus;

static struct {
	struct uk_sched *sched;		/* constant once there are others */
	uint64_t came[SMP_NWORDS];	/* up, and to be adopted; atomic */
} all;

static uint64_t *word_of(uint64_t *set, unsigned int idx)
{
	return &set[idx / SMP_WORD_BITS];
}

static uint64_t bit_of(unsigned int idx)
{
	return UINT64_C(1) << (idx % SMP_WORD_BITS);
}

void smp_kick(unsigned int idx)
{
	uk_lcpu_resched(idx);
}

void smp_idle_set(const struct smp_cpu *cpu)
{
	uint64_t *const word = word_of(smp_cpus.idle, cpu->idx);

	if (!(__atomic_load_n(word, __ATOMIC_RELAXED) & bit_of(cpu->idx)))
		(void)__atomic_fetch_or(word, bit_of(cpu->idx),
					__ATOMIC_RELAXED);
}

void smp_idle_clear(const struct smp_cpu *cpu)
{
	uint64_t *const word = word_of(smp_cpus.idle, cpu->idx);

	if (__atomic_load_n(word, __ATOMIC_RELAXED) & bit_of(cpu->idx))
		(void)__atomic_fetch_and(word, ~bit_of(cpu->idx),
					 __ATOMIC_RELAXED);
}

/* Those of word @w of the marks that @t may run on. */
static uint64_t idle_for(const struct uk_thread *t, unsigned int w)
{
	const uint64_t idle = __atomic_load_n(&smp_cpus.idle[w],
					      __ATOMIC_RELAXED);

	if (t->cpus_ == UK_THREAD_CPU_ANY)
		return idle;
	return w == 0 ? idle & t->cpus_ : 0;
}

int smp_idle_claim_(const struct uk_thread *t)
{
	for (unsigned int w = 0; w * SMP_WORD_BITS < smp_ncpus(); w++) {
		uint64_t left = idle_for(t, w);

		while (left) {
			const uint64_t bit = left & -left;

			/* Of two who want it one gets it. */
			if (__atomic_fetch_and(&smp_cpus.idle[w], ~bit,
					       __ATOMIC_RELAXED) & bit)
				return (int)(w * SMP_WORD_BITS) +
				       __builtin_ctzll(bit);
			left &= ~bit;
		}
	}
	return -1;
}

/* @cpu, which is complete, takes threads from now on. */
static void publish(struct smp_cpu *cpu)
{
	unsigned int n = smp_ncpus();

	__atomic_store_n(&smp_cpus.cpu[cpu->idx], cpu, __ATOMIC_RELEASE);
	while (n <= cpu->idx &&
	       !__atomic_compare_exchange_n(&smp_cpus.n, &n, cpu->idx + 1,
					    false, __ATOMIC_RELEASE,
					    __ATOMIC_RELAXED))
		;
}

void smp_cpus_begin(struct uk_sched *s, struct smp_cpu *cpu)
{
	all.sched = s;
	smp_prio_note(cpu->running->prio);
	publish(cpu);
}

/* A CPU is up: it is to be adopted. Context: boot of that CPU. */
static enum uk_event_result on_up(void *data UK_UNUSED)
{
	const unsigned int idx = uk_lcpu_idx();

	/* Until it runs a thread there is none to switch from. */
	uk_preempt_disable();
	(void)__atomic_fetch_or(word_of(all.came, idx), bit_of(idx),
				__ATOMIC_RELEASE);
	smp_kick(0);
	return UK_EVENT_HANDLED_CONT;
}

UK_EVENT_HANDLER(uk_lcpu_up, on_up);

/* Give CPU @idx, which sleeps or is about to, what it needs to run threads. */
static void adopt(unsigned int idx)
{
	struct smp_cpu *const cpu = uk_percpu_ptr(smp_cpu,
						  uk_lcpu_percpu(idx));
	struct uk_thread *idle;

	if (smp_cpu_at(idx))
		return;
	idle = uk_sched_idle_create(all.sched, smp_idle);
	if (!idle) {
		uk_pr_err("CPU %u runs no threads: no memory", idx);
		return;
	}
	smp_cpu_init(cpu, idx);
	smp_set_home(idle, cpu);
	/* Its urgency is 0, as it was born. */
	cpu->running = idle;
	publish(cpu);
	/* Release: it is complete for the CPU. */
	__atomic_store_n(&cpu->idle, idle, __ATOMIC_RELEASE);
	uk_lcpu_wakeup(idx);
}

void smp_adopt(void)
{
	for (unsigned int w = 0; w < SMP_NWORDS; w++) {
		uint64_t came;

		if (!__atomic_load_n(&all.came[w], __ATOMIC_RELAXED))
			continue;
		came = __atomic_exchange_n(&all.came[w], 0, __ATOMIC_ACQUIRE);
		for (; came; came &= came - 1)
			adopt(w * SMP_WORD_BITS +
			      (unsigned int)__builtin_ctzll(came));
	}
}

/* The CPU's boot context: it gives way to its idle thread, for good. */
UK_NORETURN static void run_threads(void)
{
	struct smp_cpu *const cpu = smp_this_cpu();
	struct ukarch_ctx nowhere;

	while (!__atomic_load_n(&cpu->idle, __ATOMIC_ACQUIRE)) {
		uk_time_idle();
		ukarch_irq_disable();
	}
	/* As if the idle thread had switched to itself: see smp_begin(). */
	smp_watchdog_start();
	uk_spin_lock_(&cpu->lock);
	cpu->left = cpu->idle;
	uk_sched_count_first_(cpu->idle);
	ukarch_current_set(&cpu->idle->cur);
	ukarch_ctx_switch(&nowhere, &cpu->idle->ctx);
	UK_UNREACHABLE();
}

void smp_start_others(void)
{
	struct smp_cpu *const cpu = smp_this_cpu();

	if (uk_lcpu_count() == 1)
		return;
	/* The clock and the timer are chosen by the boot CPU. */
	uk_timer_start(&cpu->slice, UK_TIME_NEVER);
	(void)uk_timer_stop(&cpu->slice);

	uk_lcpu_set_main(run_threads);
	(void)uk_lcpu_start_all();
	/* Some may be up and have not said so yet. */
	for (unsigned int i = 1; i < uk_lcpu_count(); i++)
		if (uk_lcpu_state(i) == UK_LCPU_UP)
			adopt(i);
}
