/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Exceptions but for interrupts: raised as events, and the crash screen for
 * those that nobody handles.
 */
#include "trap_priv.h"

#include <uk/arch/percpu.h>
#include <uk/arch/regs.h>
#include <uk/bits/arch/stack.h>
#include <uk/call.h>
#include <uk/crash.h>

extern char ukarch_boot_guard[];

/* Is @addr in the hole below the boot stack, or this trap stack? */
static bool in_guard(uintptr_t addr)
{
	const uintptr_t trap_guard = ukarch_current()->trap_stack_top -
				     UKARCH_TRAP_STACK_SIZE -
				     UKARCH_TRAP_GUARD_SIZE;

	return addr - (uintptr_t)ukarch_boot_guard < UKARCH_BOOT_GUARD_SIZE ||
	       addr - trap_guard < UKARCH_TRAP_GUARD_SIZE;
}

void arm64_trap(struct ukarch_regs *regs, unsigned int how)
{
	struct uk_trap trap;
	const uk_event_fn *const event = arm64_trap_decode(&trap, regs, how);

	if (event && uk_event_raise_(event, &trap) != UK_EVENT_NOT_HANDLED) {
		uk_call_trap_end(regs);
		return;
	}
	uk_crash_trap(arm64_trap_cause(how, regs->esr, trap.addr,
				       in_guard(trap.addr)),
		      regs, trap.has_addr, trap.addr);
}
