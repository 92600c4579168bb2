/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * From the boot protocol's state to C in the high half.
 *
 * plat/ jumps to ukarch_start with the MMU off, at any 2 MiB aligned load
 * address, at EL1 or EL2, with
 *
 *	x0	for the C function
 *	x4	physical address of the C function, which does not return:
 *		fn(x0, load address, exception level of the entry)
 *	x5	physical address of a function that is told why this CPU cannot
 *		run the image, and does not return: x0 the text, x1 the
 *		exception level of the entry; no stack, MMU off
 *
 * Page tables are built from the linker's symbols into _boot_tables, by one
 * routine that maps a range with the largest pages that fit:
 *
 *	TTBR0	the code of this file at its physical address, RX; switched
 *		off before C runs, the tables stay for other CPUs, which come
 *		by start_lcpu.S
 *	TTBR1	the image at UKARCH_IMAGE_BASE: text RX, rodata R, data RW,
 *		a hole below each boot stack; and the same memory in the
 *		linear map, text and rodata R, data RW
 *
 * Caches (Arm ARM D7.5): stores with the MMU off go to memory past the
 * caches, where lines of the loader may still be. So all tables are
 * invalidated to the point of coherency before they are written, lest a dirty
 * line is written back over them, and after, lest the walker hits a line that
 * was speculatively read in between. Nothing else is written before the
 * MMU is on; .bss is cleared after that.
 *
 * Register use until C: x19 old x0, x20 load address, x21 C function, x22
 * refuse function, x23 EL of the entry, x24 next free table, x25 TTBR0 root,
 * x26 TTBR1 root, x27 bytes from one cache line to the next. There is no stack.
 */
#include <uk/bits/arch/paging.h>
#include <uk/bits/arch/stack.h>
#include <uk/config.h>

#define SCTLR_MMU_OFF	0x30d00980	/* RES1; as after reset otherwise */
/* + M, C, SA, SA0, I, DZE, UCT, nTWI, nTWE, UCI */
#define SCTLR_MMU_ON	0x34d5d99d

/* 48-bit addresses, 4 KiB granule, walks cached, inner shareable. */
#define TCR		0xb5103510
#define TCR_EPD0	(1 << 7)
#define TCR_IPS_SHIFT	32

#define PTE_PAGE	(UKARCH_PTE_VALID | UKARCH_PTE_ACCESSED | \
			 UKARCH_PTE_INNER)
#define PTE_RX		(PTE_PAGE | UKARCH_PTE_READONLY | UKARCH_PTE_UXN)
#define PTE_R		(PTE_RX | UKARCH_PTE_PXN)
#define PTE_RW		(PTE_PAGE | UKARCH_PTE_UXN | UKARCH_PTE_PXN)

/* The physical, later the virtual, address of a symbol. */
.macro addr reg, sym
	adrp	\reg, \sym
	add	\reg, \reg, :lo12:\sym
.endm

/* Does a 4-bit field of an id register at @lsb say 0? Then to @label. */
.macro skip_unless reg, lsb, label
	ubfx	x9, \reg, #\lsb, #4
	cbz	x9, \label
.endm

	.section .uk_boot.text, "ax"

start_code:
	.globl	ukarch_start
	.type	ukarch_start, %function
ukarch_start:
	msr	daifset, #15
	mov	x19, x0
	mov	x21, x4
	mov	x22, x5
	adr	x20, _text

	mrs	x23, CurrentEL
	ubfx	x23, x23, #2, #2
	bl	arm64_to_el1
	bl	arm64_check_cpu
	bl	build_tables
	bl	arm64_enable_mmu	/* goes on at the high address */

	bl	arm64_setup_cpu

	/* Exceptions take SP_EL1; this runs on SP_EL0. */
	msr	SPSel, #1
	addr	x9, ukarch_trap_stack_top
	mov	sp, x9
	msr	SPSel, #0
	addr	x9, ukarch_boot_stack_top
	mov	sp, x9

	bl	clear_bss
	bl	arm64_cpu_init
	msr	daifclr, #4		/* SError is reported from now on */

	mov	x0, x19
	mov	x1, x20
	mov	x2, x23
	ldr	x9, =UKARCH_IMAGE_BASE
	sub	x21, x21, x20
	add	x9, x9, x21
	mov	x29, xzr		/* stack traces end here */
	mov	x30, xzr
	br	x9
	.size	ukarch_start, . - ukarch_start

