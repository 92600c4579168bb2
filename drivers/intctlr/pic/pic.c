/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The chips as a controller of lib/ukintctlr. There is one CPU where they are
 * it, and its interrupts are off in each operation: nothing is locked.
 */
#include <uk/pic.h>

#include <stddef.h>

#include <uk/bits/arch/ioport.h>
#include <uk/compiler.h>
#include <uk/init.h>
#include <uk/intctlr_ops.h>

#include "pic_priv.h"

static const struct pic_io ports = {
	.in = ukarch_in8,
	.out = ukarch_out8,
};

static struct pic chips = { .io = &ports };

void uk_pic_silence(void)
{
	pic_silence(&chips);
}

bool uk_pic_is_there(void)
{
	return pic_is_there(&ports);
}

static unsigned int line_of(unsigned int irq)
{
	return irq - UK_IRQ_LINE_FIRST;
}

static void take(struct ukarch_regs *regs UK_UNUSED, unsigned int vector)
{
	const unsigned int line = vector - PIC_VECTOR;

	if (line >= PIC_NLINES || !pic_is_real(&chips, line)) {
		uk_intctlr_unknown();
		return;
	}
	uk_intctlr_dispatch(UK_IRQ_LINE_FIRST + line);
	pic_done(&chips, line);
}

static int setup(unsigned int irq, enum uk_irq_trigger trigger)
{
	return pic_set_trigger(&chips, line_of(irq), trigger);
}

static void mask(unsigned int irq)
{
	pic_mask(&chips, line_of(irq));
}

static void unmask(unsigned int irq)
{
	pic_unmask(&chips, line_of(irq));
}

static struct uk_intctlr controller;

static int start(const struct uk_bootinfo *bi UK_UNUSED)
{
	controller.nirqs = UK_IRQ_LINE_FIRST + PIC_NLINES;
	controller.msi_first = controller.nirqs;
	return pic_start(&chips);
}

static const struct uk_intctlr_ops ops = {
	.start = start,
	.take = take,
	.setup = setup,
	.mask = mask,
	.unmask = unmask,
};

static struct uk_intctlr controller = {
	.name = "8259 PIC",
	.ops = &ops,
	.rank = 1,
};

static int offer(const struct uk_boot_ctx *ctx UK_UNUSED)
{
	uk_intctlr_offer(&controller);
	return 0;
}

UK_INIT(EARLY, offer, NULL);
