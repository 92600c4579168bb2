/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What the CPU refuses a program becomes a signal: if the program handles that
 * and does not block it, and was not in the core. Everything else is the crash
 * screen's, which tells more than "ended by signal 11" does: so a fault is
 * never one of the signals that wait.
 *
 * After those who can do something about it, uk_nofault too.
 */
#include <uk/arch/cpu.h>
#include <uk/arch/percpu.h>
#include <uk/arch/regs.h>
#include <uk/arch/trap.h>
#include <uk/call.h>
#include <uk/event.h>
#include <uk/task.h>

#include "signal_priv.h"

/* Before those who only tell of it. */
#define PRIO	8

static bool is_handled(const struct uk_signals *s, int sig)
{
	const unsigned long irq = uk_spin_lock_irqsave(&sig_process.lock);
	const uint64_t handler = sig_action(sig)->handler;

	uk_spin_unlock_irqrestore(&sig_process.lock, irq);
	return handler != UK_ABI_SIG_DFL && handler != UK_ABI_SIG_IGN &&
	       !(s->mask & UK_ABI_SIGBIT(sig));
}

static bool push(struct sig_taken *t, const struct uk_trap *trap)
{
	struct uk_signals *const s = uk_task_current()->signals;

	if (!is_handled(s, t->sig) || !sig_look_up(t))
		return false;
	return sig_lead(s, t, trap, trap->regs) ||
	       sig_force_segv(s, t->sig, trap->regs);
}

bool sig_force_segv(struct uk_signals *s, int sig, struct ukarch_regs *regs)
{
	struct sig_taken t = {
		.sig = UK_ABI_SIGSEGV,
		.info = {
			.signo = UK_ABI_SIGSEGV, .code = UK_ABI_SI_KERNEL,
		},
	};

	return sig != UK_ABI_SIGSEGV && is_handled(s, t.sig) &&
	       sig_look_up(&t) && sig_lead(s, &t, NULL, regs);
}

enum uk_event_result sig_fault(const struct uk_trap *trap, int sig, int code,
			       uintptr_t addr)
{
	struct uk_current *const cur = ukarch_current();
	const struct uk_task *const task = cur->task;
	struct sig_taken t = {
		.sig = sig,
		.info = { .signo = sig, .code = code, .addr = addr },
	};
	bool done;

	if (!uk_call_trap_in_program(cur, trap->regs) || !task ||
	    !task->of_program)
		return UK_EVENT_NOT_HANDLED;
	/* As at the end of an interrupt: see <uk/call.h>. */
	cur->calls = UK_CALL_TRAPPED;
	ukarch_irq_enable();
	done = push(&t, trap);
	ukarch_irq_disable();
	cur->calls = 0;
	return done ? UK_EVENT_HANDLED : UK_EVENT_NOT_HANDLED;
}

static enum uk_event_result page_fault(void *data)
{
	const struct uk_trap *const trap = data;

	return sig_fault(trap, UK_ABI_SIGSEGV,
			 trap->mapped ? UK_ABI_SEGV_ACCERR : UK_ABI_SEGV_MAPERR,
			 trap->addr);
}

static enum uk_event_result bus_error(void *data)
{
	const struct uk_trap *const trap = data;

	/* What the hardware reports broken is not the program's. */
	if (!sig_is_unaligned(trap))
		return UK_EVENT_NOT_HANDLED;
	return sig_fault(trap, UK_ABI_SIGBUS, UK_ABI_BUS_ADRALN, trap->addr);
}

static enum uk_event_result invalid_op(void *data)
{
	const struct uk_trap *const trap = data;

	return sig_fault(trap, UK_ABI_SIGILL, UK_ABI_ILL_ILLOPN,
			 ukarch_regs_ip(trap->regs));
}

static enum uk_event_result math(void *data)
{
	const struct uk_trap *const trap = data;

	return sig_fault(trap, UK_ABI_SIGFPE, sig_math_code(trap->regs),
			 ukarch_regs_ip(trap->regs));
}

static enum uk_event_result debug(void *data)
{
	const struct uk_trap *const trap = data;

	return sig_fault(trap, UK_ABI_SIGTRAP, sig_debug_code(trap->regs),
			 ukarch_regs_ip(trap->regs));
}

UK_EVENT_HANDLER_PRIO(ukarch_trap_page_fault, page_fault, PRIO);
UK_EVENT_HANDLER_PRIO(ukarch_trap_bus_error, bus_error, PRIO);
UK_EVENT_HANDLER_PRIO(ukarch_trap_invalid_op, invalid_op, PRIO);
UK_EVENT_HANDLER_PRIO(ukarch_trap_math, math, PRIO);
UK_EVENT_HANDLER_PRIO(ukarch_trap_debug, debug, PRIO);
