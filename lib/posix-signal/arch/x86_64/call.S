/* SPDX-License-Identifier: BSD-3-Clause */
	.text

/*
 * void sig_call(uintptr_t sp, uintptr_t handler, int sig,
 *		 struct uk_abi_siginfo *info, struct sig_ucontext *uc)
 */
	.globl	sig_call
	.type	sig_call, @function
sig_call:
	pushq	%rbp
	movq	%rsp, %rbp
	testq	%rdi, %rdi
	cmovneq	%rdi, %rsp
	andq	$-16, %rsp
	movq	%rsi, %r11
	movl	%edx, %edi
	movq	%rcx, %rsi
	movq	%r8, %rdx
	xorl	%eax, %eax
	call	*%r11
	leave
	ret
	.size	sig_call, . - sig_call

	.section .note.GNU-stack, "", @progbits
