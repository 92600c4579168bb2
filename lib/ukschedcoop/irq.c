/* SPDX-License-Identifier: BSD-3-Clause */
#include "coop_priv.h"

#include <uk/arch/cpu.h>
#include <uk/intctlr.h>
#include <uk/print.h>

void coop_irqs_on(void)
{
	/* Before interrupts are on: one may wait from before this image. */
	if (uk_intctlr_start() < 0)
		uk_pr_warn("no interrupt wakes a thread");
	ukarch_irq_enable();
}
