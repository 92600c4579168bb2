/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * int __clone(int (*fn)(void *), void *stack, int flags, void *arg,
 *             pid_t *ptid, void *tls, pid_t *ctid)
 *
 * The call is a function that returns twice: in the child with 0, on the
 * stack that was given, with the parent's callee-saved registers. There lies
 * what the child begins with.
 */
	.text
	.globl	__clone
	.hidden	__clone
	.type	__clone, %function
__clone:
	and	x1, x1, #-16
	stp	x0, x3, [x1, #-16]!

	/* clone(flags, stack, ptid, tls, ctid) */
	mov	w0, w2
	mov	x2, x4
	mov	x3, x5
	mov	x4, x6
	stp	x29, x30, [sp, #-16]!
	bl	uk_syscall_r_clone
	cbz	x0, 1f
	ldp	x29, x30, [sp], #16
	ret

1:	mov	x29, xzr
	mov	x30, xzr
	ldp	x1, x0, [sp], #16
	blr	x1
	bl	uk_syscall_r_exit
	brk	#0
	.size	__clone, . - __clone

	.section .note.GNU-stack, "", %progbits
