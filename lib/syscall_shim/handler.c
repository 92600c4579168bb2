/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * System calls by an instruction. They end in the same functions as direct
 * calls; here is what a function call needs not: the place is checked, since
 * the instruction may stand anywhere, and the end of the call is with
 * interrupts off, because the registers to go on with are on the stack of
 * calls, where a thread that counts as in its program must not be interrupted.
 */
#include <uk/arch/syscall.h>

#include <stddef.h>
#include <stdint.h>

#include <uk/arch/cpu.h>
#include <uk/arch/ctx.h>
#include <uk/arch/percpu.h>
#include <uk/compiler.h>
#include <uk/crash.h>
#include <uk/errno.h>
#include <uk/init.h>
#include <uk/syscall.h>

#include "syscall_shim_priv.h"

/* Why @regs can not be those of a program that makes a call; NULL: they can. */
static const char *wrong_place(const struct uk_current *cur,
			       const struct ukarch_regs *regs)
{
	const uintptr_t sp = ukarch_regs_sp(regs);

	if (!cur->is_thread)
		return "system call instruction outside of any thread";
	if (cur->irq_depth)
		return "system call instruction in an interrupt handler";
	if (cur->trap_stack_top - sp < UKARCH_TRAP_STACK_SIZE)
		return "system call instruction in a trap handler";
	if (cur->calls)
		return "system call instruction inside a system call";
	if (!cur->call_stack_top)
		return "system call instruction in a thread without a stack "
		       "for calls";
	return NULL;
}

#define CALL(nr, call)							\
	case nr:							\
		return call;

static long call(struct ukarch_regs *regs)
{
	const long nr = ukarch_regs_call(regs);
	const long env = (long)regs;
	const long a = ukarch_regs_call_arg(regs, 0);
	const long b = ukarch_regs_call_arg(regs, 1);
	const long c = ukarch_regs_call_arg(regs, 2);
	const long d = ukarch_regs_call_arg(regs, 3);
	const long e = ukarch_regs_call_arg(regs, 4);
	const long f = ukarch_regs_call_arg(regs, 5);

	(void)env;
	switch (nr) {
	UK_SYSCALL_ENV_MAP(CALL)
	default:
		return uk_syscall6_r(nr, a, b, c, d, e, f);
	}
}

_Static_assert(offsetof(struct ukarch_execenv, regs) == 0, "env above");

static void irq_as(const struct ukarch_regs *regs)
{
	if (ukarch_regs_irq_on(regs))
		ukarch_irq_enable();
}

/* Is there no more to do? Interrupts are off after that. */
static bool is_done(struct uk_current *cur, long ret)
{
	ukarch_irq_disable();
	return ret != -UK_CALL_RESTART && !syscall_shim_has_work(cur);
}

void syscall_shim_trap(struct ukarch_regs *regs)
{
	struct uk_current *const cur = ukarch_current();
	const char *const wrong = wrong_place(cur, regs);
	bool again = false;
	long ret;

	if (UK_UNLIKELY(wrong))
		uk_crash_trap(wrong, regs, 0, 0);
	cur->calls = UK_CALL_TRAPPED;
	uk_compiler_barrier();
	do {
		ret = call(regs);
		while (UK_UNLIKELY(!is_done(cur, ret))) {
			irq_as(regs);
			again = syscall_shim_work(&ret, regs);
			if (again)
				break;
		}
	} while (UK_UNLIKELY(again));
	uk_compiler_barrier();
	cur->calls = 0;
	ukarch_regs_call_ret(regs, ret);
}

static int take_traps(const struct uk_boot_ctx *ctx UK_UNUSED)
{
	ukarch_syscall_set_handler(syscall_shim_trap);
	return 0;
}

UK_INIT(CPU, take_traps, NULL);
