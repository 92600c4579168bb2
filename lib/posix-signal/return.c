/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Going on where a signal came: rt_sigreturn(2), with the frame that the stack
 * pointer names. It does not return.
 */
#include <uk/arch/cpu.h>
#include <uk/arch/percpu.h>
#include <uk/arch/regs.h>
#include <uk/call.h>
#include <uk/syscall.h>
#include <uk/task.h>

#include "signal_priv.h"
#include "ucontext.h"

/*
 * From a function, whose stack is the program's, below the frame. What has come
 * is handled by functions too; they use FP and SIMD registers, so these come
 * last. Counting out and the last look are one.
 */
UK_NORETURN
static void resume_here(struct sig_ucontext *uc, struct ukarch_regs *regs)
{
	struct uk_current *const cur = ukarch_current();

	for (;;) {
		long none = 0;

		if (cur->pending & UK_CALL_SIGNAL)
			(void)sig_exit(&none, regs);
		sig_uc_restore_fp(uc);
		ukarch_irq_disable();
		if (!(UK_READ_ONCE(cur->pending) & UK_CALL_SIGNAL))
			break;
		ukarch_irq_enable();
	}
	cur->calls = 0;
	ukarch_regs_resume(regs);
}

UK_SYSCALL_R_E_DEFINE(long, rt_sigreturn)
{
	struct uk_signals *const s = uk_task_current()->signals;
	struct ukarch_regs *const regs = &execenv->regs;
	struct sig_ucontext *const uc = sig_uc_at(regs);

	if (!uc || !sig_uc_apply(uc, regs))
		sig_end_program(UK_ABI_SIGSEGV);
	sig_handler_ended(s, uc->stack, uc->sigmask);
	if (!uk_call_is_trapped(ukarch_current()))
		resume_here(uc, regs);
	sig_uc_restore_fp(uc);
	uk_call_resume(regs);
}
