/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * From the start of a further CPU to C: the way of start.S, with the tables
 * that the boot CPU has made.
 *
 * PSCI begins here, at the physical address, with the MMU off, at the boot
 * CPU's exception level (Arm DEN 0022, 6.4.3). Until the MMU and caches are
 * on, only memory is read that the loader or lcpu.c has cleaned. A CPU that
 * cannot run the image, is not the one that is meant, or comes after it was
 * given up, stays here: whoever started it waits and gives up.
 */
#include "lcpu_priv.h"

	.section .uk_boot.text, "ax"
	.globl	arm64_lcpu_entry
	.type	arm64_lcpu_entry, %function
arm64_lcpu_entry:
	msr	daifset, #15
	adrp	x20, _text
	adr	x22, stay
	mrs	x23, CurrentEL
	ubfx	x23, x23, #2, #2
	bl	arm64_to_el1
	bl	arm64_check_cpu
	adrp	x25, _boot_tables
	adrp	x9, arm64_lcpu_ttbr1
	ldr	x26, [x9, :lo12:arm64_lcpu_ttbr1]
	bl	arm64_enable_mmu	/* goes on at the high address */
	bl	arm64_setup_cpu

	/* One load: it is taken back when the CPU is given up. */
	adrp	x9, arm64_lcpu_next
	ldr	x19, [x9, :lo12:arm64_lcpu_next]
	cbz	x19, stay
	mrs	x9, mpidr_el1		/* as ukarch_hwid() has it */
	ubfx	x10, x9, #32, #8
	ubfx	x9, x9, #0, #24
	orr	x9, x9, x10, lsl #32
	ldr	x10, [x19, #START_HWID]
	cmp	x9, x10
	b.ne	stay

	ldr	x9, [x19, #START_TRAP_STACK_TOP]
	ldr	x10, [x19, #START_STACK_TOP]
	msr	SPSel, #1
	mov	sp, x9
	msr	SPSel, #0
	mov	sp, x10
	mov	x0, x19
	bl	arm64_lcpu_begin
	msr	daifclr, #4		/* SError, as on the boot CPU */
	ldr	x9, [x19, #START_FN]
	ldr	x0, [x19, #START_ARG]
	mov	x29, xzr		/* stack traces end here */
	mov	x30, xzr
	br	x9

stay:	wfi
	b	stay
	.size	arm64_lcpu_entry, . - arm64_lcpu_entry

	.section .note.GNU-stack, "", %progbits
