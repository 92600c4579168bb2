/* SPDX-License-Identifier: BSD-3-Clause */
/* The machine's own channel 0, which is ISA interrupt 0, as a timer. */
#include "pit_priv.h"

#include <stddef.h>

#include <uk/init.h>
#include <uk/intctlr.h>
#include <uk/print.h>

static enum uk_irq_result on_irq(unsigned int irq UK_UNUSED,
				 void *arg UK_UNUSED)
{
	uk_clock_event_fired();
	return UK_IRQ_HANDLED;
}

static int event_start(struct uk_clock_event *event)
{
	int rc = pit_shot_start(&pit_ports);

	(void)event;
	if (rc < 0)
		return rc;
	rc = uk_intctlr_irq_register(uk_intctlr_isa_irq(0), on_irq, NULL,
				     "timer");
	if (rc < 0)
		uk_pr_warn("the PIT cannot interrupt, error %d", -rc);
	return rc;
}

static void event_set(struct uk_clock_event *event UK_UNUSED, uint64_t ns)
{
	pit_shot_set(&pit_ports, pit_shot_counts(ns));
}

static struct uk_clock_event event = {
	.name = "pit",
	.rating = UK_CLOCK_LAST_RESORT,
	.min_ns = 2 * UINT64_C(1000000000) / PIT_HZ,
	.max_ns = 0xffff * UINT64_C(1000000000) / PIT_HZ,
	.start = event_start,
	.set = event_set,
};

static int event_init(const struct uk_boot_ctx *ctx UK_UNUSED)
{
	uk_clock_event_register(&event);
	return 0;
}

UK_INIT(CPU, event_init, NULL);
