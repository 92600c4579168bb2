/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * long __syscall_cp_asm(volatile int *cancel, long nr, long u, ..., long z)
 *
 * A call that is a cancellation point. Between __cp_begin and __cp_end the
 * signal handler of pthread_cancel() may send the thread to __cp_cancel: all
 * the way the stack is what that expects. A call that has waited in vain has
 * returned -EINTR by then, and its caller looks itself.
 */
	.text
	.globl	__syscall_cp_asm, __cp_begin, __cp_end, __cp_cancel
	.hidden	__syscall_cp_asm, __cp_begin, __cp_end, __cp_cancel
	.type	__syscall_cp_asm, %function
__syscall_cp_asm:
	stp	x29, x30, [sp, #-16]!
__cp_begin:
	ldr	w0, [x0]
	cbnz	w0, __cp_cancel
	mov	x0, x1
	mov	x1, x2
	mov	x2, x3
	mov	x3, x4
	mov	x4, x5
	mov	x5, x6
	mov	x6, x7
	bl	uk_syscall6_r
__cp_end:
	ldp	x29, x30, [sp], #16
	ret
__cp_cancel:
	ldp	x29, x30, [sp], #16
	b	__cancel
	.size	__syscall_cp_asm, . - __syscall_cp_asm

	.section .note.GNU-stack, "", %progbits
