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
	.type	__clone, @function
__clone:
	andq	$-16, %rsi
	subq	$16, %rsi
	movq	%rdi, (%rsi)
	movq	%rcx, 8(%rsi)

	/* clone(flags, stack, ptid, ctid, tls) */
	movq	8(%rsp), %rcx
	movl	%edx, %edi
	movq	%r8, %rdx
	movq	%r9, %r8
	subq	$8, %rsp
	call	uk_syscall_r_clone
	testq	%rax, %rax
	jz	1f
	addq	$8, %rsp
	ret

1:	xorl	%ebp, %ebp
	popq	%rax
	popq	%rdi
	call	*%rax
	movl	%eax, %edi
	call	uk_syscall_r_exit
	ud2
	.size	__clone, . - __clone

	.section .note.GNU-stack, "", @progbits
