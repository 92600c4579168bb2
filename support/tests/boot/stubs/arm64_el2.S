/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A hypervisor for one guest, between QEMU's "virt" with virtualization=on and
 * an image: QEMU has put image and device tree at IMAGE and TREE and enters
 * this at EL2. It enters the image at EL1, and answers what that calls by HVC,
 * and by SMC too, which it traps.
 *
 *	SMCCC_VERSION		1.3
 *	ARCH_FEATURES		of ARCH_SOC_ID: 0; of a workaround: 1
 *	ARCH_SOC_ID		0x5a0000 + the type
 *	PSCI_FEATURES		of SMCCC_VERSION: 0
 *	0xc6000001		x[i] = x[17 - i] + i, of all that came in
 *	0xc6000002		the same, and v0 to v31, FPSR and FPCR are lost
 *	0xc6000003		an SError is pending for the image
 *	else			QEMU's PSCI answers
 *
 * A function id counts without the bit that says no SVE state is live.
 *
 * The second CPU is started at once, by QEMU's PSCI, and waits in a spin
 * table: at EL1, for the word at RELEASE.
 */
#define HCR_RW		(1 << 31)
#define HCR_TSC		(1 << 19)	/* SMC of EL1 comes here */
#define HCR_VSE		(1 << 8)	/* a virtual SError is pending … */
#define HCR_AMO		(1 << 5)	/* … which takes this */
#define SCTLR_MMU_OFF	0x30d00980
#define SPSR_EL1H	0x3c5
#define EC_SMC		0x17

	.arch_extension fp
	.arch_extension simd

	.text
	.globl	_start
_start:
	adr	x9, stack_top
	bl	to_guest_state

	/* CPU_ON of CPU 1; a machine of one CPU says that it has none. */
	ldr	x0, =0xc4000003
	mov	x1, #1
	adr	x2, second
	mov	x3, xzr
	smc	#0

	ldr	x0, =TREE
	mov	x1, xzr
	mov	x2, xzr
	mov	x3, xzr
	ldr	x4, =IMAGE
	msr	elr_el2, x4
	eret

second:
	adr	x9, stack_top_2
	bl	to_guest_state
	adr	x4, wait
	msr	elr_el2, x4
	eret

/* At EL1, MMU off. */
wait:
	ldr	x1, =RELEASE
1:	wfe
	ldr	x0, [x1]
	cbz	x0, 1b
	br	x0

/* What EL1 finds; the stack of EL2 is at x9. */
to_guest_state:
	mov	sp, x9
	adr	x9, vectors
	msr	vbar_el2, x9
	ldr	x9, =(HCR_RW | HCR_TSC)
	msr	hcr_el2, x9
	mov	x9, #3
	msr	cnthctl_el2, x9
	msr	cntvoff_el2, xzr
	mov	x9, #0x33ff
	msr	cptr_el2, x9
	ldr	x9, =SCTLR_MMU_OFF
	msr	sctlr_el1, x9
	mrs	x9, mpidr_el1
	msr	vmpidr_el2, x9
	mov	x9, #SPSR_EL1H
	msr	spsr_el2, x9
	isb
	ret

	.balign	2048
vectors:
	.rept	8			/* of EL2 itself: none is awaited */
	.balign	128
	b	.
	.endr
	.balign	128
	b	call			/* synchronous, from EL1 */
	.rept	7
	.balign	128
	b	.
	.endr

/* x0 to x17 at sp: what came in, then what goes out. x18 to x21 are kept. */
	.balign	128
call:
	sub	sp, sp, #192
	stp	x0, x1, [sp]
	stp	x2, x3, [sp, #16]
	stp	x4, x5, [sp, #32]
	stp	x6, x7, [sp, #48]
	stp	x8, x9, [sp, #64]
	stp	x10, x11, [sp, #80]
	stp	x12, x13, [sp, #96]
	stp	x14, x15, [sp, #112]
	stp	x16, x17, [sp, #128]
	stp	x18, x19, [sp, #144]
	stp	x20, x21, [sp, #160]

	/* A trapped SMC is returned to, not behind. */
	mrs	x18, esr_el2
	ubfx	x18, x18, #26, #6
	cmp	x18, #EC_SMC
	b.ne	1f
	mrs	x18, elr_el2
	add	x18, x18, #4
	msr	elr_el2, x18
1:
	and	w19, w0, #~(1 << 16)
	mov	x20, x1

.macro is id, label
	ldr	w18, =\id
	cmp	w19, w18
	b.eq	\label
.endm
	is	0xc6000001, permute
	is	0xc6000002, scribble
	is	0xc6000003, serror
	is	0x80000000, version
	is	0x80000001, features
	is	0x80000002, soc_id
	is	0x8400000a, psci_features
pass:
	mov	w0, w19
	smc	#0
	stp	x0, x1, [sp]
	stp	x2, x3, [sp, #16]
	b	back

version:
	ldr	x0, =0x10003
	b	status
features:
	mov	x0, xzr
	ldr	w18, =0x80000002
	cmp	w20, w18
	b.eq	status
	mov	x0, #1
	ldr	w18, =0x80008000
	cmp	w20, w18
	b.eq	status
	mov	x0, #-1
	b	status
soc_id:
	ldr	x0, =0x5a0000
	add	x0, x0, x20
	b	status
psci_features:
	ldr	w18, =0x80000000
	cmp	w20, w18
	b.ne	pass
	mov	x0, xzr
	b	status

serror:
	mrs	x18, hcr_el2
	orr	x18, x18, #HCR_VSE
	orr	x18, x18, #HCR_AMO
	msr	hcr_el2, x18
	isb
	mov	x0, xzr
	b	status

scribble:
	.irp	n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, \
		16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
	movi	v\n\().16b, #0xa5
	.endr
	mov	x18, #0x1f
	msr	fpsr, x18
	mov	x18, #0x400000
	msr	fpcr, x18

/* The pairs i and 17 - i change places. */
permute:
	mov	x18, xzr
	mov	x21, #17
2:	ldr	x19, [sp, x18, lsl #3]
	ldr	x20, [sp, x21, lsl #3]
	add	x20, x20, x18
	add	x19, x19, x21
	str	x20, [sp, x18, lsl #3]
	str	x19, [sp, x21, lsl #3]
	add	x18, x18, #1
	sub	x21, x21, #1
	cmp	x18, x21
	b.lt	2b
	b	back

status:
	str	x0, [sp]
back:
	ldp	x0, x1, [sp]
	ldp	x2, x3, [sp, #16]
	ldp	x4, x5, [sp, #32]
	ldp	x6, x7, [sp, #48]
	ldp	x8, x9, [sp, #64]
	ldp	x10, x11, [sp, #80]
	ldp	x12, x13, [sp, #96]
	ldp	x14, x15, [sp, #112]
	ldp	x16, x17, [sp, #128]
	ldp	x18, x19, [sp, #144]
	ldp	x20, x21, [sp, #160]
	add	sp, sp, #192
	eret
	.ltorg

	.balign	16
	.skip	1024
stack_top:
	.skip	1024
stack_top_2:

	.section .note.GNU-stack, "", %progbits
