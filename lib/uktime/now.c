/* SPDX-License-Identifier: BSD-3-Clause */
/* The image's time. */
#include <uk/time.h>

#include <uk/arch/cpu.h>
#include <uk/init.h>
#include <uk/log.h>

#include "time_priv.h"

/* Takes no lock; a moment more or less is no matter in a log. */
static uint64_t log_now(void)
{
	return time_shown(&time_main);
}

/* What does not happen often. */
UK_COLD UK_NOINLINE
static uint64_t slow_now(void)
{
	uint64_t now_ns;

	if (time_look_after(&time_main, &now_ns)) {
		uk_log_set_clock(log_now);
		time_keep(time_main.shown->clock);
	}
	return now_ns;
}

uint64_t uk_time_now(void)
{
	uint64_t now_ns;

	return UK_LIKELY(time_try_now(&time_main, &now_ns)) ? now_ns :
							      slow_now();
}

void uk_clock_not_synchronous(const struct uk_clock *clock)
{
	time_not_synchronous(&time_main, clock);
}

uint64_t uk_time_resolution(void)
{
	uint64_t ns;

	(void)uk_time_now();
	ns = UK_TIME_NS_PER_SEC / time_main.shown->clock->hz;
	return ns ? ns : 1;
}

/* Without a clock: a CPU takes about so long for one pause. */
#define PAUSE_NS	10

void uk_time_spin(uint64_t ns)
{
	const uint64_t begin_ns = uk_time_now();

	if (UK_UNLIKELY(time_stands_still(&time_main))) {
		for (uint64_t i = 0; i < ns / PAUSE_NS; i++)
			ukarch_spin_wait();
		return;
	}
	while (uk_time_now() - begin_ns < ns)
		ukarch_spin_wait();
}

void uk_time_cpu_start(void)
{
	struct uk_clock *const clock = time_main.shown->clock;

	if (clock->cpu_start)
		clock->cpu_start(clock);
}

static int time_init(const struct uk_boot_ctx *ctx UK_UNUSED)
{
	time_main.boot_ticks = ukarch_ticks();
	return 0;
}

UK_INIT(EARLY, time_init, NULL);
