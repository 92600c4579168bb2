/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

/* How an exception came, for assembler too. */
#define TRAP_SYNC		0
#define TRAP_IRQ		1
#define TRAP_FIQ		2
#define TRAP_SERROR		3
#define TRAP_LOWER_EL		4
#define TRAP_STACK_OVERFLOW	5

/* offsetof(struct uk_current, trap_stack_top) */
#define CURRENT_TRAP_STACK_TOP	24
/* … call_stack_top, where there is one */
#define CURRENT_CALL_STACK_TOP	40

/* ESR_EL1 of svc #0 (Arm ARM, D19.2.37): the class, and IL. */
#define ESR_SVC_0		0x56000000

#ifndef __ASSEMBLER__

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <uk/arch/syscall.h>
#include <uk/arch/trap.h>
#include <uk/current.h>

_Static_assert(offsetof(struct uk_current, trap_stack_top) ==
	       CURRENT_TRAP_STACK_TOP, "asm");
#if UK_IS_ENABLED(CONFIG_HAVE_SYSCALL_TRAP)
_Static_assert(offsetof(struct uk_current, call_stack_top) ==
	       CURRENT_CALL_STACK_TOP, "asm");
#endif

struct ukarch_regs;

extern char ukarch_trap_stack_top[];

/*
 * The boot context is what this CPU runs from here on; its own block is in
 * use. Called by start.S on the boot CPU, with .bss clear.
 */
void arm64_cpu_init(void);
void arm64_cpu_begin(uint32_t idx, uintptr_t trap_stack_top);

/*
 * Called by vectors.S, on the trap stack, with everything masked; what @regs
 * say afterwards is gone on with.
 */
void arm64_trap(struct ukarch_regs *regs, unsigned int how);
void arm64_irq(struct ukarch_regs *regs, unsigned int how);

/* Who takes svc #0 (syscall.c). */
extern ukarch_syscall_fn arm64_syscall_fn;

/* Set once (irq.c); tests put theirs in its place for a while. */
extern ukarch_irq_fn arm64_irq_handler;

/*
 * Fill @trap in for an exception, and tell its event, or NULL if nobody may
 * handle it.
 */
const uk_event_fn *arm64_trap_decode(struct uk_trap *trap,
				     struct ukarch_regs *regs,
				     unsigned int how);

/*
 * What the exception means, in words. @in_guard: @far is in the unmapped
 * memory below a stack.
 */
const char *arm64_trap_cause(unsigned int how, uint64_t esr, uint64_t far,
			     bool in_guard);

/* Is FAR_EL1 the address that was accessed? */
bool arm64_trap_has_addr(unsigned int how, uint64_t esr);

#endif /* !__ASSEMBLER__ */
