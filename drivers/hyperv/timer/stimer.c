/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A synthetic timer. Enabling one over the count of last time would have it
 * interrupt at once; so the configuration is written with the timer off, and
 * says that a count switches it on: then setting it is one register, which is
 * one exit to the hypervisor. A count of 0 would switch it off.
 */
#include "timer_priv.h"

#include <uk/hyperv.h>

#define CONFIG_AUTO	(UINT64_C(1) << 3)
#define CONFIG_VECTOR	4
#define CONFIG_DIRECT	(UINT64_C(1) << 12)
#define CONFIG_SINT	16

void hyperv_stimer_on(const struct hyperv_regs *regs, unsigned int vector)
{
	uint64_t config = CONFIG_AUTO;

	if (vector)
		config |= CONFIG_DIRECT | (uint64_t)vector << CONFIG_VECTOR;
	else
		config |= (uint64_t)HYPERV_SINT_TIMER << CONFIG_SINT;
	regs->write(UK_HYPERV_MSR_STIMER_CONFIG, 0);
	regs->write(UK_HYPERV_MSR_STIMER_COUNT, 0);
	regs->write(UK_HYPERV_MSR_STIMER_CONFIG, config);
}

/* The first unit has begun, and is not over when the first tick comes. */
void hyperv_stimer_set(const struct hyperv_regs *regs, uint64_t now,
		       uint64_t ns)
{
	const uint64_t count = now + ns / HYPERV_UNIT_NS + 2;

	regs->write(UK_HYPERV_MSR_STIMER_COUNT, count ? count : 1);
}
