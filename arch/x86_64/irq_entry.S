/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * One stub per interrupt vector. The vector goes onto the stack less
 * X86_IRQ_BIAS, so that the push has a short form, and a stub is 7 bytes.
 */
#include <uk/arch/ctx.h>

#include "x86_priv.h"

#include "trap_frame.inc"

	.text
	.balign	256 * X86_IRQ_STUB	/* within one multiple of 64 KiB */
	.globl	x86_irq_stubs
	.type	x86_irq_stubs, @function
x86_irq_stubs:
	.set	vector, X86_NTRAPS
	.rept	X86_NIRQS
	.balign	X86_IRQ_STUB
	pushq	$vector - X86_IRQ_BIAS
	jmp	irq_common
	.set	vector, vector + 1
	.endr
	.size	x86_irq_stubs, . - x86_irq_stubs

	.type	irq_common, @function
irq_common:
	/* x86_irq moves it from the error code's place to its own. */
	pushq	$0
	to_trap_stack
	save_rest
	movq	%rsp, %rdi
	call	x86_irq
	restore_regs
	iretq
	.size	irq_common, . - irq_common

	.section .note.GNU-stack, "", @progbits
