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
	stp	x4, x5, [x2, #32]
	stp	x6, x7, [x2, #48]
	stp	x8, x9, [x2, #64]
	stp	x10, x11, [x2, #80]
	stp	x12, x13, [x2, #96]
	stp	x14, x15, [x2, #112]
	stp	x16, x17, [x2, #128]
	stp	x18, x19, [x2, #144]
	stp	x20, x21, [x2, #160]
	stp	x22, x23, [x2, #176]
	stp	x24, x25, [x2, #192]
	stp	x26, x27, [x2, #208]
	stp	x28, x29, [x2, #224]
	ldr	x4, [sp, #16]
	stp	x4, x3, [x2, #16]
	ldp	x3, x4, [sp]
	add	sp, sp, #UKARCH_REGS_SIZE
	stp	x3, x4, [x2]
	mrs	x3, sp_el0
	mrs	x4, elr_el1
	mrs	x5, spsr_el1
	stp	x30, x3, [x2, #240]	/* and UKARCH_REGS_SP */
	stp	x4, x5, [x2, #UKARCH_REGS_PC]
	stp	xzr, xzr, [x2, #UKARCH_REGS_ESR]
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
