/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * One stub per exception: they make the frames alike (an error code of 0
 * where the CPU pushes none) and add the vector. The CPU has switched to the
 * entry stack of this CPU (IST), and aligned it; save_regs moves on.
 */
#include <uk/arch/ctx.h>
#include <uk/bits/arch/regs.h>

#include "x86_priv.h"

#include "trap_frame.inc"

	.text

	/* As many bytes as they are: so within one multiple of 64 KiB. */
	.balign	X86_NTRAPS * X86_TRAP_STUB
	.globl	x86_trap_stubs
	.type	x86_trap_stubs, @function
x86_trap_stubs:
	.irp	vector, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, \
		15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, \
		30, 31
	.balign	X86_TRAP_STUB
	/* With an error code (SDM volume 3A, 6.15): 8 10-14 17 21 29 30. */
	.if	!((0x60227d00 >> \vector) & 1)
	pushq	$0
	.endif
	pushq	$\vector
	/* Those with a stack of their own stay there. */
	.if	\vector == X86_TRAP_DF || \vector == X86_TRAP_NMI || \
		\vector == X86_TRAP_MC
	jmp	trap_here
	.else
	jmp	trap_common
	.endif
	.endr
	.size	x86_trap_stubs, . - x86_trap_stubs

	.type	trap_common, @function
trap_common:
	to_trap_stack
	save_rest
	movq	%rsp, %rdi
	call	x86_trap
trap_return:
	restore_regs
	iretq
	.size	trap_common, . - trap_common

	.type	trap_here, @function
trap_here:
	pushq	%rax
	pushq	%rcx
	save_rest
	movq	%rsp, %rdi
	call	x86_trap
	jmp	trap_return
	.size	trap_here, . - trap_here

/* void ukarch_regs_capture(struct ukarch_regs *regs) */
	.globl	ukarch_regs_capture
	.type	ukarch_regs_capture, @function
ukarch_regs_capture:
	movq	%r15, (%rdi)
	movq	%r14, 8(%rdi)
	movq	%r13, 16(%rdi)
	movq	%r12, 24(%rdi)
	movq	%r11, 32(%rdi)
	movq	%r10, 40(%rdi)
	movq	%r9, 48(%rdi)
	movq	%r8, 56(%rdi)
	movq	%rdi, 64(%rdi)
	movq	%rsi, 72(%rdi)
	movq	%rbp, 80(%rdi)
	movq	%rbx, 88(%rdi)
	movq	%rdx, 96(%rdi)
	movq	%rcx, 104(%rdi)
	movq	%rax, 112(%rdi)
	movq	$0, UKARCH_REGS_VECTOR(%rdi)
	movq	$0, UKARCH_REGS_VECTOR + 8(%rdi)
	/* As they are after the return. */
	movq	(%rsp), %rax
	movq	%rax, UKARCH_REGS_RIP(%rdi)
	movl	%cs, %eax
	movq	%rax, UKARCH_REGS_RIP + 8(%rdi)
	pushfq
	popq	%rax
	movq	%rax, UKARCH_REGS_RIP + 16(%rdi)
	leaq	8(%rsp), %rax
	movq	%rax, UKARCH_REGS_RIP + 24(%rdi)
	movl	%ss, %eax
	movq	%rax, UKARCH_REGS_RIP + 32(%rdi)
	movq	112(%rdi), %rax
	ret
	.size	ukarch_regs_capture, . - ukarch_regs_capture

	.section .note.GNU-stack, "", @progbits
