/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Leaving one flow of control and going on with another.
 *
 * A flow that is left keeps x19 to x30 on the stack it runs on; the rest a
 * call may change (AAPCS64, 6.1.1). That stack is SP_EL0, or SP_EL1 in the
 * middle of a trap. Where the flow goes on says which: resume0 also makes the
 * whole trap stack of the new context SP_EL1, as is right for code that is in
 * no trap; resume1 goes on down where it was, and SP_EL0 is in the frame of
 * the trap, which sets it when it returns.
 */
#include "ctx.inc"

#define FRAME		96

	.text

/* void ukarch_ctx_switch(from x0, to x1) */
	.globl	ukarch_ctx_switch
	.type	ukarch_ctx_switch, %function
ukarch_ctx_switch:
	push_callee_saved FRAME
	mrs	x2, SPSel
	adr	x3, resume0
	adr	x4, resume1
	cmp	x2, #0
	csel	x3, x3, x4, eq
	mov	x4, sp
	stp	x3, x4, [x0]

	ldp	x3, x4, [x1]
	br	x3

resume1:
	msr	SPSel, #1
	b	1f
resume0:
	empty_trap_stack
1:	mov	sp, x4
	pop_callee_saved FRAME
	ret
	.size	ukarch_ctx_switch, . - ukarch_ctx_switch

/*
 * void ukarch_ctx_init(ctx x0, stack_top x1, fn x2, a x3, b x4)
 *
 * As if it had been left at begin, with fn, a and b in x19 to x21.
 */
	.globl	ukarch_ctx_init
	.type	ukarch_ctx_init, %function
ukarch_ctx_init:
	adr	x5, begin
	stp	xzr, x5, [x1, #-FRAME]!
	stp	x2, x3, [x1, #16]
	stp	x4, xzr, [x1, #32]
	stp	xzr, xzr, [x1, #48]
	stp	xzr, xzr, [x1, #64]
	stp	xzr, xzr, [x1, #80]
	adr	x5, resume0
	stp	x5, x1, [x0]
	ret
	.size	ukarch_ctx_init, . - ukarch_ctx_init

/*
 * Whoever switched here may have been in a trap, where SError is masked, or
 * round in its own way: programs begin with FPCR 0.
 */
begin:
	msr	daifclr, #4
	msr	fpcr, xzr
	mov	x0, x20
	mov	x1, x21
	mov	x30, xzr
	br	x19

	.section .note.GNU-stack, "", %progbits
