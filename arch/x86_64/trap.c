/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * CPU exceptions become events. One that nobody handles ends in the crash
 * screen with its cause in words, as does a double fault, which there is
 * nothing to return to from.
 */
#include <uk/arch/trap.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <uk/arch/cpu.h>
#include <uk/arch/ctx.h>
#include <uk/arch/percpu.h>
#include <uk/arch/regs.h>
#include <uk/call.h>
#include <uk/crash.h>

#include "x86_priv.h"

#define REG(field) \
	{ .name = #field, .offset = offsetof(struct ukarch_regs, field) }

const struct ukarch_reg_name ukarch_reg_names[] = {
	REG(rip), REG(rsp), REG(rflags), REG(rax), REG(rbx), REG(rcx),
	REG(rdx), REG(rsi), REG(rdi), REG(rbp), REG(r8), REG(r9), REG(r10),
	REG(r11), REG(r12), REG(r13), REG(r14), REG(r15), REG(cs), REG(ss),
	REG(vector), REG(error),
};

const size_t ukarch_nreg_names =
	sizeof(ukarch_reg_names) / sizeof(ukarch_reg_names[0]);

UK_EVENT(ukarch_trap_invalid_op);
UK_EVENT(ukarch_trap_debug);
UK_EVENT(ukarch_trap_nmi);
UK_EVENT(ukarch_trap_page_fault);
UK_EVENT(ukarch_trap_bus_error);
UK_EVENT(ukarch_trap_math);
UK_EVENT(ukarch_trap_security);
UK_EVENT(ukarch_trap_x86_gp);

/* By number (SDM volume 3A, table 6-1); without an event: the crash screen. */
static const uk_event_fn *const events[X86_NTRAPS] = {
	[0] = uk_event_ukarch_trap_math,
	[1] = uk_event_ukarch_trap_debug,
	[X86_TRAP_NMI] = uk_event_ukarch_trap_nmi,
	[3] = uk_event_ukarch_trap_debug,
	[4] = uk_event_ukarch_trap_math,
	[5] = uk_event_ukarch_trap_math,
	[6] = uk_event_ukarch_trap_invalid_op,
	[7] = uk_event_ukarch_trap_invalid_op,
	[X86_TRAP_TS] = uk_event_ukarch_trap_x86_gp,
	[X86_TRAP_NP] = uk_event_ukarch_trap_x86_gp,
	[X86_TRAP_SS] = uk_event_ukarch_trap_x86_gp,
	[X86_TRAP_GP] = uk_event_ukarch_trap_x86_gp,
	[X86_TRAP_PF] = uk_event_ukarch_trap_page_fault,
	[16] = uk_event_ukarch_trap_math,
	[17] = uk_event_ukarch_trap_bus_error,
	[X86_TRAP_MC] = uk_event_ukarch_trap_bus_error,
	[19] = uk_event_ukarch_trap_math,
	[X86_TRAP_CP] = uk_event_ukarch_trap_security,
	[30] = uk_event_ukarch_trap_security,
};

static bool below(uintptr_t addr, uintptr_t stack)
{
	return stack - addr <= UKARCH_PAGE_SIZE && addr < stack;
}

static bool in_guard_page(uintptr_t addr)
{
	const uintptr_t trap_stack = ukarch_current()->trap_stack_top -
				     UKARCH_TRAP_STACK_SIZE;

	return below(addr, (uintptr_t)ukarch_boot_stack) ||
	       below(addr, trap_stack) ||
	       below(addr, (uintptr_t)x86_df_stack) ||
	       below(addr, (uintptr_t)x86_nmi_stack) ||
	       below(addr, (uintptr_t)x86_mc_stack);
}

void x86_trap(struct ukarch_regs *regs)
{
	const bool page_fault = regs->vector == X86_TRAP_PF;
	char text[X86_MCHECK_TEXT];
	const char *cause = NULL;
	struct uk_trap trap = {
		.regs = regs,
		.has_addr = page_fault,
	};

	/* First: the next page fault overwrites it. */
	if (page_fault) {
		__asm__ volatile("movq %%cr2, %0" : "=r"(trap.addr));
		x86_page_fault_access(regs->error, &trap);
	}
	if (events[regs->vector] &&
	    uk_event_raise_(events[regs->vector], &trap) !=
	    UK_EVENT_NOT_HANDLED) {
		uk_call_trap_end(regs);
		return;
	}
	if (regs->vector == X86_TRAP_MC)
		cause = x86_mcheck_cause(text);
	if (!cause)
		cause = x86_trap_cause(regs->vector, regs->error, trap.addr,
				       in_guard_page(trap.addr));
	uk_crash_trap(cause, regs, page_fault, trap.addr);
}
