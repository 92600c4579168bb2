/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * long __syscall_cp_asm(volatile int *cancel, long nr, long u, ..., long z)
 *
 * A call that is a cancellation point. Between __cp_begin and __cp_end the
 * signal handler of pthread_cancel() may send the thread to __cp_cancel: all
 * the way the stack is what that expects. A call that has waited in vain has
 * returned -EINTR by then, and its caller looks itself.
 */
	.text
	.globl	__syscall_cp_asm, __cp_begin, __cp_end, __cp_cancel
	.hidden	__syscall_cp_asm, __cp_begin, __cp_end, __cp_cancel
	.type	__syscall_cp_asm, @function
__syscall_cp_asm:
	pushq	16(%rsp)		/* z */
__cp_begin:
	movl	(%rdi), %eax
	testl	%eax, %eax
	jnz	__cp_cancel
	movq	%rsi, %rdi
	movq	%rdx, %rsi
	movq	%rcx, %rdx
	movq	%r8, %rcx
	movq	%r9, %r8
	movq	16(%rsp), %r9		/* y */
	call	uk_syscall6_r
__cp_end:
	addq	$8, %rsp
	ret
__cp_cancel:
	addq	$8, %rsp
	jmp	__cancel
	.size	__syscall_cp_asm, . - __syscall_cp_asm

	.section .note.GNU-stack, "", @progbits
