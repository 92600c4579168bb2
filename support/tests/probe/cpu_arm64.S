/* SPDX-License-Identifier: BSD-3-Clause */
/* Where cpus_arm64.c has other CPUs begin: MMU off, at physical addresses. */
	.section .text.probe_cpu, "ax", %progbits
	.globl	probe_cpu
	.type	probe_cpu, %function
probe_cpu:
	mrs	x1, mpidr_el1
	adrp	x0, probe_cpu_id
	add	x0, x0, :lo12:probe_cpu_id
	str	x1, [x0]
	dsb	sy
1:	wfi
	b	1b
	.size	probe_cpu, . - probe_cpu

	/* Alone in its cache line: it is written past the caches. */
	.section .data.probe_cpu_id, "aw", %progbits
	.globl	probe_cpu_id
	.type	probe_cpu_id, %object
	.balign	2048
probe_cpu_id:
	.quad	0
	.balign	2048
	.size	probe_cpu_id, 8

	.section .note.GNU-stack, "", %progbits
