/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A loader between QEMU and an image: QEMU starts it by multiboot, with the
 * image as its first module and, if there is one, the initrd as its second.
 */
#define MAGIC	0x1badb002
#define FLAGS	0x00000003	/* page-aligned modules, memory map */

	.section .text.head, "ax", @progbits
	.long	MAGIC
	.long	FLAGS
	.long	-(MAGIC + FLAGS)

	.globl	_start
_start:
	movl	$stack_top, %esp
	pushl	%ebx
	call	stub_main
1:	hlt
	jmp	1b

/* void enter32(uint32_t entry, uint32_t eax, uint32_t ebx) */
	.globl	enter32
enter32:
	movl	4(%esp), %edx
	movl	8(%esp), %eax
	movl	12(%esp), %ebx
	cli
	jmp	*%edx

/*
 * void enter64(uint32_t entry, uint32_t rsi_low, uint32_t rsi_high,
 *		uint32_t cr3, uint32_t cr4)
 */
	.globl	enter64
enter64:
	movl	20(%esp), %eax
	movl	%eax, %cr4
	movl	16(%esp), %eax
	movl	%eax, %cr3
	movl	$0xc0000080, %ecx
	rdmsr
	orl	$0x100, %eax
	wrmsr
	movl	4(%esp), %edi
	movl	8(%esp), %esi
	movl	12(%esp), %ebx
	movl	%cr0, %eax
	orl	$0x80000001, %eax
	movl	%eax, %cr0
	lgdt	gdt_ptr
	ljmpl	$0x10, $1f
	.code64
1:	movl	$0x18, %eax
	movl	%eax, %ds
	movl	%eax, %es
	movl	%eax, %ss
	shlq	$32, %rbx
	orq	%rbx, %rsi
	movl	%edi, %edi
	jmp	*%rdi

	.balign	8
gdt:	.quad	0, 0
	.quad	0x00af9b000000ffff	/* 0x10: 64-bit code */
	.quad	0x00cf93000000ffff	/* 0x18: data */
gdt_ptr:
	.word	. - gdt - 1
	.long	gdt

	.bss
	.balign	16
	.skip	16384
stack_top:

	.section .note.GNU-stack, "", @progbits
