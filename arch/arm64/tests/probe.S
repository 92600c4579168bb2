/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Exceptions with known registers (probe.h). An interrupt is what the Arm ARM
 * says of one (D1.3.1): ELR and SPSR are written, all is masked, SP_EL1 is
 * selected, and the vector is gone on at. So no controller is needed.
 */
#define FRAME		112
#define OUT		96
#define X0		104

#define PSTATE_EL1T	4

#define NO_VECTOR	0
#define VECTOR_IRQ	0x080
#define VECTOR_FIQ	0x100

	.text

.macro probe name, vector
	.globl	\name
	.type	\name, %function
\name:
	stp	x29, x30, [sp, #-FRAME]!
	stp	x19, x20, [sp, #16]
	stp	x21, x22, [sp, #32]
	stp	x23, x24, [sp, #48]
	stp	x25, x26, [sp, #64]
	stp	x27, x28, [sp, #80]
	str	x1, [sp, #OUT]

	ldr	x2, [x0, #248]
.if \vector
	mrs	x3, daif
	orr	x3, x3, x2
	orr	x3, x3, #PSTATE_EL1T
	msr	daifset, #15
	msr	spsr_el1, x3
	adr	x3, 1f
	msr	elr_el1, x3
.endif
	msr	nzcv, x2
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
.if \vector
	msr	SPSel, #1
	b	ukarch_vectors + \vector
.else
	brk	#0
.endif
1:
	str	x0, [sp, #X0]
	ldr	x0, [sp, #OUT]
	str	x1, [x0, #8]
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
	ldr	x1, [sp, #X0]
	str	x1, [x0]
	mrs	x1, nzcv
	str	x1, [x0, #248]

	ldp	x27, x28, [sp, #80]
	ldp	x25, x26, [sp, #64]
	ldp	x23, x24, [sp, #48]
	ldp	x21, x22, [sp, #32]
	ldp	x19, x20, [sp, #16]
	ldp	x29, x30, [sp], #FRAME
	ret
	.size	\name, . - \name
.endm

	probe	probe_brk, NO_VECTOR
	probe	probe_irq, VECTOR_IRQ
	probe	probe_fiq, VECTOR_FIQ

	.section .note.GNU-stack, "", %progbits
