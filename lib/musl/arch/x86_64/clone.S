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
	.type	__clone, @function
__clone:
	pushq	%rbx
	pushq	%r12
	pushq	%rax			/* aligns */
	movq	%rdi, %rbx
	movq	%rcx, %r12

	/* clone(flags, stack, ptid, ctid, tls) */
	movl	%edx, %edi
	movq	%r8, %rdx
	movq	32(%rsp), %rcx
	movq	%r9, %r8
	call	uk_syscall_r_clone
	orl	%eax, %eax
	je	.Lchild
	popq	%rcx
	popq	%r12
	popq	%rbx
	ret

.Lchild:
	/* Nobody has called it: here end its frames. */
	xorl	%ebp, %ebp
	andq	$-16, %rsp
	movq	%r12, %rdi
	call	*%rbx
	movslq	%eax, %rdi
	call	uk_syscall_r_exit
	ud2
	.size	__clone, . - __clone

	.section .note.GNU-stack, "", @progbits
