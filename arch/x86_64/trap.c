/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * CPU exceptions. None has a handler so far, so each ends in the crash
 * screen with its cause in words.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <uk/arch/cpu.h>
#include <uk/arch/regs.h>
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

static bool below(uintptr_t addr, const char *stack)
{
	return (uintptr_t)stack - addr <= UKARCH_PAGE_SIZE &&
	       addr < (uintptr_t)stack;
}

static bool in_guard_page(uintptr_t addr)
{
	return below(addr, ukarch_boot_stack) || below(addr, x86_trap_stack) ||
	       below(addr, x86_df_stack) || below(addr, x86_nmi_stack) ||
	       below(addr, x86_mc_stack);
}

void x86_trap(const struct ukarch_regs *regs)
{
	uint64_t cr2;

	/* First: the next page fault overwrites it. */
	__asm__ volatile("movq %%cr2, %0" : "=r"(cr2));

	uk_crash_trap(x86_trap_cause(regs->vector, regs->error, cr2,
				     in_guard_page(cr2)),
		      regs, regs->vector == X86_TRAP_PF, cr2);
}
