/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Where svc #0 goes on, from vectors.S: x0 to x2 are in the frame that was
 * begun on the trap stack, SP_EL1, which is at its top without it, as the
 * caller was in no trap.
 *
 * The frame is made on the stack of the call, which becomes SP_EL0: so the
 * call runs as all code of a thread does, may be interrupted and left, and has
 * the trap stack for that. Everything is masked until the caller's SP_EL0, ELR
 * and SPSR are in the frame, and again from before they are put back; IRQs for
 * longer, while the handler does not count the call.
 */
#include <uk/bits/arch/regs.h>

#include "trap_priv.h"

	.text
	.globl	arm64_syscall_entry
	.type	arm64_syscall_entry, %function
arm64_syscall_entry:
	mrs	x2, tpidrro_el0
	ldr	x2, [x2, #CURRENT_CALL_STACK_TOP]
	cbz	x2, 1f
	sub	x2, x2, #UKARCH_REGS_SIZE
	stp	x3, x4, [x2, #24]
	stp	x5, x6, [x2, #40]
	stp	x7, x8, [x2, #56]
	stp	x9, x10, [x2, #72]
	stp	x11, x12, [x2, #88]
	stp	x13, x14, [x2, #104]
	stp	x15, x16, [x2, #120]
	stp	x17, x18, [x2, #136]
	stp	x19, x20, [x2, #152]
	stp	x21, x22, [x2, #168]
	stp	x23, x24, [x2, #184]
	stp	x25, x26, [x2, #200]
	stp	x27, x28, [x2, #216]
	stp	x29, x30, [x2, #232]
	ldp	x3, x4, [sp]
	ldr	x5, [sp, #16]
	add	sp, sp, #UKARCH_REGS_SIZE
	stp	x3, x4, [x2]
	str	x5, [x2, #16]
	mrs	x3, sp_el0
	mrs	x4, elr_el1
	mrs	x5, spsr_el1
	stp	x3, x4, [x2, #UKARCH_REGS_SP]
	stp	x5, xzr, [x2, #UKARCH_REGS_PSTATE]
	str	xzr, [x2, #UKARCH_REGS_FAR]
	stp	x29, x4, [x2, #UKARCH_REGS_TRACE]
	add	x29, x2, #UKARCH_REGS_TRACE

	msr	SPSel, #0
	mov	sp, x2
	and	x5, x5, #0x3c0		/* D, A, I and F, the caller's */
	orr	x5, x5, #UKARCH_REGS_IRQ_OFF
	msr	daif, x5

	adrp	x3, arm64_syscall_fn
	ldr	x3, [x3, #:lo12:arm64_syscall_fn]
	mov	x0, sp
	blr	x3
	mov	x0, sp
	b	arm64_resume

1:	b	arm64_syscall_nowhere
	.size	arm64_syscall_entry, . - arm64_syscall_entry

	.section .note.GNU-stack, "", %progbits
