/* SPDX-License-Identifier: BSD-3-Clause */
/* See ../../image_storm.c. arm64's ABI has no red zone; programs may. */
	.section .text, "ax"
	.globl	time_test_watch_below_sp
	.type	time_test_watch_below_sp, %function
time_test_watch_below_sp:
	ldr	x2, =0x5aa5123456789abc
	mov	x3, sp
	mov	x4, #16
1:	str	x2, [x3, #-8]!
	subs	x4, x4, #1
	b.ne	1b

	mov	x5, xzr
2:	mov	x3, sp
	mov	x4, #16
3:	ldr	x6, [x3, #-8]!
	eor	x6, x6, x2
	orr	x5, x5, x6
	subs	x4, x4, #1
	b.ne	3b
	ldr	w6, [x0]
	cmp	w6, w1
	b.lo	2b
	cmp	x5, #0
	cset	w0, ne
	ret
	.size	time_test_watch_below_sp, . - time_test_watch_below_sp

	.section .note.GNU-stack, "", %progbits
