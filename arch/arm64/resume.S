/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Going on with registers that are in memory: the end of an exception, without
 * one. The stack is SP_EL0 and stays so. With everything masked, as ELR and
 * SPSR are in use; what eret sets is EL1 on SP_EL0, whoever has made the frame.
 */
#include <uk/bits/arch/regs.h>

	.section .text.ukarch_regs_resume, "ax", %progbits

/* void ukarch_regs_resume(struct ukarch_regs *regs) */
	.globl	ukarch_regs_resume
	.type	ukarch_regs_resume, %function
ukarch_regs_resume:
	ldr	x3, [x0, #UKARCH_REGS_PSTATE]
	mov	x4, #UKARCH_REGS_EL1_SP0
	bfi	x3, x4, #0, #5
	str	x3, [x0, #UKARCH_REGS_PSTATE]
/* The same for a frame that an exception has made. */
	.globl	arm64_resume
arm64_resume:
	msr	daifset, #15
	ldp	x1, x2, [x0, #UKARCH_REGS_SP]
	ldr	x3, [x0, #UKARCH_REGS_PSTATE]
	msr	elr_el1, x2
	msr	spsr_el1, x3
	mov	sp, x1
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
	.size	ukarch_regs_resume, . - ukarch_regs_resume

	.section .note.GNU-stack, "", %progbits
