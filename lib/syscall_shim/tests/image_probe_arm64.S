/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A system call with known registers, see probe.h. At the stack pointer is the
 * address of the probe, the only thing that is known after the call; below it
 * are bytes that nobody may use, though this ABI has no red zone.
 */
#define IN	0
#define OUT	256
#define FLAGS	512
#define RED	528
#define VEC_IN	672
#define VEC_OUT	(VEC_IN + 32 * 16)
#define RED_LEN	128
#define FRAME	112

	.text

.macro save_frame
	stp	x29, x30, [sp, #-FRAME]!
	stp	x19, x20, [sp, #16]
	stp	x21, x22, [sp, #32]
	stp	x23, x24, [sp, #48]
	stp	x25, x26, [sp, #64]
	stp	x27, x28, [sp, #80]
	str	x0, [sp, #-16]!
.endm

.macro restore_frame
	ldp	x27, x28, [sp, #80]
	ldp	x25, x26, [sp, #64]
	ldp	x23, x24, [sp, #48]
	ldp	x21, x22, [sp, #32]
	ldp	x19, x20, [sp, #16]
	ldp	x29, x30, [sp], #FRAME
	ret
.endm

/* All but x0 and x30, which the caller does. */
.macro load_registers
	.irp	i, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27
	ldr	x\i, [x0, #IN + \i * 8]
	.endr
	.irp	i, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 29
	ldr	x\i, [x0, #IN + \i * 8]
	.endr
.endm

.macro store_registers
	str	x0, [sp, #8]
	ldr	x0, [sp]
	.irp	i, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27
	str	x\i, [x0, #OUT + \i * 8]
	.endr
	.irp	i, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 29, 30
	str	x\i, [x0, #OUT + \i * 8]
	.endr
	ldr	x1, [sp, #8]
	str	x1, [x0, #OUT]
.endm

/* void call_probe(struct call_probe *probe) */
	.globl	call_probe
	.type	call_probe, %function
call_probe:
	save_frame
	.irp	i, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, \
		17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
	ldr	q\i, [x0, #(VEC_IN + \i * 16)]
	.endr
	mov	x2, #0x5a5a0000
	mov	x3, sp
	.set	at, 8
	.rept	RED_LEN / 8
	add	x1, x2, #at
	stur	x1, [x3, #-at]
	.set	at, at + 8
	.endr
	ldr	x1, [x0, #FLAGS]
	msr	nzcv, x1
	load_registers
	ldr	x30, [x0, #IN + 30 * 8]
	ldr	x0, [x0, #IN]
	svc	#0
	.globl	call_probe_after
call_probe_after:
	store_registers
	mrs	x1, nzcv
	str	x1, [x0, #FLAGS + 8]
	mov	x3, sp
	add	x2, x0, #RED
	.set	at, 8
	.rept	RED_LEN / 8
	ldur	x1, [x3, #-at]
	str	x1, [x2, #at - 8]
	.set	at, at + 8
	.endr
	.irp	i, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, \
		17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
	str	q\i, [x0, #VEC_OUT + \i * 16]
	.endr
	add	sp, sp, #16
	restore_frame
	.size	call_probe, . - call_probe

#include "../arch/arm64/thunk.inc"
UK_SYSCALL_THUNK(probe_env)

/*
 * void call_env(struct call_probe *probe): the same of a function call, of
 * which only x19 to x29 and the result are worth a look.
 */
	.text
	.globl	call_env
	.type	call_env, %function
call_env:
	save_frame
	load_registers
	ldr	x0, [x0, #IN]
	bl	uk_syscall_r_probe_env
	.globl	call_env_after
call_env_after:
	store_registers
	add	sp, sp, #16
	restore_frame
	.size	call_env, . - call_env

	.section .note.GNU-stack, "", %progbits
