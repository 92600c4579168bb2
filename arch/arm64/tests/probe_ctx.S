/* SPDX-License-Identifier: BSD-3-Clause */
/* Switches with known registers, FP and SIMD ones too (probe.h). */
#define FRAME		112
#define OUT		96

	.arch	armv8-a+fp+simd
	.text

/*
 * void probe_switch(from x0, to x1, in x2, out x3), x19 to x28: out is what
 * they are when it is gone on with.
 */
	.globl	probe_switch
	.type	probe_switch, %function
probe_switch:
	stp	x29, x30, [sp, #-FRAME]!
	stp	x19, x20, [sp, #16]
	stp	x21, x22, [sp, #32]
	stp	x23, x24, [sp, #48]
	stp	x25, x26, [sp, #64]
	stp	x27, x28, [sp, #80]
	str	x3, [sp, #OUT]
	ldp	x19, x20, [x2]
	ldp	x21, x22, [x2, #16]
	ldp	x23, x24, [x2, #32]
	ldp	x25, x26, [x2, #48]
	ldp	x27, x28, [x2, #64]
	bl	ukarch_ctx_switch
	ldr	x3, [sp, #OUT]
	stp	x19, x20, [x3]
	stp	x21, x22, [x3, #16]
	stp	x23, x24, [x3, #32]
	stp	x25, x26, [x3, #48]
	stp	x27, x28, [x3, #64]
	ldp	x27, x28, [sp, #80]
	ldp	x25, x26, [sp, #64]
	ldp	x23, x24, [sp, #48]
	ldp	x21, x22, [sp, #32]
	ldp	x19, x20, [sp, #16]
	ldp	x29, x30, [sp], #FRAME
	ret
	.size	probe_switch, . - probe_switch

/* void fpsimd_probe_load(const struct probe_fpsimd *in) */
	.globl	fpsimd_probe_load
	.type	fpsimd_probe_load, %function
fpsimd_probe_load:
.irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, \
	20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
	ldr	q\n, [x0], #16
.endr
	ldr	x1, [x0], #8
	msr	fpcr, x1
	ldr	x1, [x0]
	msr	fpsr, x1
	ret
	.size	fpsimd_probe_load, . - fpsimd_probe_load

/* void fpsimd_probe_store(struct probe_fpsimd *out) */
	.globl	fpsimd_probe_store
	.type	fpsimd_probe_store, %function
fpsimd_probe_store:
.irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, \
	20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
	str	q\n, [x0], #16
.endr
	mrs	x1, fpcr
	str	x1, [x0], #8
	mrs	x1, fpsr
	str	x1, [x0]
	ret
	.size	fpsimd_probe_store, . - fpsimd_probe_store

	.section .note.GNU-stack, "", %progbits