/* End: @x0 says why. */
refuse:
	mov	x1, x23
	br	x22

/*
 * Come down to EL1 with nothing trapped to EL2, and SCTLR_EL1 in a known
 * state. Changes x9-x11.
 */
	.globl	arm64_to_el1
arm64_to_el1:
	cmp	x23, #2
	b.eq	1f
	b.lt	2f
	adr	x0, text_el3
	b	refuse
1:
	/*
	 * EL1 is AArch64, and uses its pointer authentication as it likes.
	 * HVC is undefined: nobody would answer. E2H is cleared if it can be;
	 * some CPUs have the host extensions (VHE) only, and other layouts of
	 * CPTR_EL2 and CNTHCTL_EL2 with them.
	 */
	ldr	x9, =((1 << 31) | (3 << 40) | (1 << 29))
	msr	hcr_el2, x9
	isb
	mrs	x10, hcr_el2
	tbnz	x10, #34, 3f

	mov	x9, #3			/* EL1 counts and times for itself */
	msr	cnthctl_el2, x9
	mov	x9, #0x33ff		/* FP is not trapped; SVE is */
	msr	cptr_el2, x9
	ldr	x9, =SCTLR_MMU_OFF
	msr	sctlr_el1, x9
	b	4f
3:
	mov	x9, #(3 << 10)
	msr	cnthctl_el2, x9
	mov	x9, #(3 << 20)
	msr	cpacr_el1, x9		/* here another name of CPTR_EL2 */
	ldr	x9, =SCTLR_MMU_OFF
	msr	s3_5_c1_c0_0, x9	/* SCTLR_EL12 */
4:
	msr	cntvoff_el2, xzr
	msr	vttbr_el2, xzr
	msr	hstr_el2, xzr
	mrs	x9, midr_el1
	msr	vpidr_el2, x9
	mrs	x9, mpidr_el1
	msr	vmpidr_el2, x9

	/* Debug and PMU belong to EL1, all counters (MDCR_EL2.HPMN) too. */
	mrs	x10, id_aa64dfr0_el1
	mov	x11, xzr
	ubfx	x9, x10, #8, #4
	sub	x9, x9, #1
	cmp	x9, #14			/* neither 0 nor 15: a PMUv3 */
	b.hs	5f
	mrs	x11, pmcr_el0
	ubfx	x11, x11, #11, #5
5:	msr	mdcr_el2, x11

	/* Fine-grained traps: off (FEAT_FGT). */
	mrs	x10, id_aa64mmfr0_el1
	skip_unless x10, 56, 6f
	msr	s3_4_c1_c1_4, xzr	/* HFGRTR_EL2 */
	msr	s3_4_c1_c1_5, xzr	/* HFGWTR_EL2 */
	msr	s3_4_c1_c1_6, xzr	/* HFGITR_EL2 */
	msr	s3_4_c3_c1_4, xzr	/* HDFGRTR_EL2 */
	msr	s3_4_c3_c1_5, xzr	/* HDFGWTR_EL2 */
6:
	/* GICv3 system registers for EL1, where firmware lets us. */
	mrs	x10, id_aa64pfr0_el1
	skip_unless x10, 24, 7f
	mrs	x9, s3_4_c12_c9_5	/* ICC_SRE_EL2 */
	mov	x11, #9			/* SRE, Enable */
	orr	x9, x9, x11
	msr	s3_4_c12_c9_5, x9
	isb
	mrs	x9, s3_4_c12_c9_5
	tbz	x9, #0, 7f
	msr	s3_4_c12_c11_0, xzr	/* ICH_HCR_EL2 */
7:
	mov	x9, #0x3c5		/* EL1h, DAIF masked */
	msr	spsr_el2, x9
	msr	elr_el2, x30
	eret
2:
	ldr	x9, =SCTLR_MMU_OFF
	msr	sctlr_el1, x9
	isb
	ret

/* What the image cannot do without. Changes x9, x10. */
	.globl	arm64_check_cpu
arm64_check_cpu:
	mrs	x10, id_aa64mmfr0_el1
	ubfx	x9, x10, #28, #4	/* TGran4 */
	cmp	x9, #15
	b.eq	1f
	ubfx	x9, x20, #0, #21
	cbnz	x9, 2f
	ret
1:	adr	x0, text_tgran4
	b	refuse
2:	adr	x0, text_align
	b	refuse

