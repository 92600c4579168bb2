/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Signals of a program that was left by a trap: an interrupt, a fault, a call
 * by the instruction. All that it is goes into a frame on its own stack, or the
 * alternate one, and it goes on with the handler; from whose end
 * rt_sigreturn(2) brings it back, or a jump never does. Of several the last one
 * runs first.
 */
#include <uk/arch/percpu.h>
#include <uk/arch/regs.h>
#include <uk/arch/syscall.h>
#include <uk/call.h>
#include <uk/crash.h>
#include <uk/errno.h>
#include <uk/nofault.h>
#include <uk/task.h>

#include "signal_priv.h"

/* Below the stack pointer that is the caller's (x86_64: System V ABI). */
#define RED_ZONE	128u

/* Of the stack of a program that is to end there. */
#define END_STACK	8192u

bool sig_lead(struct uk_signals *s, const struct sig_taken *t,
	      const struct uk_trap *trap, struct ukarch_regs *regs)
{
	const uintptr_t sp = ukarch_regs_sp(regs);
	const bool on_alt = sig_wants_alt(s, t, sp);
	const struct sig_plan plan = {
		.top = on_alt ? s->alt.sp + s->alt.size : sp - RED_ZONE,
		.low = on_alt || sig_on_alt(s, sp) ? s->alt.sp : 0,
		.taken = t,
		.trap = trap,
		.alt = sig_alt_told(s, sp),
		.mask = sig_mask_behind(s),
	};

	if (!sig_frame_push(&plan, regs))
		return false;
	sig_handler_begins(s, t, on_alt);
	return true;
}

/* A program that goes on here, ends. */
static void end_here(int sig)
{
	(void)uk_call_enter();
	sig_end_program(sig);
}

UK_NORETURN UK_COLD
static void crash(const struct ukarch_regs *regs)
{
	uk_crash_trap("no memory where a signal's frame goes, on the stack",
		      regs, true, ukarch_regs_sp(regs));
}

/*
 * The trap stack is too small for all that is done at the end of an image, so
 * the program does it, on its own stack.
 */
static void end_in_program(int sig, struct ukarch_regs *regs)
{
	const uintptr_t low = ukarch_regs_sp(regs) - RED_ZONE - END_STACK;

	if (uk_nofault_probe_rw(low, END_STACK, 0) != END_STACK)
		crash(regs);
	sig_regs_begin(regs, end_here, sig, low + END_STACK);
}

/* As the registers are before the frame of the first one is made. */
static void end_call(const struct uk_signals *s, const struct sig_taken *t,
		     long ret, bool always, struct ukarch_regs *regs)
{
	if (ret == -UK_CALL_RESTART && sig_restarts(s, t, always))
		ukarch_regs_call_again(regs);
	else
		ukarch_regs_call_ret(regs, ret == -UK_CALL_RESTART ? -EINTR :
								     ret);
}

/* The end of a call. */
static bool call_exit(struct uk_signals *s, long *ret,
		      struct ukarch_regs *regs)
{
	const bool restart = *ret == -UK_CALL_RESTART;
	const bool always = restart && sig_call_again();
	bool any = false;
	struct sig_taken t;

	for (; sig_take_next(s, &t); any = true) {
		if (t.action.handler == UK_ABI_SIG_DFL)
			sig_end_program(t.sig);
		if (!any)
			end_call(s, &t, *ret, always, regs);
		if (!sig_lead(s, &t, NULL, regs) &&
		    !sig_force_segv(s, t.sig, regs))
			sig_end_program(UK_ABI_SIGSEGV);
	}
	if (any)
		*ret = ukarch_regs_call_result(regs);
	else if (restart)
		return true;
	sig_restore_mask();
	return false;
}

bool sig_trap_exit(struct uk_signals *s, long *ret, struct ukarch_regs *regs)
{
	struct sig_taken t;

	if (ret)
		return call_exit(s, ret, regs);
	/* One of the core may be anywhere. */
	if (!uk_task_current()->of_program || !sig_take_next(s, &t))
		return false;
	if (t.action.handler == UK_ABI_SIG_DFL) {
		end_in_program(t.sig, regs);
		return false;
	}
	if (!sig_lead(s, &t, NULL, regs) && !sig_force_segv(s, t.sig, regs))
		crash(regs);
	return true;
}
