/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <uk/arch/regs.h>
#include <uk/compiler.h>
#include <uk/current.h>
#include <uk/event.h>

/*
 * CPU exceptions, as events that a library may handle, and interrupts, which
 * one library (lib/ukintctlr) takes. Contract: each architecture raises them.
 *
 * A handler gets a struct uk_trap. It may change the registers; the trap
 * returns to what they say then. It runs on the trap stack of the current
 * thread (<uk/arch/ctx.h>) with interrupts off; it may enable them if they
 * were on in @regs, and is then interrupted and preempted like any code. It
 * uses no FP or SIMD register. Nobody handled it: the crash screen.
 */

enum uk_trap_access {
	UK_TRAP_READ,
	UK_TRAP_WRITE,
	UK_TRAP_EXEC,
};

struct uk_trap {
	struct ukarch_regs *regs;
	uintptr_t addr;		/* that was accessed, if @has_addr */
	bool has_addr;
	bool mapped;		/* page fault: the rights forbid the access */
	enum uk_trap_access access;	/* page fault */
};

/*
 *   invalid_op   an instruction the CPU does not have or not now
 *   debug        breakpoint instruction, single step, watchpoint
 *   nmi          x86_64: non-maskable interrupt. Own stack: may come at any
 *                place, so it takes no lock, and does not fault
 *   page_fault   an address that is not mapped, or not with these rights
 *   bus_error    nothing answers there, unaligned, machine check, SError
 *   math         an arithmetic or floating-point exception
 *   security     pointer authentication, branch target, control protection
 *   x86_gp       general protection fault and wrong segments
 *
 * A machine check, a double fault and an SError have damaged what they hit;
 * double faults are not raised at all, they are the crash screen's.
 */
UK_EVENT_DECLARE(ukarch_trap_invalid_op);
UK_EVENT_DECLARE(ukarch_trap_debug);
UK_EVENT_DECLARE(ukarch_trap_nmi);
UK_EVENT_DECLARE(ukarch_trap_page_fault);
UK_EVENT_DECLARE(ukarch_trap_bus_error);
UK_EVENT_DECLARE(ukarch_trap_math);
UK_EVENT_DECLARE(ukarch_trap_security);
UK_EVENT_DECLARE(ukarch_trap_x86_gp);

/*
 * Are @regs, which a trap or interrupt of @cur has made, of what was in none:
 * the first ones on its trap stack?
 */
static inline bool ukarch_trap_is_outermost(const struct uk_current *cur,
					    const struct ukarch_regs *regs)
{
	return (uintptr_t)regs + sizeof(*regs) == cur->trap_stack_top;
}

/*
 * Takes every interrupt of every CPU, on the trap stack, with interrupts off,
 * which it does not change. x86_64: @vector is the IDT's, 32 to 255. arm64:
 * @vector is 0 for IRQ, 1 for FIQ; the controller knows the number.
 */
typedef void (*ukarch_irq_fn)(struct ukarch_regs *regs, unsigned int vector);

/*
 * Hand every interrupt to @fn; before, one that comes ends in the crash
 * screen. Called once, before interrupts are enabled. Context: boot.
 */
void ukarch_irq_set_handler(ukarch_irq_fn fn);
