/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A loader between QEMU's "virt" and an image: QEMU has put image and device
 * tree into memory, at IMAGE and TREE; this enters the image as the Linux
 * kernel's arm64 boot protocol says ("Call the kernel image").
 */
	.text
	.globl	_start
_start:
	ldr	x0, =TREE
	mov	x1, xzr
	mov	x2, xzr
	mov	x3, xzr
	ldr	x4, =IMAGE
	br	x4
	.ltorg

	.section .note.GNU-stack, "", %progbits
