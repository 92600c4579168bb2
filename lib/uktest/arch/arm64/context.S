/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Call a function so that a crash inside can come back: everything the caller
 * counts on (AAPCS64: x19-x30) and DAIF wait on the stack.
 *
 * Code that runs on SP_EL0 takes its exceptions on SP_EL1. A handler that is
 * left without a return would never give that stack back, so its address is
 * kept as well and set again.
 */

#define FRAME		112
#define CTX_SP		0
#define CTX_SP_SELECT	8
#define CTX_SP_EL1	16

	.text

/* int uktest_context_call(fn x0, arg x1, ctx x2) */
	.globl	uktest_context_call
	.type	uktest_context_call, %function
uktest_context_call:
	stp	x29, x30, [sp, #-FRAME]!
	mov	x29, sp
	stp	x19, x20, [sp, #16]
	stp	x21, x22, [sp, #32]
	stp	x23, x24, [sp, #48]
	stp	x25, x26, [sp, #64]
	stp	x27, x28, [sp, #80]
	mrs	x9, daif
	str	x9, [sp, #96]

	mov	x10, sp
	mrs	x11, SPSel
	stp	x10, x11, [x2, #CTX_SP]
	cbnz	x11, 1f
	msr	daifset, #15
	msr	SPSel, #1
	mov	x10, sp
	msr	SPSel, #0
	str	x10, [x2, #CTX_SP_EL1]
	msr	daif, x9
1:
	mov	x9, x0
	mov	x0, x1
	blr	x9
	mov	w0, #0
.Lreturn:
	ldr	x9, [sp, #96]
	msr	daif, x9
	ldp	x27, x28, [sp, #80]
	ldp	x25, x26, [sp, #64]
	ldp	x23, x24, [sp, #48]
	ldp	x21, x22, [sp, #32]
	ldp	x19, x20, [sp, #16]
	ldp	x29, x30, [sp], #FRAME
	ret
	.size	uktest_context_call, . - uktest_context_call

/* void uktest_context_unwind(ctx x0) */
	.globl	uktest_context_unwind
	.type	uktest_context_unwind, %function
uktest_context_unwind:
	msr	daifset, #15
	ldp	x10, x11, [x0, #CTX_SP]
	cbnz	x11, 1f
	ldr	x12, [x0, #CTX_SP_EL1]
	msr	SPSel, #1
	mov	sp, x12
1:
	msr	SPSel, x11
	mov	sp, x10
	mov	w0, #1
	b	.Lreturn
	.size	uktest_context_unwind, . - uktest_context_unwind

	.section .note.GNU-stack, "", %progbits
