/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

/* Selectors, in the boot GDT and in each CPU's own. */
#define SEL_CODE	0x08
#define SEL_DATA	0x10
#define SEL_TSS		0x18

/* Bytes. All traps but three share a stack; these have one of their own. */
#define X86_TRAP_STACK	8192
#define X86_OTHER_STACK	4096

/* Exceptions by number (Intel SDM volume 3A, 6.3.1). */
#define X86_NTRAPS	32
#define X86_TRAP_NMI	2
#define X86_TRAP_DF	8
#define X86_TRAP_TS	10
#define X86_TRAP_NP	11
#define X86_TRAP_SS	12
#define X86_TRAP_GP	13
#define X86_TRAP_PF	14
#define X86_TRAP_MC	18
#define X86_TRAP_CP	21

/* Entry stubs are this many bytes apart. */
#define X86_TRAP_STUB	16

#ifndef __ASSEMBLER__

#include <stdbool.h>
#include <stdint.h>

#include <uk/compiler.h>

struct ukarch_regs;

/* start.S: the stacks, each with an unmapped page below. */
extern char ukarch_boot_stack[], ukarch_boot_stack_top[];
extern char x86_trap_stack[], x86_trap_stack_top[];
extern char x86_df_stack[], x86_df_stack_top[];
extern char x86_nmi_stack[], x86_nmi_stack_top[];
extern char x86_mc_stack[], x86_mc_stack_top[];

/* trap_entry.S: X86_NTRAPS stubs, then where they end in C. */
extern char x86_trap_stubs[];
UK_NORETURN void x86_trap(const struct ukarch_regs *regs);

/* Makes the boot CPU ready for C: descriptor tables, traps, FPU. */
void x86_cpu_init(void);

/* x86_fpu_init: SSE, and the state that XSAVE knows, ready for programs. */
void x86_fpu_init(void);

/*
 * What exception @vector with @error means, in words; @addr is CR2.
 * @in_guard: @addr is in the page below a stack.
 */
const char *x86_trap_cause(uint64_t vector, uint64_t error, uint64_t addr,
			   bool in_guard);

#endif /* !__ASSEMBLER__ */
