/* SPDX-License-Identifier: BSD-3-Clause */
#include "../../signal_priv.h"

#include <uk/arch/regs.h>
#include <uk/useraddr.h>

#include "ucontext.h"

/* What a program may change of its state: N Z C V. */
#define PSTATE_FREE	UINT64_C(0xf0000000)

void sig_uc_fill(struct sig_ucontext *uc, const struct ukarch_regs *regs)
{
	for (unsigned int i = 0; i < 31; i++)
		uc->mc.regs[i] = regs->x[i];
	uc->mc.sp = regs->sp;
	uc->mc.pc = regs->pc;
	uc->mc.pstate = regs->pstate;
	uc->mc.records[0] = 0;
}

bool sig_uc_apply(const struct sig_ucontext *uc, struct ukarch_regs *regs)
{
	if (!uk_useraddr_readable((void *)uc->mc.pc, 1) || uc->mc.pc % 4 ||
	    !uk_useraddr_readable((void *)uc->mc.sp, 0))
		return false;
	for (unsigned int i = 0; i < 31; i++)
		regs->x[i] = uc->mc.regs[i];
	regs->sp = uc->mc.sp;
	regs->pc = uc->mc.pc;
	regs->pstate = (regs->pstate & ~PSTATE_FREE) |
		       (uc->mc.pstate & PSTATE_FREE);
	return true;
}
