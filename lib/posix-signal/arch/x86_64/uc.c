/* SPDX-License-Identifier: BSD-3-Clause */
#include "../../signal_priv.h"

#include <uk/arch/regs.h>
#include <uk/useraddr.h>

#include "ucontext.h"

/* What a program may change: CF PF AF ZF SF TF DF OF AC (SDM 1, 3.4.3). */
#define FLAGS_FREE	UINT64_C(0x40dd5)

/* User code's selectors, as programs know them. */
#define USER_CS		0x33
#define USER_SS		0x2b

#define EACH(op)							\
	op(r8) op(r9) op(r10) op(r11) op(r12) op(r13) op(r14) op(r15)	\
	op(rdi) op(rsi) op(rbp) op(rbx) op(rdx) op(rax) op(rcx) op(rsp) op(rip)

void sig_uc_fill(struct sig_ucontext *uc, const struct ukarch_regs *regs)
{
#define TELL(reg)	uc->mc.reg = regs->reg;
	uc->flags = 0;
	uc->link = 0;
	EACH(TELL)
	uc->mc.eflags = regs->rflags;
	uc->mc.cs = USER_CS;
	uc->mc.gs = 0;
	uc->mc.fs = 0;
	uc->mc.ss = USER_SS;
	uc->mc.err = 0;
	uc->mc.trapno = 0;
	uc->mc.oldmask = 0;
	uc->mc.cr2 = 0;
	uc->mc.fpstate = 0;
}

bool sig_uc_apply(const struct sig_ucontext *uc, struct ukarch_regs *regs)
{
	if (!uk_useraddr_readable((void *)uc->mc.rip, 1) ||
	    !uk_useraddr_readable((void *)uc->mc.rsp, 0))
		return false;
#define TAKE(reg)	regs->reg = uc->mc.reg;
	EACH(TAKE)
	regs->rflags = (regs->rflags & ~FLAGS_FREE) |
		       (uc->mc.eflags & FLAGS_FREE);
	return true;
}
