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

/* Where the stack pointer is at the ucontext: see frame.c. */
	.globl	sig_restorer
	.type	sig_restorer, @function
sig_restorer:
	call	uk_syscall_r_rt_sigreturn
	ud2
	.size	sig_restorer, . - sig_restorer

	.section .note.GNU-stack, "", @progbits
