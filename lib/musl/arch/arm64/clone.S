/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * int __clone(int (*fn)(void *), void *stack, int flags, void *arg,
 *             pid_t *ptid, void *tls, pid_t *ctid)
 *
 * The call is a function that returns twice. The child begins with the
 * parent's callee-saved registers, so two of them tell it what to do, and its
 * stack is not touched before it runs there.
 */
	.text
	.globl	__clone
	.type	__clone, %function
__clone:
	stp	x29, x30, [sp, #-32]!
	stp	x19, x20, [sp, #16]
	mov	x29, sp
	mov	x19, x0
	mov	x20, x3

	/* clone(flags, stack, ptid, tls, ctid); musl's stack may be odd. */
	ubfx	x0, x2, #0, #32
	bic	x1, x1, #15
	mov	x2, x4
	mov	x3, x5
	mov	x4, x6
	bl	uk_syscall_r_clone
	cbnz	w0, .Lparent

	/* Nobody has called it: here end its frames. */
	mov	x29, #0
	mov	x30, #0
	mov	x0, x20
	blr	x19
	sxtw	x0, w0
	bl	uk_syscall_r_exit
	brk	#0

.Lparent:
	ldp	x19, x20, [sp, #16]
	ldp	x29, x30, [sp], #32
	ret
	.size	__clone, . - __clone

	.section .note.GNU-stack, "", %progbits
