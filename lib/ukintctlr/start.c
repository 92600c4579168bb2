/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Which controller, and when it is started.
 *
 * Drivers offer themselves in stage EARLY and cost a few instructions until
 * somebody wants an interrupt: to find a controller means to read firmware's
 * tables, which an image without interrupts should not pay for. What was asked
 * for before stage CPU waits for that stage.
 */
#include "intctlr_priv.h"

#include <stddef.h>

#include <uk/arch/cpu.h>
#include <uk/arch/trap.h>
#include <uk/assert.h>
#include <uk/errno.h>
#include <uk/init.h>
#include <uk/print.h>

struct intctlr_state intctlr;

/* Ticks per second that a CPU has, roughly, which does not tell. */
#define HZ_GUESS	1000000000u

void uk_intctlr_offer(struct uk_intctlr *ic)
{
	struct uk_intctlr **at = &intctlr.offered;

	UK_ASSERT(!intctlr.tried);

	while (*at && (*at)->rank > ic->rank)
		at = &(*at)->next;
	ic->next = *at;
	*at = ic;
}

/* Interrupts are off until it returns: there is one at a time. */
static void take(struct ukarch_regs *regs, unsigned int vector)
{
	uk_this_cpu(intctlr_cpu).regs = regs;
	intctlr.ops->take(regs, vector);
	uk_this_cpu(intctlr_cpu).regs = NULL;
}

const struct ukarch_regs *uk_intctlr_regs(void)
{
	return uk_this_cpu(intctlr_cpu).regs;
}

/* The CPU takes a handler once, whatever becomes of @intctlr in tests. */
static void take_over(void)
{
	static bool done;

	if (!done)
		ukarch_irq_set_handler(take);
	done = true;
}

static void started(struct uk_intctlr *ic)
{
	UK_ASSERT(ic->nirqs <= UK_IRQ_MAX);
	UK_ASSERT(ic->msi_first + ic->nmsis <= UK_IRQ_MAX);

	intctlr.hz = ukarch_ticks_hz();
	if (!intctlr.hz)
		intctlr.hz = HZ_GUESS;
	intctlr.ic = ic;
	intctlr.ops = ic->ops;
	take_over();
	uk_pr_info("%s: %u lines, %u messages", ic->name,
		   ic->nirqs - UK_IRQ_LINE_FIRST, ic->nmsis);

	intctlr_cpu_add();
	intctlr_lines_start();
	intctlr_locals_start();
}

/*
 * Interrupts are off until somebody takes them: one may wait already, of who
 * had the machine before.
 */
static int try(struct uk_intctlr *ic)
{
	const unsigned long irqs = ukarch_irq_save();
	const int rc = ic->ops->start(intctlr.bi);

	if (rc == 0)
		started(ic);
	ukarch_irq_restore(irqs);
	return rc;
}

/* Ask the drivers in turn. */
static int start(void)
{
	int first = -ENODEV;

	for (struct uk_intctlr *ic = intctlr.offered; ic; ic = ic->next) {
		const int rc = try(ic);

		if (rc == 0)
			return 0;
		if (first == -ENODEV)
			first = rc;
	}
	uk_pr_err("no interrupt controller");
	return first;
}

int uk_intctlr_start(void)
{
	if (!intctlr.bi)
		return -EAGAIN;
	if (!intctlr.tried) {
		intctlr.tried = true;
		intctlr.error = (int16_t)start();
	}
	return intctlr.error;
}

int intctlr_need(void)
{
	const int rc = uk_intctlr_start();

	return rc == -EAGAIN ? 0 : rc;
}

/* Has anybody asked for an interrupt so far? */
static bool wanted(void)
{
	bool any = intctlr.nslots > 0;

	for (unsigned int i = 0; i < NLOCAL && !any; i++)
		any = intctlr.locals[i].fn != NULL;
	return any;
}

/* A machine without interrupts may still be good for the program. */
static int intctlr_init(const struct uk_boot_ctx *ctx)
{
	intctlr.bi = ctx->bi;
	if (wanted() && uk_intctlr_start() < 0)
		uk_pr_warn("no handler will be called");
	return 0;
}

UK_INIT(CPU, intctlr_init, NULL);
