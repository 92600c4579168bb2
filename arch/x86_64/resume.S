/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Going on with registers that are in memory: the end of a trap, without one.
 * The selectors are ours, whoever has made the frame.
 */
#include <uk/bits/arch/regs.h>

#include "x86_priv.h"

#include "trap_frame.inc"

	.section .text.ukarch_regs_resume, "ax", @progbits

/* void ukarch_regs_resume(struct ukarch_regs *regs) */
	.globl	ukarch_regs_resume
	.type	ukarch_regs_resume, @function
ukarch_regs_resume:
	/* Off: IF, as @regs are the stack now, and NT, which iretq refuses. */
	pushq	$2
	popfq
	movq	$SEL_CODE, UKARCH_REGS_RIP + 8(%rdi)
	movq	$SEL_DATA, UKARCH_REGS_RIP + 32(%rdi)
	movq	%rdi, %rsp
	restore_regs
	iretq
	.size	ukarch_regs_resume, . - ukarch_regs_resume

	.section .note.GNU-stack, "", @progbits
