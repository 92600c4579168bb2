/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Calls to firmware and hypervisor, with every register that the convention
 * has (Arm DEN 0028, chapter 2).
 *
 * All 18 are loaded and stored whatever the call needs: a call costs an
 * exception, beside which these 18 instructions do not count, and a register
 * that is not loaded would show its old content to the other side.
 *
 * x19 carries the address of the registers over the call: it is the other
 * side's to keep.
 */
	.arch_extension fp
	.arch_extension simd

.macro smccc name, insn
	.section .text.\name, "ax", %progbits
	.globl	\name
	.type	\name, %function
	.balign	16
\name:
	stp	x29, x30, [sp, #-32]!
	mov	x29, sp
	str	x19, [sp, #16]
	mov	x19, x0
	ldp	x0, x1, [x19]
	ldp	x2, x3, [x19, #16]
	ldp	x4, x5, [x19, #32]
	ldp	x6, x7, [x19, #48]
	ldp	x8, x9, [x19, #64]
	ldp	x10, x11, [x19, #80]
	ldp	x12, x13, [x19, #96]
	ldp	x14, x15, [x19, #112]
	ldp	x16, x17, [x19, #128]
	\insn	#0
	stp	x0, x1, [x19]
	stp	x2, x3, [x19, #16]
	stp	x4, x5, [x19, #32]
	stp	x6, x7, [x19, #48]
	stp	x8, x9, [x19, #64]
	stp	x10, x11, [x19, #80]
	stp	x12, x13, [x19, #96]
	stp	x14, x15, [x19, #112]
	stp	x16, x17, [x19, #128]
	ldr	x19, [sp, #16]
	ldp	x29, x30, [sp], #32
	ret
	.size	\name, . - \name
.endm

/* v0 to v31 at sp. */
.macro fpsimd op
	\op	q0, q1, [sp]
	\op	q2, q3, [sp, #32]
	\op	q4, q5, [sp, #64]
	\op	q6, q7, [sp, #96]
	\op	q8, q9, [sp, #128]
	\op	q10, q11, [sp, #160]
	\op	q12, q13, [sp, #192]
	\op	q14, q15, [sp, #224]
	\op	q16, q17, [sp, #256]
	\op	q18, q19, [sp, #288]
	\op	q20, q21, [sp, #320]
	\op	q22, q23, [sp, #352]
	\op	q24, q25, [sp, #384]
	\op	q26, q27, [sp, #416]
	\op	q28, q29, [sp, #448]
	\op	q30, q31, [sp, #480]
.endm

.macro smccc_fpsimd name, plain
	.section .text.\name, "ax", %progbits
	.globl	\name
	.type	\name, %function
	.balign	16
\name:
	stp	x29, x30, [sp, #-32]!
	mov	x29, sp
	mrs	x9, fpsr
	mrs	x10, fpcr
	stp	x9, x10, [sp, #16]
	sub	sp, sp, #512
	fpsimd	stp
	bl	\plain
	fpsimd	ldp
	add	sp, sp, #512
	ldp	x9, x10, [sp, #16]
	msr	fpsr, x9
	msr	fpcr, x10
	ldp	x29, x30, [sp], #32
	ret
	.size	\name, . - \name
.endm

	smccc ukarch_smccc_hvc, hvc
	smccc ukarch_smccc_smc, smc
	smccc_fpsimd ukarch_smccc_hvc_fpsimd, ukarch_smccc_hvc
	smccc_fpsimd ukarch_smccc_smc_fpsimd, ukarch_smccc_smc

	.section .note.GNU-stack, "", %progbits
