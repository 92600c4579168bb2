/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Interrupts, in an image in which they can come. Their end is where a thread
 * loses its CPU: the switch leaves the interrupt on the thread's trap stack,
 * and comes back here when the thread goes on.
 */
#include "trap_priv.h"

#include <uk/arch/percpu.h>
#include <uk/arch/regs.h>
#include <uk/assert.h>
#include <uk/call.h>
#include <uk/config.h>
#include <uk/crash.h>
#include <uk/preempt.h>
#include <uk/restart.h>

ukarch_irq_fn arm64_irq_handler;

void ukarch_irq_set_handler(ukarch_irq_fn fn)
{
	UK_ASSERT(fn && !arm64_irq_handler);
	arm64_irq_handler = fn;
}

void arm64_irq(struct ukarch_regs *regs, unsigned int how)
{
	struct uk_current *const cur = ukarch_current();

	if (UK_UNLIKELY(!arm64_irq_handler))
		uk_crash_trap(arm64_trap_cause(how, 0, 0, false), regs, 0, 0);

	/* The handler may see, and change, what it was about to. */
	if (UK_IS_ENABLED(CONFIG_HAVE_PREEMPT))
		regs->pc = uk_restart_ip(regs->pc);
	cur->irq_depth++;
	arm64_irq_handler(regs, how - TRAP_IRQ);
	cur->irq_depth--;

	if (UK_IS_ENABLED(CONFIG_HAVE_PREEMPT) && cur->resched &&
	    !cur->preempt_off && cur->irq_depth == 0)
		uk_preempt_switch();
	uk_call_trap_end(regs);
}
