/* SPDX-License-Identifier: BSD-3-Clause */
#include "../../signal_priv.h"

#include <uk/arch/regs.h>
#include <uk/string.h>
#include <uk/useraddr.h>

#include "ucontext.h"

/* What a program may change of its state: N Z C V. */
#define PSTATE_FREE	UINT64_C(0xf0000000)

void sig_uc_fill(struct sig_ucontext *uc, const struct ukarch_regs *regs)
{
	uc->flags = 0;
	uc->link = 0;
	memset(uc->unused, 0, sizeof(uc->unused));
	uc->mc.fault_address = 0;
	memcpy(uc->mc.regs, regs->x, sizeof(regs->x));
	uc->mc.sp = regs->sp;
	uc->mc.pc = regs->pc;
	uc->mc.pstate = regs->pstate;
	/* No record; of the rest nothing is written. */
	uc->mc.records[0] = 0;
	uc->mc.records[1] = 0;
}

bool sig_uc_apply(const struct sig_ucontext *uc, struct ukarch_regs *regs)
{
	if (!uk_useraddr_readable((void *)uc->mc.pc, 1) || uc->mc.pc % 4 ||
	    !uk_useraddr_readable((void *)uc->mc.sp, 0))
		return false;
	memcpy(regs->x, uc->mc.regs, sizeof(regs->x));
	regs->sp = uc->mc.sp;
	regs->pc = uc->mc.pc;
	regs->pstate = (regs->pstate & ~PSTATE_FREE) |
		       (uc->mc.pstate & PSTATE_FREE);
	return true;
}
