/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A narrow counter is read before it has gone half way round, or nobody could
 * tell afterwards how often it wrapped (guard.c).
 */
#include <uk/print.h>
#include <uk/time.h>
#include <uk/timer.h>

#include "time_priv.h"

static struct {
	struct uk_timer timer;
	uint64_t period_ns;	/* a quarter of the way: it may come late */
} keeper;

static void keep(struct uk_timer *timer)
{
	uk_timer_start(timer, uk_time_now() + keeper.period_ns);
}

void time_keep(const struct uk_clock *clock)
{
	struct uk_clock_scale scale;

	if (clock->bits == 64)
		return;
	uk_clock_scale_set(&scale, clock->hz);
	keeper.period_ns = uk_clock_to_ns(&scale,
					  UINT64_C(1) << (clock->bits - 2));
	uk_timer_init(&keeper.timer, keep);
	keep(&keeper.timer);
}
