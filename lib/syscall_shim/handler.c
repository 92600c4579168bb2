/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * System calls by an instruction. They end in the same functions as direct
 * calls; here is what a function call needs not: the place is checked, since
 * the instruction may stand anywhere, and beginning and end of the call are
 * with interrupts off, because the registers to go on with are on the stack of
 * calls, where a thread that counts as in its program must not be interrupted.
 */
#include <uk/arch/syscall.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <uk/arch/cpu.h>
#include <uk/arch/percpu.h>
#include <uk/compiler.h>
#include <uk/crash.h>
#include <uk/init.h>
#include <uk/syscall.h>

#include "syscall_shim_priv.h"

UK_NORETURN UK_NOINLINE UK_COLD
static void crash(const struct uk_current *cur,
		  const struct ukarch_regs *regs)
{
	const char *where;

	if (!cur->is_thread)
		where = "system call instruction outside of any thread";
	else if (cur->irq_depth)
		where = "system call instruction in an interrupt handler";
	else if (cur->calls)
		where = "system call instruction inside a system call";
	else if (!cur->call_stack_top)
		where = "system call instruction in a thread without a stack "
			"for calls";
	else
		where = "system call instruction in a trap handler";
	uk_crash_trap(where, regs, 0, 0);
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
static bool is_done(const struct uk_current *cur, long ret)
{
	ukarch_irq_disable();
	return ret != -UK_CALL_RESTART && !UK_READ_ONCE(cur->pending);
}

/* What is to be done at the end; *@ret becomes one that programs see. */
UK_NOINLINE
static bool work(struct uk_current *cur, long *ret, struct ukarch_regs *regs)
{
	do {
		irq_as(regs);
		if (syscall_shim_work(ret, regs))
			return true;
		ukarch_irq_disable();
	} while (syscall_shim_has_work(cur));
	return false;
}

/* The call again, until its end is one. */
UK_NOINLINE
static long call_on(struct uk_current *cur, long ret, struct ukarch_regs *regs)
{
	while (work(cur, &ret, regs)) {
		ret = call(regs);
		if (is_done(cur, ret))
			break;
	}
	return ret;
}

void syscall_shim_trap(struct ukarch_regs *regs)
{
	struct uk_current *const cur = ukarch_current();
	long ret;

	if (UK_UNLIKELY(cur->calls || ukarch_regs_call_misplaced(cur, regs)))
		crash(cur, regs);
	cur->calls = UK_CALL_TRAPPED;
	uk_compiler_barrier();
	irq_as(regs);
	ret = call(regs);
	if (UK_UNLIKELY(!is_done(cur, ret)))
		ret = call_on(cur, ret, regs);
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
