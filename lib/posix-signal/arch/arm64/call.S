/* SPDX-License-Identifier: BSD-3-Clause */
	.text

/*
 * void sig_call(uintptr_t sp, uintptr_t handler, int sig,
 *		 struct uk_abi_siginfo *info, struct sig_ucontext *uc)
 */
	.globl	sig_call
	.type	sig_call, @function
sig_call:
	stp	x29, x30, [sp, #-16]!
	mov	x29, sp
	cbz	x0, 1f
	and	x0, x0, #~15
	mov	sp, x0
1:	mov	x9, x1
	mov	w0, w2
	mov	x1, x3
	mov	x2, x4
	blr	x9
	mov	sp, x29
	ldp	x29, x30, [sp], #16
	ret
	.size	sig_call, . - sig_call

/* Where the stack pointer is at the frame. */
	.globl	sig_restorer
	.type	sig_restorer, @function
sig_restorer:
	bl	uk_syscall_r_rt_sigreturn
	brk	#0
	.size	sig_restorer, . - sig_restorer

	.section .note.GNU-stack, "", @progbits
