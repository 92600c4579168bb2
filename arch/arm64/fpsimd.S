/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The state of FP and SIMD instructions: what a call must preserve of it, d8
 * to d15 and FPCR (AAPCS64, 6.1.2), at a switch that its caller asked for, and
 * the whole of it for flows that are left where they did not ask to be. SVE
 * and SME are off, so there is no more.
 */
#include <uk/arch/ctx.h>

#include "ctx.inc"

#define FRAME		176
#define FRAME_FP	96
#define FRAME_FPCR	160

#define ECTX_FPCR	512
#define ECTX_SIZE	528

	.arch	armv8-a+fp+simd
	.text

/*
 * void ukarch_ctx_switch_fp(from x0, to x1)
 *
 * As ukarch_ctx_switch(), in ctx.S, of a flow that is in no trap.
 */
	.globl	ukarch_ctx_switch_fp
	.type	ukarch_ctx_switch_fp, %function
ukarch_ctx_switch_fp:
	push_callee_saved FRAME
	stp	d8, d9, [sp, #FRAME_FP]
	stp	d10, d11, [sp, #FRAME_FP + 16]
	stp	d12, d13, [sp, #FRAME_FP + 32]
	stp	d14, d15, [sp, #FRAME_FP + 48]
	mrs	x2, fpcr
	str	x2, [sp, #FRAME_FPCR]
	adr	x3, 1f
	mov	x4, sp
	stp	x3, x4, [x0]

	ldp	x3, x4, [x1]
	br	x3

1:
	empty_trap_stack
	mov	sp, x4
	ldr	x2, [sp, #FRAME_FPCR]
	msr	fpcr, x2
	ldp	d14, d15, [sp, #FRAME_FP + 48]
	ldp	d12, d13, [sp, #FRAME_FP + 32]
	ldp	d10, d11, [sp, #FRAME_FP + 16]
	ldp	d8, d9, [sp, #FRAME_FP]
	pop_callee_saved FRAME
	ret
	.size	ukarch_ctx_switch_fp, . - ukarch_ctx_switch_fp

/* size_t ukarch_ectx_size(void) */
	.globl	ukarch_ectx_size
	.type	ukarch_ectx_size, %function
ukarch_ectx_size:
	mov	x0, #ECTX_SIZE
	ret
	.size	ukarch_ectx_size, . - ukarch_ectx_size

/* void ukarch_ectx_init(void *area): all zero */
	.globl	ukarch_ectx_init
	.type	ukarch_ectx_init, %function
ukarch_ectx_init:
	add	x1, x0, #ECTX_SIZE
1:	stp	xzr, xzr, [x0], #16
	cmp	x0, x1
	b.ne	1b
	ret
	.size	ukarch_ectx_init, . - ukarch_ectx_init

.macro all_q op
	\op	q0, q1, [x0]
	\op	q2, q3, [x0, #32]
	\op	q4, q5, [x0, #64]
	\op	q6, q7, [x0, #96]
	\op	q8, q9, [x0, #128]
	\op	q10, q11, [x0, #160]
	\op	q12, q13, [x0, #192]
	\op	q14, q15, [x0, #224]
	\op	q16, q17, [x0, #256]
	\op	q18, q19, [x0, #288]
	\op	q20, q21, [x0, #320]
	\op	q22, q23, [x0, #352]
	\op	q24, q25, [x0, #384]
	\op	q26, q27, [x0, #416]
	\op	q28, q29, [x0, #448]
	\op	q30, q31, [x0, #480]
.endm

/* void ukarch_ectx_save(void *area), which writes all of it in any case */
	.globl	ukarch_ectx_save, ukarch_ectx_copy
	.type	ukarch_ectx_save, %function
ukarch_ectx_copy:
ukarch_ectx_save:
	all_q	stp
	mrs	x1, fpcr
	mrs	x2, fpsr
	add	x0, x0, #ECTX_FPCR
	stp	x1, x2, [x0]
	ret
	.size	ukarch_ectx_save, . - ukarch_ectx_save

/* void ukarch_ectx_restore(const void *area) */
	.globl	ukarch_ectx_restore
	.type	ukarch_ectx_restore, %function
ukarch_ectx_restore:
	all_q	ldp
	add	x0, x0, #ECTX_FPCR
	ldp	x1, x2, [x0]
	msr	fpcr, x1
	msr	fpsr, x2
	ret
	.size	ukarch_ectx_restore, . - ukarch_ectx_restore

/* void ukarch_ectx_tame(void *area): no bit of it is refused */
	.globl	ukarch_ectx_tame
	.type	ukarch_ectx_tame, %function
ukarch_ectx_tame:
	ret
	.size	ukarch_ectx_tame, . - ukarch_ectx_tame

	.section .note.GNU-stack, "", %progbits
