/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Calls that see their caller's registers, as functions: struct ukarch_regs is
 * made on the caller's stack, as it will be after the return, and the call gets
 * it as its first argument. Then the caller goes on with what it says: so a
 * call may change any of them, as from a trap.
 */
#include <uk/bits/arch/regs.h>

#include "thunk.inc"

/* In struct ukarch_regs. */
#define RAX	112

	.section .text.syscall_shim_thunk, "ax", @progbits

/* rax: what to call; the rest as the caller's call left it. */
	.globl	syscall_shim_thunk
	.type	syscall_shim_thunk, @function
syscall_shim_thunk:
	leaq	8(%rsp), %r10
	movq	(%rsp), %r11
	pushq	$0			/* ss, set at the end */
	pushq	%r10			/* rsp */
	pushfq
	pushq	$0			/* cs, the same */
	pushq	%r11			/* rip */
	pushq	$0			/* error */
	pushq	$0			/* vector */
	pushq	%rax
	pushq	%rcx
	pushq	%rdx
	pushq	%rbx
	pushq	%rbp
	pushq	%rsi
	pushq	%rdi
	pushq	%r8
	pushq	%r9
	pushq	%r10
	pushq	%r11
	pushq	%r12
	pushq	%r13
	pushq	%r14
	pushq	%r15

	/* The sixth becomes the seventh, on the stack, which is aligned so. */
	movq	%rsp, %r10
	pushq	%r9
	movq	%r8, %r9
	movq	%rcx, %r8
	movq	%rdx, %rcx
	movq	%rsi, %rdx
	movq	%rdi, %rsi
	movq	%r10, %rdi
	call	*%rax
	popq	%rdx
	movq	%rax, RAX(%rsp)
	movq	%rsp, %rdi
	jmp	ukarch_regs_resume
	.size	syscall_shim_thunk, . - syscall_shim_thunk

#include <uk/bits/syscall_thunks.h>

	.section .note.GNU-stack, "", @progbits
