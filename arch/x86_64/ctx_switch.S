/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Flows of control. What a call must preserve (System V ABI, 3.2.1) waits on
 * the stack that is left; where to go on, ctx->ip, knows what is there.
 */
#include "x86_priv.h"

#define CTX_IP	0
#define CTX_SP	8

.macro save_callee
	pushq	%rbx
	pushq	%rbp
	pushq	%r12
	pushq	%r13
	pushq	%r14
	pushq	%r15
.endm

.macro leave_for resume
	movq	$\resume, CTX_IP(%rdi)
	movq	%rsp, CTX_SP(%rdi)
	movq	CTX_SP(%rsi), %rsp
	jmp	*CTX_IP(%rsi)
.endm

	.text

/* void ukarch_ctx_switch(from rdi, to rsi) */
	.globl	ukarch_ctx_switch
	.type	ukarch_ctx_switch, @function
ukarch_ctx_switch:
	save_callee
	leave_for resume
	.size	ukarch_ctx_switch, . - ukarch_ctx_switch

/* The same with the control bits of MXCSR and the x87 control word. */
	.globl	ukarch_ctx_switch_fp
	.type	ukarch_ctx_switch_fp, @function
ukarch_ctx_switch_fp:
	save_callee
	subq	$8, %rsp
	stmxcsr	(%rsp)
	fnstcw	4(%rsp)
	leave_for resume_fp
	.size	ukarch_ctx_switch_fp, . - ukarch_ctx_switch_fp

	.type	resume_fp, @function
resume_fp:
	ldmxcsr	(%rsp)
	fldcw	4(%rsp)
	addq	$8, %rsp
resume:
	popq	%r15
	popq	%r14
	popq	%r13
	popq	%r12
	popq	%rbp
	popq	%rbx
	ret
	.size	resume_fp, . - resume_fp

/*
 * The first instructions of a flow: its function and arguments are on the
 * stack (ctx.c). Control words as the ABI has them at the start of a program,
 * not as whoever ran before left them.
 */
	.globl	x86_ctx_begin
	.type	x86_ctx_begin, @function
x86_ctx_begin:
	ldmxcsr	begin_mxcsr(%rip)
	fldcw	begin_fcw(%rip)
	popq	%rax
	popq	%rdi
	popq	%rsi
	/* Stack traces end here. */
	xorl	%ebp, %ebp
	call	*%rax
	ud2
	.size	x86_ctx_begin, . - x86_ctx_begin

	.section .rodata, "a", @progbits
	.balign	4
begin_mxcsr:
	.long	X86_MXCSR
begin_fcw:
	.word	X86_FCW

	.section .note.GNU-stack, "", @progbits
