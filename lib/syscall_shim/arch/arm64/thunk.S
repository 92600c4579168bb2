/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Calls that see their caller's registers, as functions: struct ukarch_regs is
 * made on the caller's stack, as it will be after the return, and the call gets
 * it as its first argument. Then the caller goes on with what it says: so a
 * call may change any of them, as from a trap.
 */
#include <uk/bits/arch/regs.h>

#include "thunk.inc"

	.section .text.syscall_shim_thunk, "ax", %progbits

/* x16: what to call; the rest as the caller's call left it. */
	.globl	syscall_shim_thunk
	.type	syscall_shim_thunk, %function
syscall_shim_thunk:
	sub	sp, sp, #UKARCH_REGS_SIZE
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
	stp	x22, x23, [sp, #176]
	stp	x24, x25, [sp, #192]
	stp	x26, x27, [sp, #208]
	stp	x28, x29, [sp, #224]
	str	x30, [sp, #240]
	add	x9, sp, #UKARCH_REGS_SIZE
	stp	x9, x30, [sp, #UKARCH_REGS_SP]
	mrs	x9, daif
	mrs	x10, nzcv
	orr	x9, x9, x10
	orr	x9, x9, #UKARCH_REGS_EL1_SP0
	stp	x9, xzr, [sp, #UKARCH_REGS_PSTATE]
	str	xzr, [sp, #UKARCH_REGS_FAR]
	stp	x29, x30, [sp, #UKARCH_REGS_TRACE]
	add	x29, sp, #UKARCH_REGS_TRACE

	mov	x6, x5
	mov	x5, x4
	mov	x4, x3
	mov	x3, x2
	mov	x2, x1
	mov	x1, x0
	mov	x0, sp
	blr	x16
	str	x0, [sp]
	mov	x0, sp
	b	ukarch_regs_resume
	.size	syscall_shim_thunk, . - syscall_shim_thunk

#include <uk/bits/syscall_thunks.h>

	.section .note.GNU-stack, "", %progbits
