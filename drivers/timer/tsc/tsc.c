/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * One counter, three clocks: see README.md. A start function says no where the
 * counter is not what its rating promises, so lib/uktime goes on to the next
 * one, which may be another device's.
 */
#include "tsc_priv.h"

#include <stddef.h>

#include <uk/arch/cpu.h>
#include <uk/bits/arch/cpuid.h>
#include <uk/bits/arch/ticks.h>
#include <uk/clock.h>
#include <uk/compiler.h>
#include <uk/errno.h>
#include <uk/init.h>
#include <uk/print.h>

#define LEAF_EXT	0x80000000u
#define LEAF_POWER	0x80000007u
#define POWER_INVARIANT	(1u << 8)	/* edx (AMD APM volume 3, E.4.6) */

#define GUESSED_HZ	UINT64_C(1000000000)

bool tsc_is_invariant(uint32_t max_leaf, uint32_t power_edx)
{
	return max_leaf >= LEAF_POWER && (power_edx & POWER_INVARIANT);
}

static uint64_t tsc_read(const struct uk_clock *clock UK_UNUSED)
{
	return ukarch_ticks_in_order();
}

static int tsc_start(struct uk_clock *clock)
{
	const uint32_t max = ukarch_cpuid(LEAF_EXT, 0).eax;

	if (!tsc_is_invariant(max, max >= LEAF_POWER ?
				   ukarch_cpuid(LEAF_POWER, 0).edx : 0))
		return -ENODEV;
	clock->hz = ukarch_ticks_hz();
	return 0;
}

static int unsteady_start(struct uk_clock *clock)
{
	clock->hz = ukarch_ticks_hz();
	return 0;
}

static int guessed_start(struct uk_clock *clock)
{
	uk_pr_warn("nobody tells the rate of the TSC, and nothing is there to "
		   "measure it: taken as 1 GHz, times may be wrong");
	clock->hz = GUESSED_HZ;
	return 0;
}

static struct uk_clock tsc = {
	.name = "tsc",
	.rating = UK_CLOCK_GOOD + 50,
	.bits = 64,
	.synchronous = true,
	.start = tsc_start,
	.read = tsc_read,
};

static struct uk_clock unsteady = {
	.name = "tsc-unsteady",
	.rating = UK_CLOCK_LAST_RESORT + 50,
	.bits = 64,
	.start = unsteady_start,
	.read = tsc_read,
};

static struct uk_clock guessed = {
	.name = "tsc-guessed",
	.rating = UK_CLOCK_LAST_RESORT / 2,
	.bits = 64,
	.start = guessed_start,
	.read = tsc_read,
};

static int tsc_init(const struct uk_boot_ctx *ctx UK_UNUSED)
{
	uk_clock_register(&tsc);
	uk_clock_register(&unsteady);
	uk_clock_register(&guessed);
	return 0;
}

UK_INIT(CPU, tsc_init, NULL);