/*
 * The tables, roots in x25 (TTBR0) and x26 (TTBR1). Changes x0-x17, x28.
 */
build_tables:
	mov	x28, x30
	mrs	x9, ctr_el0		/* DminLine: log2 of words */
	ubfx	x9, x9, #16, #4
	mov	x27, #4
	lsl	x27, x27, x9
	/* invalidate takes four at a time, and a page is whole fours. */
	mov	x9, #1024
	cmp	x27, x9
	csel	x27, x27, x9, lo

	addr	x24, _boot_tables
	addr	x10, _end
	mov	x9, x24
	bl	invalidate
	dsb	sy
	mov	x9, x24
1:
.irp off, 0, 16, 32, 48, 64, 80, 96, 112, 128, 144, 160, 176, 192, 208, 224, 240
	stp	xzr, xzr, [x9, #\off]
.endr
	add	x9, x9, #256
	cmp	x9, x10
	b.lo	1b

	bl	new_table
	mov	x25, x9
	bl	new_table
	mov	x26, x9

	addr	x0, start_code
	addr	x1, start_code_end
	mov	x2, x0
	ldr	x3, =PTE_RX
	mov	x4, x25
	bl	map

	mov	x4, x26
	ldr	x5, =UKARCH_IMAGE_BASE
	sub	x5, x5, x20
	ldr	x6, =UKARCH_LINEAR_BASE

	addr	x0, _text
	addr	x1, _etext
	ldr	x3, =PTE_RX
	add	x2, x0, x5
	bl	map
	addr	x0, _text
	ldr	x3, =PTE_R
	add	x2, x0, x6
	bl	map

	addr	x0, _rodata
	addr	x1, _erodata
	add	x2, x0, x5
	bl	map
	addr	x0, _rodata
	add	x2, x0, x6
	bl	map

	ldr	x3, =PTE_RW
	addr	x0, _data
	addr	x1, ukarch_trap_guard
	add	x2, x0, x5
	bl	map
	addr	x0, ukarch_trap_stack
	addr	x1, ukarch_boot_guard
	add	x2, x0, x5
	bl	map
	addr	x0, ukarch_boot_stack
	addr	x1, _end
	add	x2, x0, x5
	bl	map
	addr	x0, _data
	add	x2, x0, x6
	bl	map

	dsb	sy
	addr	x9, _boot_tables
	mov	x10, x24
	bl	invalidate
	dsb	sy
	ret	x28

/*
 * Map physical [x0, x1) at x2 with the page attributes x3 in the tables below
 * the root x4. The ends are rounded outwards to pages. Leaves x1, x3-x6
 * alone; changes x0, x2, x7-x17.
 */
map:
	mov	x17, x30
	and	x0, x0, #~0xfff
	and	x2, x2, #~0xfff
1:	cmp	x0, x1
	b.hs	4f

	/* A 2 MiB block, or a page? x16: the shift of the last level. */
	mov	x16, #12
	orr	x7, x0, x2
	tst	x7, #0x1fffff
	b.ne	2f
	sub	x7, x1, x0
	lsr	x7, x7, #21
	cbz	x7, 2f
	mov	x16, #21
2:
	mov	x8, x4
	mov	x15, #39
3:	lsr	x7, x2, x15
	and	x7, x7, #511
	add	x8, x8, x7, lsl #3	/* the entry */
	cmp	x15, x16
	b.eq	5f
	ldr	x9, [x8]
	and	x10, x9, #UKARCH_PTE_PADDR
	sub	x15, x15, #9
	cbnz	x9, 6f
	bl	new_table
	mov	x10, x9
	orr	x9, x9, #(UKARCH_PTE_VALID | UKARCH_PTE_TABLE)
	str	x9, [x8]
6:	mov	x8, x10
	b	3b
5:
	orr	x9, x0, x3
	cmp	x16, #12
	b.ne	7f
	orr	x9, x9, #UKARCH_PTE_TABLE	/* level 0: a page */
7:	mov	x10, #1
	lsl	x10, x10, x16
8:	str	x9, [x8], #8
	add	x0, x0, x10
	add	x2, x2, x10
	add	x9, x9, x10
	/* On to the next page while it is in this table. */
	tst	x2, #0x1fffff
	b.eq	1b
	cmp	x0, x1
	b.lo	8b
4:	ret	x17

/* An empty table in x9. */
new_table:
	mov	x9, x24
	add	x24, x24, #4096
	ret

/* Drop the cache lines of the pages [x9, x10) to the point of coherency. */
invalidate:
.rept 4
	dc	ivac, x9
	add	x9, x9, x27
.endr
	cmp	x9, x10
	b.lo	invalidate
	ret

/* Switch the MMU on and return to the high half. Changes x9-x11. */
	.globl	arm64_enable_mmu
arm64_enable_mmu:
	ldr	x9, =UKARCH_MAIR
	msr	mair_el1, x9
	ldr	x9, =TCR
	mrs	x10, id_aa64mmfr0_el1
	ubfx	x10, x10, #0, #4	/* PARange; above 48 bits is not ours */
	mov	x11, #5
	cmp	x10, x11
	csel	x10, x10, x11, lo
	orr	x9, x9, x10, lsl #TCR_IPS_SHIFT
	msr	tcr_el1, x9
	msr	ttbr0_el1, x25
	msr	ttbr1_el1, x26
	isb
	tlbi	vmalle1
	ic	iallu
	dsb	nsh
	isb
	ldr	x9, =SCTLR_MMU_ON
	msr	sctlr_el1, x9
	isb
	ldr	x9, =UKARCH_IMAGE_BASE
	sub	x30, x30, x20
	add	x30, x30, x9
	ret

/*
 * The registers of this CPU as C finds them, on a CPU that has its tables; the
 * low half is empty from here on. Changes x9.
 */
	.globl	arm64_setup_cpu
arm64_setup_cpu:
	addr	x9, ukarch_vectors
	msr	vbar_el1, x9

	mrs	x9, tcr_el1
	orr	x9, x9, #TCR_EPD0
	msr	tcr_el1, x9
	msr	ttbr0_el1, xzr
	isb
	tlbi	vmalle1
	dsb	nsh
	isb

	/* FP and SIMD for programs, no traps to EL1 (CPACR_EL1.FPEN). */
	mov	x9, #(3 << 20)
	msr	cpacr_el1, x9
	msr	mdscr_el1, xzr
	msr	tpidr_el0, xzr
	msr	tpidr_el1, xzr
	isb
	msr	fpcr, xzr
	msr	fpsr, xzr
	ret

/*
 * Clear .bss, but not the stacks and tables behind it. A part of a block at
 * either end is stored piecewise, the blocks by DC ZVA if the CPU allows it.
 * Changes x9-x13.
 */
clear_bss:
	addr	x9, __bss_start		/* 8-byte aligned, as is _boot_bss */
	addr	x10, _boot_bss
	mrs	x12, dczid_el0
	mov	x11, #4
	and	x13, x12, #15
	lsl	x11, x11, x13		/* bytes of a block */
	tbnz	x12, #4, 3f		/* prohibited */
	sub	x12, x11, #1
	bic	x13, x10, x12		/* the last block's end */
1:	tst	x9, x12
	b.eq	2f
	cmp	x9, x10
	b.hs	4f
	str	xzr, [x9], #8
	b	1b
2:	cmp	x9, x13
	b.hs	3f
5:	dc	zva, x9
	add	x9, x9, x11
	cmp	x9, x13
	b.lo	5b
3:	cmp	x9, x10
	b.hs	4f
	str	xzr, [x9], #8
	b	3b
4:	ret

	.ltorg
text_el3:
	.asciz	"entered at EL3; EL1 or EL2 is needed"
text_tgran4:
	.asciz	"this CPU has no 4 KiB translation granule"
text_align:
	.asciz	"the load address is not a multiple of 2 MiB"
start_code_end:

/*
 * The stacks. vectors.S tells by one address bit whether it is still on the
 * trap stack: see <uk/bits/arch/stack.h>.
 */
	.section .uk_boot.bss, "aw", %nobits
	.balign	2 * UKARCH_TRAP_STACK_SIZE
	.globl	ukarch_trap_guard
ukarch_trap_guard:
	.space	UKARCH_TRAP_GUARD_SIZE
ukarch_trap_stack:
	.space	UKARCH_TRAP_STACK_SIZE
	.globl	ukarch_trap_stack_top
ukarch_trap_stack_top:
	.globl	ukarch_boot_guard
ukarch_boot_guard:
	.space	UKARCH_BOOT_GUARD_SIZE
ukarch_boot_stack:
	.space	(CONFIG_BOOT_STACK_KIB + 3) / 4 * 4096
ukarch_boot_stack_top:

	.section .note.GNU-stack, "", %progbits
