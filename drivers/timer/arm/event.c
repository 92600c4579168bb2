/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The interrupt: each CPU's virtual timer (Arm ARM D11.2.4). It tells as long
 * as its time is past, so the handler switches it off before it looks what is
 * due.
 */
#include "arm_priv.h"

#include <stddef.h>

#include <uk/arch/cpu.h>
#include <uk/clock.h>
#include <uk/clock_scale.h>
#include <uk/errno.h>
#include <uk/init.h>
#include <uk/intctlr.h>
#include <uk/print.h>

/* CNTV_CTL_EL0. */
#define CTL_ENABLE	1u

/* Of the node's interrupts, the virtual timer's (arm,armv8-timer). */
#define NODE_VIRTUAL	2

/* It is PPI 11 on every machine that follows the base system architecture. */
#define USUAL_IRQ	27u

/* What TVAL takes: 31 bits of counts, but no less than a few. */
#define MIN_COUNTS	16u
#define MAX_COUNTS	0x7fffffffu

/* Set when the timer is chosen. */
static struct {
	struct uk_clock_scale scale;
	unsigned int irq;
} timer;

static void set_ctl(uint64_t ctl)
{
	__asm__ volatile("msr cntv_ctl_el0, %0\n\tisb" : : "r"(ctl)
			 : "memory");
}

static enum uk_irq_result on_irq(unsigned int irq UK_UNUSED,
				 void *arg UK_UNUSED)
{
	set_ctl(0);
	uk_clock_event_fired();
	return UK_IRQ_HANDLED;
}

/* The number the tree gives it. */
static unsigned int find_irq(void)
{
	struct uk_fdt_device dev;
	struct uk_fdt fdt;
	uint32_t flags;
	int irq = -ENOENT;

	if (timer_arm_node(&fdt, &dev) == 0)
		irq = uk_fdt_device_gic_irq(&dev, NODE_VIRTUAL, &flags);
	if (irq >= 16 && irq < 32)
		return (unsigned int)irq;
	uk_pr_warn("the device tree does not tell the virtual timer's "
		   "interrupt: taken as %u", USUAL_IRQ);
	return USUAL_IRQ;
}

static int event_start(struct uk_clock_event *event)
{
	const uint64_t hz = ukarch_ticks_hz();
	int rc;

	if (hz < UK_CLOCK_MIN_HZ || hz > UK_CLOCK_MAX_HZ)
		return -ENODEV;
	uk_clock_scale_set(&timer.scale, hz);
	event->min_ns = uk_clock_to_ns(&timer.scale, MIN_COUNTS) + 1;
	event->max_ns = uk_clock_to_ns(&timer.scale, MAX_COUNTS);
	set_ctl(0);
	timer.irq = find_irq();
	rc = uk_intctlr_local_register(timer.irq, on_irq, NULL, "timer");
	if (rc < 0)
		uk_pr_warn("the virtual timer cannot interrupt, error %d", -rc);
	return rc;
}

static void event_cpu_start(struct uk_clock_event *event UK_UNUSED)
{
	set_ctl(0);
	uk_intctlr_local_enable(timer.irq);
}

static void event_set(struct uk_clock_event *event UK_UNUSED, uint64_t ns)
{
	const uint64_t counts = uk_clock_to_count(&timer.scale, ns);

	__asm__ volatile("msr cntv_tval_el0, %0"
			 : : "r"(counts < MAX_COUNTS ? counts : MAX_COUNTS)
			 : "memory");
	set_ctl(CTL_ENABLE);
}

static struct uk_clock_event event = {
	.name = "arm-virtual",
	.rating = UK_CLOCK_GOOD,
	.percpu = true,
	.start = event_start,
	.cpu_start = event_cpu_start,
	.set = event_set,
};

static int event_init(const struct uk_boot_ctx *ctx UK_UNUSED)
{
	uk_clock_event_register(&event);
	return 0;
}

UK_INIT(CPU, event_init, NULL);
