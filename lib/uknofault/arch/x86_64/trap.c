/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * An address that is not canonical is no page fault but a general protection
 * fault (Intel SDM volume 1, 3.3.7.1), for which no page could be mapped. A
 * machine check is left to the crash screen: it is not known what it spoilt.
 */
#include "../../nofault_priv.h"

#include <uk/arch/regs.h>
#include <uk/arch/trap.h>

unsigned int nofault_flags(const struct ukarch_regs *regs)
{
	return (unsigned int)regs->r8;
}

void nofault_resume(struct ukarch_regs *regs, uintptr_t ip)
{
	regs->rip = ip;
}

static enum uk_event_result on_gp(void *data)
{
	return nofault_end_access(data);
}

UK_EVENT_HANDLER_PRIO(ukarch_trap_x86_gp, on_gp, UK_EVENT_PRIO_FIRST);
