/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Interrupts. A call goes from the CPU to itself: so both halves are counted,
 * and nobody spins. A timer is set for now, and the CPU sleeps until it comes.
 */
#include <stddef.h>

#include <uk/arch/cpu.h>
#include <uk/intctlr.h>
#include <uk/lcpu.h>
#include <uk/time.h>
#include <uk/timer.h>

#include "bench.h"

static void nothing(void *arg)
{
	(void)arg;
}

static void prepare_call(void)
{
	/* Calls are taken from when the first CPU is started on. */
	(void)uk_lcpu_start_all();
	ukarch_irq_enable();
}

static void run_call(unsigned int n)
{
	struct uk_lcpu_call call = { .fn = nothing };

	for (unsigned int i = 0; i < n; i++) {
		uk_lcpu_post(0, &call);
		while (!uk_lcpu_call_done(&call))
			;
	}
}

static volatile unsigned int fired;

static void count(struct uk_timer *timer)
{
	(void)timer;
	fired++;
}

static struct uk_timer timer;

static void prepare_timer(void)
{
	uk_timer_init(&timer, count);
	uk_timer_start(&timer, 0);
	while (!fired)
		;
}

static void run_timer(unsigned int n)
{
	for (unsigned int i = 0; i < n; i++) {
		const unsigned int before = fired;

		uk_timer_start(&timer, 0);
		while (fired == before) {
			ukarch_irq_disable();
			if (fired == before)
				uk_time_idle();
		}
		ukarch_irq_enable();
	}
}

const struct bench_work bench_cpus[] = {
	{ "ipi-call", prepare_call, run_call },
	{ "timer-interrupt", prepare_timer, run_timer },
	{ NULL, NULL, NULL }
};
