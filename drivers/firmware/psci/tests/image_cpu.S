/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Where a CPU begins that a test has started: MMU off, x0 the physical address
 * of a struct mail. It says that it is here and how it came, and goes.
 */
#define MPIDR		8
#define CURRENT_EL	16
#define CONDUIT		24

	.section .text.psci_test_cpu, "ax", %progbits
	.globl	psci_test_cpu
	.type	psci_test_cpu, %function
psci_test_cpu:
	mrs	x1, mpidr_el1
	mrs	x2, CurrentEL
	str	x1, [x0, #MPIDR]
	str	x2, [x0, #CURRENT_EL]
	dmb	sy
	mov	x1, #1
	str	x1, [x0]
	dsb	sy

	ldr	x3, [x0, #CONDUIT]
	mov	w0, #2			/* CPU_OFF */
	movk	w0, #0x8400, lsl #16
	cmp	x3, #1			/* UK_PSCI_HVC */
	b.ne	1f
	hvc	#0
	b	2f
1:	smc	#0
2:	wfe
	b	2b
	.size	psci_test_cpu, . - psci_test_cpu

	.section .note.GNU-stack, "", %progbits
