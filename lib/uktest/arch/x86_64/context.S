/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Call a function so that a crash inside can come back: everything the caller
 * counts on (System V ABI: rbx, rbp, r12-r15, and the flags with IF and DF)
 * waits on the stack, and the context is that stack's address.
 */

	.text

/* int uktest_context_call(fn rdi, arg rsi, ctx rdx) */
	.globl	uktest_context_call
	.type	uktest_context_call, @function
uktest_context_call:
	pushq	%rbp
	movq	%rsp, %rbp
	pushq	%rbx
	pushq	%r12
	pushq	%r13
	pushq	%r14
	pushq	%r15
	pushfq			/* with it the stack is aligned to 16 */
	movq	%rsp, (%rdx)
	movq	%rdi, %rax
	movq	%rsi, %rdi
	call	*%rax
	xorl	%eax, %eax
.Lreturn:
	popfq
	popq	%r15
	popq	%r14
	popq	%r13
	popq	%r12
	popq	%rbx
	popq	%rbp
	ret
	.size	uktest_context_call, . - uktest_context_call

/*
 * void uktest_context_unwind(ctx rdi). A trap's own stack is simply left: the
 * CPU starts it anew (IST) at the next trap.
 */
	.globl	uktest_context_unwind
	.type	uktest_context_unwind, @function
uktest_context_unwind:
	cld
	movq	(%rdi), %rsp
	movl	$1, %eax
	jmp	.Lreturn
	.size	uktest_context_unwind, . - uktest_context_unwind

	.section .note.GNU-stack, "", @progbits
