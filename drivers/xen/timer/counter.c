/* SPDX-License-Identifier: BSD-3-Clause */
/* System time on arm64 is what the virtual counter says. */
#include <uk/arch/cpu.h>
#include <uk/clock_scale.h>

#include "timer_priv.h"

uint64_t xen_system_ns(void)
{
	struct uk_clock_scale scale;

	uk_clock_scale_set(&scale, ukarch_ticks_hz());
	return uk_clock_to_ns(&scale, ukarch_ticks());
}
