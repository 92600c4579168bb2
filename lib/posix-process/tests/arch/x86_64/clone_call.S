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
	pushq	%rbx
	pushq	%r15
	subq	$8, %rsp
	movl	$0x1234, %ebx
	movl	$0x5678, %r15d
	call	uk_syscall_r_clone
	testq	%rax, %rax
	jz	1f
	addq	$8, %rsp
	popq	%r15
	popq	%rbx
	ret
1:
	popq	%rax
	popq	%rdi
	movq	%rbx, %rsi
	movq	%r15, %rdx
	call	*%rax
	xorl	%edi, %edi
	call	uk_syscall_r_exit
	ud2
	.size	test_clone, . - test_clone

	.section .note.GNU-stack, "", @progbits
