/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Where a signal handler returns to: rt_sigreturn, which takes the frame at
 * the stack pointer and does not return.
 */
	.text
	.globl	__restore, __restore_rt
	.type	__restore_rt, %function
__restore:
__restore_rt:
	bl	uk_syscall_r_rt_sigreturn
	brk	#0
	.size	__restore_rt, . - __restore_rt

	.section .note.GNU-stack, "", %progbits
