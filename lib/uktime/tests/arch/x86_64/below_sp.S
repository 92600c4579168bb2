/* SPDX-License-Identifier: BSD-3-Clause */
/* See ../../image_storm.c. The red zone is 128 bytes (psABI 3.2.2). */
	.section .text, "ax"
	.globl	time_test_watch_below_sp
	.type	time_test_watch_below_sp, @function
time_test_watch_below_sp:
	movabsq	$0x5aa5123456789abc, %rdx
	movl	$16, %ecx
1:	negq	%rcx
	movq	%rdx, (%rsp, %rcx, 8)
	negq	%rcx
	decl	%ecx
	jnz	1b

	xorl	%eax, %eax
2:	movl	$16, %ecx
3:	negq	%rcx
	cmpq	%rdx, (%rsp, %rcx, 8)
	setne	%r8b
	orb	%r8b, %al
	negq	%rcx
	decl	%ecx
	jnz	3b
	cmpl	%esi, (%rdi)
	jb	2b
	ret
	.size	time_test_watch_below_sp, . - time_test_watch_below_sp

	.section .note.GNU-stack, "", @progbits
