/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Where musl's signal handler has a thread go on that may be cancelled at any
 * place (PTHREAD_CANCEL_ASYNCHRONOUS), on the stack that it had there.
 */
	.text
	.globl	__cp_cancel
	.type	__cp_cancel, %function
__cp_cancel:
	mov	x29, xzr
	bl	__cancel
	brk	#0
	.size	__cp_cancel, . - __cp_cancel

	.section .note.GNU-stack, "", %progbits
