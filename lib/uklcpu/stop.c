/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The end of all CPUs but the one that crashes. Each keeps where it was in its
 * own block, for the crash screen, and halts.
 */
#include <uk/lcpu.h>

#include <stddef.h>

#include <uk/arch/cpu.h>
#include <uk/arch/percpu.h>
#include <uk/arch/regs.h>
#include <uk/crash_hook.h>
#include <uk/intctlr.h>
#include <uk/percpu.h>
#include <uk/string.h>
#include <uk/time.h>

#include "uklcpu_priv.h"

#define CAUSE		160
#define PATIENCE_US	100000u
#define POLL_US		100u

/* Written by its CPU before @there, with release; read after, acquire. */
struct stopped {
	uint32_t there;
	struct ukarch_regs regs;
	const char *name;
	char cause[CAUSE];	/* "": it was told to stop */
};

static UK_PERCPU(struct stopped, stopped);

/* Somebody crashes: CPUs that are told to stop are meant. Relaxed. */
static uint32_t stopping;

UK_NORETURN static void halt_with(const struct ukarch_regs *regs,
				  const char *cause)
{
	struct stopped *const s = uk_this_cpu_ptr(stopped);

	s->regs = *regs;
	s->name = ukarch_current()->name;
	uk_strlcpy(s->cause, cause, sizeof(s->cause));
	__atomic_store_n(&s->there, 1, __ATOMIC_RELEASE);
	ukarch_halt_forever();
}

void lcpu_stop_here(const struct ukarch_regs *regs)
{
	if (__atomic_load_n(&stopping, __ATOMIC_RELAXED))
		halt_with(regs, "");
}

UK_NORETURN static void park(const struct uk_crash_info *info)
{
	halt_with(info->regs, info->cause);
}

static struct stopped *stopped_of(unsigned int idx)
{
	return uk_percpu_ptr(stopped, uk_lcpu_percpu(idx));
}

static bool has_stopped(unsigned int idx)
{
	return __atomic_load_n(&stopped_of(idx)->there, __ATOMIC_ACQUIRE);
}

/* The index of the @n-th CPU that is up and not this one; count: none. */
static unsigned int nth_other(unsigned int n)
{
	const unsigned int count = uk_lcpu_count();
	unsigned int i;

	for (i = 0; i < count; i++)
		if (i != uk_lcpu_idx() && uk_lcpu_state(i) == UK_LCPU_UP &&
		    n-- == 0)
			break;
	return i;
}

static void stop(void)
{
	const unsigned int count = uk_lcpu_count();
	unsigned int left_us = PATIENCE_US;
	unsigned int n = 0, i;

	__atomic_store_n(&stopping, 1, __ATOMIC_RELAXED);
	while ((i = nth_other(n++)) < count)
		if (!has_stopped(i))
			uk_intctlr_ipi_send(UK_IPI_STOP, uk_lcpu_id(i));
	n = 0;
	while ((i = nth_other(n++)) < count)
		while (!has_stopped(i) && left_us) {
			uk_time_spin(POLL_US * UK_TIME_NS_PER_US);
			left_us -= POLL_US;
		}
}

static bool get(unsigned int n, struct uk_crash_cpu *cpu)
{
	const unsigned int i = nth_other(n);
	const struct stopped *s;

	if (i == uk_lcpu_count())
		return false;
	*cpu = (struct uk_crash_cpu){ .idx = i, .hwid = uk_lcpu_id(i) };
	if (has_stopped(i)) {
		s = stopped_of(i);
		cpu->name = s->name;
		cpu->cause = s->cause[0] ? s->cause : NULL;
		cpu->regs = &s->regs;
	}
	return true;
}

void lcpu_stop_init(void)
{
	static const struct uk_crash_cpus cpus = {
		.stop = stop,
		.park = park,
		.get = get,
	};

	uk_crash_cpus_set(&cpus);
}
