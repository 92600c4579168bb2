/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * From a loader to C: page tables, long mode, the high half.
 *
 * A loader that enters in 64-bit mode is taken back to 32-bit mode first, so
 * that there is one way up and nothing of the loader's tables (5 levels,
 * PCID, writable code) stays in force. How many levels ours have: levels5.inc.
 *
 * Two roots are built. The boot root maps this file's code at its physical
 * address, read-only and executable, and the image; only this file runs on
 * it. The final root maps the image (text RX, constants R, data RW), and the
 * memory it lies in linearly (text and constants R, data RW). Write protection
 * and no-execute are on from the first instruction with paging.
 *
 * A page of tables is only ever reached through the linear map, so the image
 * map leaves these pages out, and each stack has one below it: guard pages
 * that cost no memory.
 *
 * Loaders clear .bss (multiboot 3.1.3, the ELF ABI's p_memsz), so only
 * entries that are present are written.
 */
#include <uk/arch/ctx.h>
#include <uk/arch/paging.h>
#include <uk/bits/arch/start.h>
#include <uk/config.h>

#include "start_priv.h"
#include "x86_priv.h"

#define PAGE		4096
#define NX		UKARCH_PTE_NX_HIGH

#define LEAF_LOW	(UKARCH_PTE_PRESENT | UKARCH_PTE_ACCESSED)
#define LEAF_R		(LEAF_LOW | UKARCH_PTE_GLOBAL)
#define LEAF_RW		(LEAF_R | UKARCH_PTE_WRITE | UKARCH_PTE_DIRTY)

#define EFLAGS_ID	(1 << 21)
#define CPUID_LM	(1 << 29)	/* 0x80000001, edx */
#define CPUID_NX	(1 << 20)
#define CPUID_SSE2	(1 << 26 | 1 << 24)	/* 1, edx: with FXSR */

#define MEMORY_MARK	0x6b696c6e

/* The entries of @pt, which maps from physical address 0 on, for a range. */
.macro map_pages pt:req, from:req, to:req, low:req, high:req
	movl	$PHYS(\from), %eax
	movl	$PHYS(\to) + \low, %ecx
	movl	%eax, %edi
	shrl	$9, %edi
	addl	$PHYS(\pt), %edi
	addl	$\low, %eax
	movl	$\high, %edx
	call	fill
.endm

/* One entry of a table per page of lower tables in a range. */
.macro link_tables at, from, to
	movl	$PHYS(\from) + TABLE, %eax
	movl	$PHYS(\to) + TABLE, %ecx
	movl	$PHYS(\at), %edi
	xorl	%edx, %edx
	call	fill
.endm

	.section .uk_boot.text, "ax", @progbits
	.balign	8
start_begin:

/*
 * Read with the boot root active, so it is on this page; the descriptors are
 * marked accessed, so that the CPU does not write here.
 */
	.globl	x86_boot_gdt
x86_boot_gdt:
	.quad	0
	.quad	0x00af9b000000ffff	/* SEL_CODE: 64-bit code */
	.quad	0x00cf93000000ffff	/* SEL_DATA */
	.quad	0x00cf9b000000ffff	/* SEL_CODE32 */
	.if	. - x86_boot_gdt != BOOT_GDT_LEN
	.error	"BOOT_GDT_LEN"
	.endif
boot_gdt_ptr:
	.word	BOOT_GDT_LEN - 1
	.quad	PHYS(x86_boot_gdt)

	.balign	4
leave_long_mode:
	.long	PHYS(in_compat)
	.word	SEL_CODE32

	.code64
	.globl	ukarch_start64
	.type	ukarch_start64, @function
ukarch_start64:
	/* PCIDE must not be on when paging goes off; LA57 cannot change yet. */
	movq	%cr4, %rax
	andl	$(CR4_PAE | CR4_LA57), %eax
	movq	%rax, %cr4
	lgdt	boot_gdt_ptr(%rip)
	ljmpl	*leave_long_mode(%rip)

	.code32
in_compat:
	movl	$SEL_DATA, %eax
	movl	%eax, %ds
	movl	%eax, %es
	movl	%eax, %ss
	movl	%cr0, %eax
	andl	$~CR0_PG, %eax
	movl	%eax, %cr0
	movl	$MSR_EFER, %ecx
	rdmsr
	andl	$~EFER_LME, %eax
	wrmsr
	/* And on with: */
	.size	ukarch_start64, . - ukarch_start64

	.globl	ukarch_start32
	.type	ukarch_start32, @function
ukarch_start32:
	cld
	/* Nobody has said that what ran before left no breakpoints. */
	xorl	%eax, %eax
	movl	%eax, %dr7
	/*
	 * What was loaded lies in memory; is there any for what follows it?
	 * Nothing of that is in use yet, the stack neither.
	 */
	movl	$MEMORY_MARK, PHYS(_end) - 4
	cmpl	$MEMORY_MARK, PHYS(_end) - 4
	jne	no_memory
	movl	$0, PHYS(_end) - 4

	movl	$PHYS(ukarch_boot_stack_top), %esp
	pushl	%ebx
	pushl	%edi

	/* Without CPUID the flag stays 0. */
	pushl	$EFLAGS_ID
	popfl
	pushfl
	popl	%eax
	testl	$EFLAGS_ID, %eax
	jz	no_long_mode
	movl	$0x80000000, %eax
	cpuid
	cmpl	$0x80000001, %eax
	jb	no_long_mode
	movl	$0x80000001, %eax
	cpuid
	testl	$CPUID_LM, %edx
	jz	no_long_mode
	testl	$CPUID_NX, %edx
	jz	no_nx
	movl	$1, %eax
	cpuid
	notl	%edx
	testl	$CPUID_SSE2, %edx
	jnz	no_sse2

	/* From here on %ebp is setup. */
	popl	%ebp

	map_pages _boot_pts, _text, _etext, LEAF_R, 0
	map_pages _boot_pts, _rodata, _erodata, LEAF_R, NX
	map_pages _boot_pts, _data, boot_guarded, LEAF_RW, NX
	map_pages _boot_pts, ukarch_boot_stack, ukarch_boot_stack_top, \
		  LEAF_RW, NX
	map_pages _boot_pts, x86_trap_stack, x86_trap_stack_top, LEAF_RW, NX
	map_pages _boot_pts, x86_df_stack, x86_df_stack_top, LEAF_RW, NX
	map_pages _boot_pts, x86_nmi_stack, x86_nmi_stack_top, LEAF_RW, NX
	map_pages _boot_pts, x86_mc_stack, x86_mc_stack_top, LEAF_RW, NX
	link_tables _boot_pds, _boot_pts, _boot_linear_pds
	link_tables image_pdpt+510*8, _boot_pds, _boot_pts

	map_pages _boot_linear_pts, _text, _erodata, LEAF_R, NX
	map_pages _boot_linear_pts, _data, _end, LEAF_RW, NX
	link_tables _boot_linear_pds, _boot_linear_pts, _end
	link_tables linear_pdpt, _boot_linear_pds, _boot_linear_pts

	movl	$PHYS(image_pdpt) + TABLE, PHYS(x86_final_pml4) + 511 * 8
	movl	$PHYS(linear_pdpt) + TABLE, PHYS(x86_final_pml4) + 256 * 8

	movl	$PHYS(image_pdpt) + TABLE, PHYS(x86_boot_pml4) + 511 * 8
	movl	$PHYS(ident_pdpt) + TABLE, PHYS(x86_boot_pml4)
	movl	$PHYS(ident_pd) + TABLE, PHYS(ident_pdpt)
	movl	$PHYS(ident_pt) + TABLE, PHYS(ident_pd)
	map_pages ident_pt, _text, _text+PAGE, LEAF_LOW, 0

	choose_levels
	popl	%ebx
	enter_boot_root
	movl	$MSR_EFER, %ecx
	rdmsr
	orl	$(EFER_LME | EFER_NXE), %eax
	wrmsr
	movl	$CR0_START, %eax
	movl	%eax, %cr0
	lgdt	PHYS(boot_gdt_ptr)
	ljmpl	$SEL_CODE, $PHYS(in_long_mode)

no_long_mode:
	movl	$PHYS(no_long_mode_text), %esi
	jmp	*%ebp
no_memory:
	movl	$PHYS(no_memory_text), %esi
	jmp	*%ebp
no_nx:
	movl	$PHYS(no_nx_text), %esi
	jmp	*%ebp
no_sse2:
	movl	$PHYS(no_sse2_text), %esi
	jmp	*%ebp

/* Entries %edx:%eax and on, a page apart, up to %edx:%ecx, at %edi. */
fill:
	cmpl	%ecx, %eax
	jae	2f
1:	movl	%eax, (%edi)
	movl	%edx, 4(%edi)
	addl	$PAGE, %eax
	addl	$8, %edi
	cmpl	%ecx, %eax
	jb	1b
2:	ret

	.code64
in_long_mode:
	movq	$in_high_half, %rax
	jmp	*%rax
	/* The linker script checks that this is on the page of _text. */
	.globl	_boot_ident_end
_boot_ident_end:
in_high_half:
	enter_final_root
	movq	$ukarch_boot_stack_top, %rsp
	/* The upper halves of registers are undefined after the change. */
	movl	%ebx, %ebx
	movl	%ebp, %ebp
	leaq	UKARCH_IMAGE_BASE(%rbp), %r12
	/* Stack traces end here. */
	xorl	%ebp, %ebp
	call	x86_cpu_init
	movq	%rbx, %rdi
	call	*%r12
	ud2
	.size	ukarch_start32, . - ukarch_start32

no_long_mode_text:
	.asciz	"kiln: this CPU has no 64-bit mode (long mode)\n"
no_memory_text:
	.asciz	"kiln: memory ends before the image does\n"
no_nx_text:
	.asciz	"kiln: this CPU has no no-execute pages (NX)\n"
no_sse2_text:
	.asciz	"kiln: this CPU has no SSE2 or no FXSR\n"

	.section .uk_boot.bss, "aw", @nobits
	.balign	PAGE
boot_guarded:

.macro table name
\name:	.skip	PAGE
.endm

.macro stack name, size
	.globl	\name, \name\()_top
\name:	.skip	\size
\name\()_top:
.endm

	.globl	x86_boot_pml4
	table	x86_boot_pml4
	stack	ukarch_boot_stack, ((CONFIG_BOOT_STACK_KIB+3)/4*PAGE)
	table	ident_pdpt
	stack	x86_trap_stack, UKARCH_TRAP_STACK_SIZE
	table	ident_pd
	stack	x86_df_stack, X86_OTHER_STACK
	table	ident_pt
	stack	x86_nmi_stack, X86_OTHER_STACK
	table	linear_pdpt
	stack	x86_mc_stack, X86_OTHER_STACK
	.globl	x86_final_pml4
	table	x86_final_pml4
	table	image_pdpt
	level_tables

	.section .note.GNU-stack, "", @progbits
