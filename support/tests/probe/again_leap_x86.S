/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * From the running image to the PVH entry of another one. Registers that the
 * ABI has a value for get it; those that it leaves open get one that a kernel
 * would trip over.
 */
#include "again_x86.h"

#define CR0_PG		(1 << 31)
#define CR0_START	0x11		/* PE; ET is fixed */

/* DF, NT, AC, IOPL 3; not VM, IF and TF. */
#define EFLAGS_WILD	0x47402

#define MSR_FS_BASE	0xc0000100
#define MSR_GS_BASE	0xc0000101
#define MSR_KERNEL_GS	0xc0000102
#define MSR_LSTAR	0xc0000082

.macro	spoil msr
	movl	$\msr, %ecx
	movl	$0xdead0000, %eax
	movl	$0x1234, %edx
	wrmsr
.endm

	.section .text.again, "ax", @progbits

/* The gate of every vector: nobody tells the controllers of an end. */
	.globl	again_iret
	.type	again_iret, @function
again_iret:
	iretq
	.size	again_iret, . - again_iret

/* Enter the block at physical %rdi with the tables at physical %rsi. */
	.globl	again_leap
	.type	again_leap, @function
again_leap:
	/* Exceptions of both FPUs are on, one is pending. */
	fninit
	pushq	$0
	fldcw	(%rsp)
	fld1
	fldz
	fdivrp
	ldmxcsr	(%rsp)
	spoil	MSR_FS_BASE
	spoil	MSR_GS_BASE
	spoil	MSR_KERNEL_GS
	spoil	MSR_LSTAR
	movq	%rsi, %cr3
	jmp	*%rdi
	.size	again_leap, . - again_leap

/* Runs at %rdi, wherever that is. */
	.globl	again_code
again_code:
	leaq	AGAIN_STACK_TOP(%rdi), %rsp
	lgdt	AGAIN_GDTR(%rdi)
	leaq	(1f - again_code)(%rdi), %rax
	pushq	$AGAIN_CODE32
	pushq	%rax
	lretq

	.code32
1:	movl	%edi, %ebp
	movl	$AGAIN_DATA, %eax
	movl	%eax, %ss
	movl	%eax, %ds
	movl	%eax, %es
	movl	%eax, %fs
	movl	%eax, %gs
	movl	%cr0, %eax
	andl	$~CR0_PG, %eax
	movl	%eax, %cr0
	xorl	%eax, %eax
	movl	%eax, %cr4
	movl	$CR0_START, %eax
	movl	%eax, %cr0
	movl	$AGAIN_TSS, %eax
	ltr	%ax

	cld
	leal	AGAIN_SEGS(%ebp), %ebx
	movl	AGAIN_NSEGS(%ebp), %edx
2:	movl	0(%ebx), %edi
	movl	4(%ebx), %esi
	movl	8(%ebx), %ecx
	rep movsb
	movl	12(%ebx), %ecx
	xorl	%eax, %eax
	rep stosb
	addl	$16, %ebx
	decl	%edx
	jnz	2b

	movl	AGAIN_INFO(%ebp), %ebx
	movl	AGAIN_ENTRY(%ebp), %eax
	pushl	$EFLAGS_WILD
	popfl
	jmp	*%eax
	/* An error if it is longer. */
	.org	again_code + AGAIN_CODE_LEN

	.section .note.GNU-stack, "", @progbits
