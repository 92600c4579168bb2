/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Going back to a program from where it made no call. What is pending is done
 * with interrupts on, and counts as a call: so it is not done on top of itself.
 * The look whether more has come, and going back, are one with interrupts off:
 * who asks later interrupts the program.
 */
#include <uk/call.h>

#include <uk/arch/cpu.h>
#include <uk/arch/percpu.h>
#include <uk/arch/regs.h>
#include <uk/compiler.h>

#include "syscall_shim_priv.h"

/* Interrupts are off, before and after. Returns whether to look again. */
static bool work(struct ukarch_regs *regs)
{
	bool more;

	ukarch_irq_enable();
	more = syscall_shim_exit(NULL, regs);
	ukarch_irq_disable();
	return more;
}

void uk_call_trap_end_slow(struct uk_current *cur, struct ukarch_regs *regs)
{
	ukarch_irq_disable();
	if (!uk_call_trap_in_program(cur, regs))
		return;
	cur->calls = UK_CALL_TRAPPED;
	uk_compiler_barrier();
	while (syscall_shim_has_work(cur) && work(regs))
		;
	uk_compiler_barrier();
	cur->calls = 0;
}

void uk_call_resume(struct ukarch_regs *regs)
{
	struct uk_current *const cur = ukarch_current();

	ukarch_irq_disable();
	while (syscall_shim_has_work(cur) && work(regs))
		;
	uk_compiler_barrier();
	cur->calls = 0;
	ukarch_regs_resume(regs);
}
