/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A timer on each CPU that looks for two kinds of standstill:
 *
 *   somebody waits for this CPU, who would have to have it by now, and it has
 *   not switched for long: the running thread keeps preemption off;
 *   another CPU's timer has not come for long: it keeps interrupts off, or
 *   is gone.
 *
 * Each CPU looks after the next one, in a ring. The last one that takes
 * interrupts is looked after by nobody; that would need an interrupt that
 * cannot be masked.
 *
 * A standstill is reported once; a new one begins when it is over.
 */
#include "smp_priv.h"

#include <uk/config.h>
#include <uk/crash.h>
#include <uk/libparam.h>
#include <uk/print.h>
#include <uk/time.h>

/* Looks in the time that is long. */
#define LOOKS		4u

static uint32_t limit_ms = CONFIG_LIBUKSCHEDSMP_WATCHDOG_MS;	/* 0: off */

UK_LIBPARAM(watchdog_ms, u32, &limit_ms,
	    "report CPUs that stand still for longer; 0: do not look");

static uint64_t limit_ns(void)
{
	return limit_ms * UK_TIME_NS_PER_MS;
}

struct watchdog {
	struct uk_timer timer;
	uint64_t beat_ns;	/* when it came last, or 0; atomic, relaxed */
	uint64_t since_ns;	/* the CPU is as it was then */
	uint32_t nswitches;	/* of the CPU, then */
	bool told;		/* that this CPU stands still */
	bool told_other;	/* that the next one does */
};

static UK_PERCPU(struct watchdog, watchdog);

static unsigned int nreports[SMP_NSTANDSTILLS];	/* atomic, relaxed */

unsigned int smp_watchdog_reports(enum smp_standstill kind)
{
	return __atomic_load_n(&nreports[kind], __ATOMIC_RELAXED);
}

/* Who runs there; its name stays only while the CPU does not switch. */
static const char *name_on(struct smp_cpu *cpu)
{
	const char *name;

	if (!uk_spin_trylock_(&cpu->lock))
		return "the scheduler";
	name = cpu->running->cur.name;
	uk_spin_unlock_(&cpu->lock);
	return name;
}

static void report(struct smp_cpu *cpu, uint64_t ns, enum smp_standstill kind)
{
	const char *const what = kind == SMP_KEEPS_CPU ? "let others run" :
							 "taken interrupts";
	const char *const name = name_on(cpu);
	const unsigned long ms = ns / UK_TIME_NS_PER_MS;

	__atomic_fetch_add(&nreports[kind], 1, __ATOMIC_RELAXED);
	if (UK_IS_ENABLED(CONFIG_LIBUKSCHEDSMP_WATCHDOG_CRASH))
		uk_crash("CPU %u has not %s for %lu ms, in \"%s\"", cpu->idx,
			 what, ms, name);
	uk_pr_err("CPU %u has not %s for %lu ms, in \"%s\"", cpu->idx, what, ms,
		  name);
}

/* Does this CPU let others run? */
static void look_at_own(struct smp_cpu *cpu, struct watchdog *dog,
			uint64_t now_ns)
{
	bool moves;

	uk_spin_lock_(&cpu->lock);
	moves = !smp_slice_shared(cpu) || cpu->nswitches != dog->nswitches;
	dog->nswitches = cpu->nswitches;
	uk_spin_unlock_(&cpu->lock);
	if (moves) {
		dog->since_ns = now_ns;
		dog->told = false;
	} else if (now_ns - dog->since_ns > limit_ns() && !dog->told) {
		dog->told = true;
		report(cpu, now_ns - dog->since_ns, SMP_KEEPS_CPU);
	}
}

static struct smp_cpu *next_to(const struct smp_cpu *cpu)
{
	const unsigned int n = smp_ncpus();
	struct smp_cpu *next = NULL;

	for (unsigned int i = 1; i < n && !next; i++)
		next = smp_cpu_at((cpu->idx + i) % n);
	return next;
}

/* Does the next CPU take interrupts? */
static void look_at_next(const struct smp_cpu *cpu, struct watchdog *dog,
			 uint64_t now_ns)
{
	struct smp_cpu *const next = next_to(cpu);
	const struct watchdog *other;
	uint64_t beat_ns;

	if (!next)
		return;
	other = uk_percpu_ptr(watchdog, (uintptr_t)next - (uintptr_t)&smp_cpu);
	beat_ns = __atomic_load_n(&other->beat_ns, __ATOMIC_RELAXED);
	/* Its clock may be read later than ours. */
	if (beat_ns == 0 || beat_ns + limit_ns() >= now_ns) {
		dog->told_other = false;
	} else if (!dog->told_other) {
		dog->told_other = true;
		report(next, now_ns - beat_ns, SMP_IRQS_OFF);
	}
}

/* Context: interrupt, on the CPU that is watched. */
static void on_timer(struct uk_timer *timer)
{
	struct smp_cpu *const cpu = smp_this_cpu();
	struct watchdog *const dog = UK_CONTAINER_OF(timer, struct watchdog,
						     timer);
	const uint64_t now_ns = uk_time_now();

	__atomic_store_n(&dog->beat_ns, now_ns, __ATOMIC_RELAXED);
	look_at_own(cpu, dog, now_ns);
	look_at_next(cpu, dog, now_ns);
	uk_timer_start(timer, now_ns + limit_ns() / LOOKS);
}

void smp_watchdog_start(void)
{
	struct watchdog *const dog = uk_this_cpu_ptr(watchdog);
	const uint64_t now_ns = uk_time_now();

	if (!limit_ms)
		return;
	/* It is watched from now on, should the first beat never come. */
	__atomic_store_n(&dog->beat_ns, now_ns, __ATOMIC_RELAXED);
	uk_timer_init(&dog->timer, on_timer);
	uk_timer_start(&dog->timer, now_ns + limit_ns() / LOOKS);
}
