/* SPDX-License-Identifier: BSD-3-Clause */
#include "../../signal_priv.h"

#include <uk/arch/regs.h>
#include <uk/string.h>
#include <uk/useraddr.h>

#include "ucontext.h"

/* What a program may change of its state: N Z C V. */
#define PSTATE_FREE	UINT64_C(0xf0000000)

/* In two parts, which the compiler makes no call of. */
static void copy_x(uint64_t *to, const uint64_t *from)
{
	__builtin_memcpy(to, from, 16 * sizeof(*to));
	__builtin_memcpy(to + 16, from + 16, 15 * sizeof(*to));
}

void sig_uc_fill(struct sig_ucontext *uc, const struct ukarch_regs *regs)
{
	uc->flags = 0;
	uc->link = 0;
	uc->mc.fault_address = 0;
	copy_x(uc->mc.regs, regs->x);
	uc->mc.sp = regs->sp;
	uc->mc.pc = regs->pc;
	uc->mc.pstate = regs->pstate;
	/* No record. */
	uc->mc.records[0] = 0;
	uc->mc.records[1] = 0;
}

bool sig_uc_apply(const struct sig_ucontext *uc, struct ukarch_regs *regs)
{
	if (!uk_useraddr_readable((void *)uc->mc.pc, 1) || uc->mc.pc % 4 ||
	    !uk_useraddr_readable((void *)uc->mc.sp, 0))
		return false;
	copy_x(regs->x, uc->mc.regs);
	regs->sp = uc->mc.sp;
	regs->pc = uc->mc.pc;
	regs->pstate = (regs->pstate & ~PSTATE_FREE) |
		       (uc->mc.pstate & PSTATE_FREE);
	return true;
}
