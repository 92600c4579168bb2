/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * CPUs are told to stop by an interrupt like others; one that keeps them off
 * does not answer.
 */
#include <stddef.h>

#include <uk/compiler.h>
#include <uk/intctlr.h>

#include "uklcpu_priv.h"

static enum uk_irq_result on_stop(unsigned int irq UK_UNUSED,
				  void *arg UK_UNUSED)
{
	lcpu_stop_here(uk_intctlr_regs());
	return UK_IRQ_NOT_MINE;
}

int lcpu_stop_take(void)
{
	return uk_intctlr_ipi_register(UK_IPI_STOP, on_stop, NULL, "stop");
}
