/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * From the running image to another Image's first byte, as "Booting AArch64
 * Linux" has it: MMU and data cache off, the image clean to the point of
 * coherency and not in the instruction cache, x0 the device tree, x1 to x3
 * zero. Other registers are junk, and so is the memory behind the file.
 */
#include "again_arm64.h"

#define SCTLR_MMU_OFF	0x30d00980

/* Clean and drop the lines, x10 bytes each, of [x11, x12). */
.macro	flush
9:	dc	civac, x11
	add	x11, x11, x10
	cmp	x11, x12
	b.lo	9b
	dsb	sy
.endm

	.section .text.again, "ax", %progbits

/* Enter the block at physical x0, which is mapped there. */
	.globl	again_leap
	.type	again_leap, %function
again_leap:
	br	x0
	.size	again_leap, . - again_leap

/* Runs at x0, wherever that is. */
	.globl	again_code
again_code:
	msr	daifset, #15
	ldr	x9, =SCTLR_MMU_OFF
	dsb	sy
	msr	sctlr_el1, x9
	isb
	tlbi	vmalle1
	dsb	sy
	isb

	ldr	x1, [x0, #AGAIN_TO]
	ldr	x2, [x0, #AGAIN_FROM]
	ldr	x3, [x0, #AGAIN_LEN]
	ldr	x4, [x0, #AGAIN_SIZE]
	mrs	x9, ctr_el0
	ubfx	x9, x9, #16, #4
	mov	x10, #4
	lsl	x10, x10, x9

	/* No line of who ran there is written back over it. */
	mov	x11, x1
	add	x12, x1, x4
	flush
	mov	x11, x1
	add	x13, x1, x3
1:	ldp	x5, x6, [x2], #16
	stp	x5, x6, [x11], #16
	cmp	x11, x13
	b.lo	1b
	ldr	x5, =0xa5a5a5a5a5a5a5a5
2:	cmp	x11, x12
	b.hs	3f
	stp	x5, x5, [x11], #16
	b	2b
3:	dsb	sy
	mov	x11, x1
	flush
	ic	iallu
	dsb	sy
	isb

	mov	x4, x1
	ldr	x0, [x0, #AGAIN_DTB]
	mov	x1, xzr
	mov	x2, xzr
	mov	x3, xzr
	ldr	x5, =0xdead000000001234
.irp n, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24
	mov	x\n, x5
.endr
.irp n, 25, 26, 27, 28, 29, 30
	mov	x\n, x5
.endr
	mov	sp, x5
	msr	tpidr_el0, x5
	msr	tpidr_el1, x5
	msr	tpidrro_el0, x5
	msr	vbar_el1, xzr
	isb
	br	x4
	.ltorg
	/* An error if it is longer. */
	.org	again_code + AGAIN_CODE_LEN

	.section .note.GNU-stack, "", %progbits
