/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Interrupts: handed to the one who takes them, on the trap stack. On the way
 * back the thread may lose its CPU: it is left here, in the middle of the
 * interrupt, and goes on here when it has a CPU again.
 */
#include <uk/arch/trap.h>

#include <uk/arch/percpu.h>
#include <uk/arch/regs.h>
#include <uk/assert.h>
#include <uk/call.h>
#include <uk/config.h>
#include <uk/preempt.h>
#include <uk/restart.h>

#include "x86_priv.h"

/* Set once, before there are interrupts. */
static ukarch_irq_fn handler;

void x86_irq(struct ukarch_regs *regs)
{
	struct uk_current *const cur = ukarch_current();

	/* The stub's number is where an exception's error code would be. */
	regs->vector = (uint8_t)(regs->error + X86_IRQ_BIAS);
	regs->error = 0;

	/* The handler may see, and change, what it was about to. */
	if (UK_IS_ENABLED(CONFIG_HAVE_PREEMPT))
		regs->rip = uk_restart_ip(regs->rip);
	cur->irq_depth++;
	handler(regs, (unsigned int)regs->vector);
	cur->irq_depth--;

	if (UK_IS_ENABLED(CONFIG_HAVE_PREEMPT) && cur->resched &&
	    !cur->preempt_off && !cur->irq_depth)
		uk_preempt_switch();
	uk_call_trap_end(regs);
}

void ukarch_irq_set_handler(ukarch_irq_fn fn)
{
	UK_ASSERT(fn && !handler);
	handler = fn;
	x86_gates(X86_NTRAPS, X86_NIRQS, x86_irq_stubs, X86_IRQ_STUB);
}
