/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The way of another CPU to C (SDM volume 3A, 9.4 "MP initialization"). It
 * begins in real mode on a page below 1 MiB, which x86_lcpu_low is copied to,
 * goes on with the code here at its physical address, and then on the boot
 * root and the kernel's own (see start.S), as the boot CPU did.
 *
 * It takes what the boot CPU left in x86_lcpu_next. A CPU that comes when
 * nothing is there, or that is not the one that is meant (it was given up as
 * lost, and wakes up late), halts before it has touched anything.
 */
#include <uk/arch/paging.h>
#include <uk/bits/arch/start.h>

#include "start_priv.h"
#include "x86_priv.h"

	.section .rodata, "a", @progbits
	.code16
	.globl	x86_lcpu_low, x86_lcpu_low_end
x86_lcpu_low:
	cli
	cld
	movw	%cs, %ax
	movw	%ax, %ds
	lgdtl	low_gdt_ptr - x86_lcpu_low
	movl	%cr0, %eax
	orb	$1, %al
	movl	%eax, %cr0
	ljmpl	$SEL_CODE32, $PHYS(x86_lcpu_start32)
	.balign	4
low_gdt_ptr:
	.word	BOOT_GDT_LEN - 1
	.long	PHYS(x86_boot_gdt)
x86_lcpu_low_end:

	.section .uk_boot.text, "ax", @progbits
	.code32
	.type	x86_lcpu_start32, @function
x86_lcpu_start32:
	movl	$SEL_DATA, %eax
	movl	%eax, %ds
	movl	%eax, %es
	movl	%eax, %ss
	enter_boot_root
	movl	$MSR_EFER, %ecx
	rdmsr
	orl	$(EFER_LME | EFER_NXE), %eax
	wrmsr
	movl	$CR0_START, %eax
	movl	%eax, %cr0
	ljmpl	$SEL_CODE, $PHYS(1f)
	.code64
1:	movq	$2f, %rax
	jmp	*%rax
	.globl	_boot_lcpu_ident_end
_boot_lcpu_ident_end:
2:	movq	x86_lcpu_root(%rip), %rax
	movq	%rax, %cr3

	/* Its APIC id: leaf 0xb where that has something to say, else 1. */
	xorl	%eax, %eax
	cpuid
	cmpl	$0xb, %eax
	jb	3f
	movl	$0xb, %eax
	xorl	%ecx, %ecx
	cpuid
	testl	%ebx, %ebx
	jnz	4f
3:	movl	$1, %eax
	cpuid
	shrl	$24, %ebx
	movl	%ebx, %edx
4:
	movq	x86_lcpu_next(%rip), %rdi
	testq	%rdi, %rdi
	jz	5f
	movl	%edx, %edx
	cmpq	%rdx, X86_LCPU_HWID(%rdi)
	jne	5f
	movq	X86_LCPU_STACK(%rdi), %rsp
	/* Stack traces end here. */
	xorl	%ebp, %ebp
	call	x86_lcpu_enter
	ud2
5:	cli
	hlt
	jmp	5b
	.size	x86_lcpu_start32, . - x86_lcpu_start32

	.section .note.GNU-stack, "", @progbits
