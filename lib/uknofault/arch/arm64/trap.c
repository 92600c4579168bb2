/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Bus errors are the access's only if they are its data abort: an address at
 * which nothing answers, or an unaligned one in memory that minds. An SError
 * comes at any later time, and it is not known what it spoilt.
 */
#include "../../nofault_priv.h"

#include <uk/arch/regs.h>
#include <uk/arch/trap.h>

/* Exception class: data abort of this level (Arm ARM, ESR_EL1.EC). */
#define ESR_EC(esr)	((esr) >> 26 & 0x3f)
#define EC_DABORT	0x25u

unsigned int nofault_flags(const struct ukarch_regs *regs)
{
	return (unsigned int)regs->x[3];
}

void nofault_resume(struct ukarch_regs *regs, uintptr_t ip)
{
	regs->pc = ip;
}

static enum uk_event_result on_bus_error(void *data)
{
	struct uk_trap *const trap = data;

	if (ESR_EC(trap->regs->esr) != EC_DABORT)
		return UK_EVENT_NOT_HANDLED;
	return nofault_end_access(trap);
}

UK_EVENT_HANDLER_PRIO(ukarch_trap_bus_error, on_bus_error,
		      UK_EVENT_PRIO_FIRST);
