/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The exception vectors (Arm ARM D1.4.1), and the way back.
 *
 * Code runs with SPSel 0, so an exception finds SP_EL1 at the top of the trap
 * stack of the current context. One that comes while a trap is handled uses
 * the same stack further down, and must not run out of it: a store below it
 * would fault here again, for ever. So the second kind looks first, and if the
 * stack is used up, starts again at its top and tells the handler so.
 *
 * The hardware masks everything at an exception, SError too; it stays so on
 * the way in and out, where ELR and SPSR or the stack pointers are in use.
 */
#include <uk/bits/arch/regs.h>
#include <uk/bits/arch/stack.h>
#include <uk/config.h>

#include "trap_priv.h"

/* Entered from code on SP_EL0. */
.macro from_sp0 vector
	.balign	128
	sub	sp, sp, #UKARCH_REGS_SIZE
	stp	x0, x1, [sp]
	str	x2, [sp, #16]
	mrs	x2, sp_el0
	mov	x1, #\vector
	b	save
.endm

/*
 * The same, for synchronous exceptions: where this image has them, svc #0 goes
 * a way of its own (syscall_entry.S).
 */
.macro from_sp0_sync
	.balign	128
	sub	sp, sp, #UKARCH_REGS_SIZE
	stp	x0, x1, [sp]
	str	x2, [sp, #16]
#if UK_IS_ENABLED(CONFIG_HAVE_SYSCALL_TRAP)
	mrs	x2, esr_el1
	mov	w1, #ESR_SVC_0
	cmp	w1, w2
	b.eq	arm64_syscall_entry
	.globl	arm64_syscall_nowhere
arm64_syscall_nowhere:
#endif
	mrs	x2, sp_el0
	mov	x1, #TRAP_SYNC
	b	save
.endm

/*
 * Entered from code on SP_EL1. No register is free: the sum of sp and x0
 * holds both while the address bit is looked at.
 */
.macro from_spx vector
	.balign	128
	sub	sp, sp, #UKARCH_REGS_SIZE
	add	sp, sp, x0
	sub	x0, sp, x0
	tbz	x0, #UKARCH_TRAP_STACK_SHIFT, overflow
	sub	x0, sp, x0
	sub	sp, sp, x0
	stp	x0, x1, [sp]
	str	x2, [sp, #16]
	add	x2, sp, #UKARCH_REGS_SIZE
	mov	x1, #\vector
	b	save
.endm

/* Entered from a lower exception level, which we never run. */
.macro from_lower vector
	from_sp0 \vector
.endm

	.text
	.balign	2048
	.globl	ukarch_vectors
ukarch_vectors:
	from_sp0_sync
	from_sp0 TRAP_IRQ
	from_sp0 TRAP_FIQ
	from_sp0 TRAP_SERROR
	from_spx TRAP_SYNC
	from_spx TRAP_IRQ
	from_spx TRAP_FIQ
	from_spx TRAP_SERROR
	from_lower TRAP_LOWER_EL
	from_lower TRAP_LOWER_EL
	from_lower TRAP_LOWER_EL
	from_lower TRAP_LOWER_EL
	from_lower TRAP_LOWER_EL
	from_lower TRAP_LOWER_EL
	from_lower TRAP_LOWER_EL
	from_lower TRAP_LOWER_EL
	.balign	128

/*
 * sp - x0 is x0, and x0 is the used-up sp. SP_EL0 is of no use any more: it
 * keeps x0 for two steps.
 */
overflow:
	sub	x0, sp, x0
	msr	sp_el0, x0
	mrs	x0, tpidrro_el0
	ldr	x0, [x0, #CURRENT_TRAP_STACK_TOP]
	/* sp and x0 change places. */
	add	sp, sp, x0
	sub	x0, sp, x0
	sub	sp, sp, x0

	sub	sp, sp, #UKARCH_REGS_SIZE
	stp	x1, x2, [sp, #8]
	mrs	x1, sp_el0
	str	x1, [sp]
	sub	x2, x0, x1
	add	x2, x2, #UKARCH_REGS_SIZE
	mov	x1, #TRAP_STACK_OVERFLOW

/* x0-x2 are saved; x1 is the vector, x2 the sp at the exception. */
save:
	stp	x3, x4, [sp, #24]
	stp	x5, x6, [sp, #40]
	stp	x7, x8, [sp, #56]
	stp	x9, x10, [sp, #72]
	stp	x11, x12, [sp, #88]
	stp	x13, x14, [sp, #104]
	stp	x15, x16, [sp, #120]
	stp	x17, x18, [sp, #136]
	stp	x19, x20, [sp, #152]
	stp	x21, x22, [sp, #168]
	stp	x23, x24, [sp, #184]
	stp	x25, x26, [sp, #200]
	stp	x27, x28, [sp, #216]
	stp	x29, x30, [sp, #232]
	mrs	x3, elr_el1
	mrs	x4, spsr_el1
	mrs	x5, esr_el1
	mrs	x6, far_el1
	stp	x2, x3, [sp, #UKARCH_REGS_SP]
	stp	x4, x5, [sp, #UKARCH_REGS_PSTATE]
	str	x6, [sp, #UKARCH_REGS_FAR]
	stp	x29, x3, [sp, #UKARCH_REGS_TRACE]
	add	x29, sp, #UKARCH_REGS_TRACE

	mov	x0, sp
	adr	x30, restore
	sub	x2, x1, #TRAP_IRQ
	cmp	x2, #TRAP_FIQ - TRAP_IRQ
	b.hi	1f
	b	arm64_irq
1:	b	arm64_trap

/*
 * Go on with what the frame at sp says; a handler may have changed it, and
 * have switched interrupts on. SP_EL0 is only set for code that runs on it:
 * other code is the inside of a trap, and the frame further up has SP_EL0.
 */
restore:
	msr	daifset, #15
	mov	x0, sp
	add	x4, sp, #UKARCH_REGS_SIZE
	ldp	x1, x2, [x0, #UKARCH_REGS_SP]
	ldr	x3, [x0, #UKARCH_REGS_PSTATE]
	msr	elr_el1, x2
	msr	spsr_el1, x3
	tbnz	x3, #0, 1f
	msr	sp_el0, x1
	mov	x1, x4
1:	mov	sp, x1
	ldp	x2, x3, [x0, #16]
	ldp	x4, x5, [x0, #32]
	ldp	x6, x7, [x0, #48]
	ldp	x8, x9, [x0, #64]
	ldp	x10, x11, [x0, #80]
	ldp	x12, x13, [x0, #96]
	ldp	x14, x15, [x0, #112]
	ldp	x16, x17, [x0, #128]
	ldp	x18, x19, [x0, #144]
	ldp	x20, x21, [x0, #160]
	ldp	x22, x23, [x0, #176]
	ldp	x24, x25, [x0, #192]
	ldp	x26, x27, [x0, #208]
	ldp	x28, x29, [x0, #224]
	ldr	x30, [x0, #240]
	ldp	x0, x1, [x0]
	eret

/* void ukarch_regs_capture(struct ukarch_regs *regs) */
	.globl	ukarch_regs_capture
	.type	ukarch_regs_capture, %function
ukarch_regs_capture:
	stp	x0, x1, [x0]
	stp	x2, x3, [x0, #16]
	stp	x4, x5, [x0, #32]
	stp	x6, x7, [x0, #48]
	stp	x8, x9, [x0, #64]
	stp	x10, x11, [x0, #80]
	stp	x12, x13, [x0, #96]
	stp	x14, x15, [x0, #112]
	stp	x16, x17, [x0, #128]
	stp	x18, x19, [x0, #144]
	stp	x20, x21, [x0, #160]
	stp	x22, x23, [x0, #176]
	stp	x24, x25, [x0, #192]
	stp	x26, x27, [x0, #208]
	stp	x28, x29, [x0, #224]
	str	x30, [x0, #240]
	mov	x1, sp
	stp	x1, x30, [x0, #UKARCH_REGS_SP]
	mrs	x1, daif
	mrs	x2, CurrentEL
	orr	x1, x1, x2
	mrs	x2, SPSel
	orr	x1, x1, x2
	mrs	x2, nzcv
	orr	x1, x1, x2
	stp	x1, xzr, [x0, #UKARCH_REGS_PSTATE]
	str	xzr, [x0, #UKARCH_REGS_FAR]
	stp	xzr, xzr, [x0, #UKARCH_REGS_TRACE]
	ldp	x1, x2, [x0, #8]
	ret
	.size	ukarch_regs_capture, . - ukarch_regs_capture

	.section .note.GNU-stack, "", %progbits
