/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The clock: the virtual counter, which has at least 56 bits that count at one
 * rate for all CPUs, told by a register (Arm ARM D11.1.2). It does not wrap in
 * 40 years, so what is above those bits does not matter.
 */
#include "arm_priv.h"

#include <stddef.h>

#include <uk/arch/cpu.h>
#include <uk/clock.h>
#include <uk/clock_scale.h>
#include <uk/errno.h>
#include <uk/init.h>
#include <uk/print.h>

static bool plausible(uint64_t hz)
{
	return hz >= UK_CLOCK_MIN_HZ && hz <= UK_CLOCK_MAX_HZ;
}

uint64_t timer_arm_rate(uint64_t reg, uint32_t tree)
{
	if (plausible(reg))
		return reg;
	return plausible(tree) ? tree : 0;
}

static int counter_start(struct uk_clock *clock)
{
	const uint64_t reg = ukarch_ticks_hz();
	struct uk_fdt_device dev;
	struct uk_fdt fdt;
	uint32_t tree = 0;

	if (!plausible(reg)) {
		if (timer_arm_node(&fdt, &dev) == 0)
			tree = uk_fdt_device_u32(&dev, "clock-frequency", 0);
		uk_pr_warn("CNTFRQ_EL0 is %lu, the device tree says %u Hz",
			   reg, tree);
	}
	clock->hz = timer_arm_rate(reg, tree);
	return clock->hz ? 0 : -ERANGE;
}

static uint64_t counter_read(const struct uk_clock *clock UK_UNUSED)
{
	/* It may be read ahead of what is before it (D11.2.2). */
	__asm__ volatile("isb" : : : "memory");
	return ukarch_ticks();
}

static struct uk_clock counter = {
	.name = "arm-virtual",
	.rating = UK_CLOCK_GOOD + 50,
	.bits = 64,
	.synchronous = true,
	.start = counter_start,
	.read = counter_read,
};

static int counter_init(const struct uk_boot_ctx *ctx UK_UNUSED)
{
	uk_clock_register(&counter);
	return 0;
}

UK_INIT(CPU, counter_init, NULL);
