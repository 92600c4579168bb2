/* SPDX-License-Identifier: BSD-3-Clause */
	.text

/*
 * long test_clone(flags, stack, parent_tid, child_tid, tls): what clone(2)
 * returns to its caller. On @stack are a function and its argument; it is
 * called with two registers more, which are those that a call keeps.
 */
	.globl	test_clone
	.type	test_clone, @function
test_clone:
	stp	x29, x30, [sp, #-32]!
	stp	x19, x28, [sp, #16]
	mov	x19, #0x1234
	mov	x28, #0x5678
	mov	x5, x3
	mov	x3, x4
	mov	x4, x5
	bl	uk_syscall_r_clone
	cbz	x0, 1f
	ldp	x19, x28, [sp, #16]
	ldp	x29, x30, [sp], #32
	ret
1:
	ldp	x9, x0, [sp], #16
	mov	x1, x19
	mov	x2, x28
	mov	x29, xzr
	blr	x9
	mov	x0, xzr
	bl	uk_syscall_r_exit
	udf	#0
	.size	test_clone, . - test_clone

	.section .note.GNU-stack, "", @progbits
