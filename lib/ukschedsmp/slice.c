/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Time slices, without ticks. A timer runs only while a thread waits that is
 * as urgent as the running one. It is not set anew at each switch, which would
 * cost more than the switch: when it fires it looks whether somebody has come
 * and gone since it was set. If not, the running thread has had a whole slice
 * and makes room; else the timer is set again. So a thread that shares its CPU
 * runs for one slice at least and two at most.
 */
#include "smp_priv.h"

#include <uk/arch/percpu.h>
#include <uk/config.h>
#include <uk/time.h>

#define SLICE_NS	(CONFIG_LIBUKSCHEDSMP_SLICE_MS * UK_TIME_NS_PER_MS)

/* Context: interrupt, on the CPU that the timer is of. */
static void on_slice(struct uk_timer *timer)
{
	struct smp_cpu *const cpu = UK_CONTAINER_OF(timer, struct smp_cpu,
						    slice);
	bool again = false;

	uk_spin_lock_(&cpu->lock);
	cpu->slice_set = false;
	if (!smp_slice_shared(cpu)) {
		/* Whoever comes next sets it. */
	} else if (cpu->nswitches == cpu->slice_from) {
		cpu->slice_over = true;
		cpu->running->cur.resched = 1;
	} else {
		cpu->slice_from = cpu->nswitches;
		cpu->slice_set = true;
		again = true;
	}
	uk_spin_unlock_(&cpu->lock);
	if (again)
		uk_timer_start(&cpu->slice, uk_time_now() + SLICE_NS);
}

void smp_slice_init(struct smp_cpu *cpu)
{
	uk_timer_init(&cpu->slice, on_slice);
}

void smp_slice_set(struct smp_cpu *cpu)
{
	bool set;

	uk_spin_lock_(&cpu->lock);
	set = smp_slice_wanted(cpu);
	if (set) {
		cpu->slice_from = cpu->nswitches;
		cpu->slice_set = true;
	}
	uk_spin_unlock_(&cpu->lock);
	if (set)
		uk_timer_start(&cpu->slice, uk_time_now() + SLICE_NS);
}
