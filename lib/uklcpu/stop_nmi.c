/* SPDX-License-Identifier: BSD-3-Clause */
/* CPUs are told to stop by an NMI, which comes even with interrupts off. */
#include <uk/arch/trap.h>

#include "uklcpu_priv.h"

static enum uk_event_result on_nmi(void *data)
{
	const struct uk_trap *const trap = data;

	lcpu_stop_here(trap->regs);
	return UK_EVENT_NOT_HANDLED;
}

UK_EVENT_HANDLER_PRIO(ukarch_trap_nmi, on_nmi, UK_EVENT_PRIO_FIRST);

int lcpu_stop_take(void)
{
	return 0;
}
