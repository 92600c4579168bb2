/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What a signal meets, see ../../async.h: something known in each register but
 * x16 to x18.
 */
	.arch	armv8-a+fp+simd
	.text

.macro each op
	.irp	i, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 19, \
		20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30
	\op	\i
	.endr
.endm

.macro each_vector op
	.irp	i, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, \
		17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
	\op	\i
	.endr
.endm

.macro load i
	mov	x\i, #0x5a00 + \i
.endm

.macro check i
	mov	x17, #0x5a00 + \i
	cmp	x17, x\i
	b.ne	1f
.endm

.macro load_vector i
	mov	x17, #0x7b00 + \i
	dup	v\i\().2d, x17
.endm

.macro check_vector i
	mov	x17, #0x7b00 + \i
	mov	x16, v\i\().d[1]
	cmp	x17, x16
	b.ne	1f
.endm

	.globl	spin_probe
	.type	spin_probe, %function
spin_probe:
	stp	x29, x30, [sp, #-96]!
	stp	x19, x20, [sp, #16]
	stp	x21, x22, [sp, #32]
	stp	x23, x24, [sp, #48]
	stp	x25, x26, [sp, #64]
	stp	x27, x28, [sp, #80]
	sub	sp, sp, #64
	stp	d8, d9, [sp]
	stp	d10, d11, [sp, #16]
	stp	d12, d13, [sp, #32]
	stp	d14, d15, [sp, #48]
	each_vector load_vector
	each	load
	cmp	xzr, xzr
	adrp	x16, spin_flag
	add	x16, x16, #:lo12:spin_flag
2:	b.ne	1f
	ldr	w17, [x16]
	cbz	w17, 2b
	each	check
	each_vector check_vector
	mov	w0, #0
	b	3f
1:	mov	w0, #1
3:	ldp	d8, d9, [sp]
	ldp	d10, d11, [sp, #16]
	ldp	d12, d13, [sp, #32]
	ldp	d14, d15, [sp, #48]
	add	sp, sp, #64
	ldp	x19, x20, [sp, #16]
	ldp	x21, x22, [sp, #32]
	ldp	x23, x24, [sp, #48]
	ldp	x25, x26, [sp, #64]
	ldp	x27, x28, [sp, #80]
	ldp	x29, x30, [sp], #96
	ret
	.size	spin_probe, . - spin_probe

	.globl	fault_read, fault_read_insn, fault_read_after
	.type	fault_read, %function
fault_read:
fault_read_insn:
	ldrb	w0, [x0]
fault_read_after:
	ret
	.size	fault_read, . - fault_read

	.globl	fault_write, fault_write_insn, fault_write_after
	.type	fault_write, %function
fault_write:
fault_write_insn:
	strb	wzr, [x0]
fault_write_after:
	ret
	.size	fault_write, . - fault_write

	.globl	fault_invalid, fault_invalid_insn, fault_invalid_after
	.type	fault_invalid, %function
fault_invalid:
fault_invalid_insn:
	udf	#0
fault_invalid_after:
	ret
	.size	fault_invalid, . - fault_invalid

	.globl	fault_break, fault_break_insn, fault_break_after
	.type	fault_break, %function
fault_break:
fault_break_insn:
	brk	#0
fault_break_after:
	ret
	.size	fault_break, . - fault_break

	.section .note.GNU-stack, "", @progbits
