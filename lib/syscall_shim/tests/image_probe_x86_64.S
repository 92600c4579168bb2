/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A system call with known registers, see probe.h. Below the stack pointer is
 * what a program may keep there, 128 bytes (System V ABI, 3.2.2); at it is the
 * address of the probe, the only thing that is known after the call.
 */
#define IN	0
#define OUT	128
#define FLAGS	256
#define RED	272
#define AVX	400
#define VEC_IN	416
#define VEC_OUT	(VEC_IN + 16 * 32)
#define RED_LEN	128

	.text

/* Each register but rax and rsp, with its place in the probe. */
.macro each_register op
	\op	%rbx, 8
	\op	%rcx, 16
	\op	%rdx, 24
	\op	%rsi, 32
	\op	%rdi, 40
	\op	%rbp, 48
	\op	%r8, 56
	\op	%r9, 64
	\op	%r10, 72
	\op	%r11, 80
	\op	%r12, 88
	\op	%r13, 96
	\op	%r14, 104
	\op	%r15, 112
.endm

.macro load reg, at
	movq	IN + \at(%rax), \reg
.endm

.macro store reg, at
	movq	\reg, OUT + \at(%rax)
.endm

.macro each_vector op, base
	.irp	i, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
	\op	\i, (\base + \i * 32)
	.endr
.endm

.macro load_xmm reg, at
	movups	\at(%rax), %xmm\reg
.endm

.macro store_xmm reg, at
	movups	%xmm\reg, \at(%rax)
.endm

.macro load_ymm reg, at
	vmovups	\at(%rax), %ymm\reg
.endm

.macro store_ymm reg, at
	vmovups	%ymm\reg, \at(%rax)
.endm

/* void call_probe(struct call_probe *probe) */
	.globl	call_probe
	.type	call_probe, @function
call_probe:
	pushq	%rbx
	pushq	%rbp
	pushq	%r12
	pushq	%r13
	pushq	%r14
	pushq	%r15
	pushfq
	pushq	%rdi
	movq	%rdi, %rax
	cmpq	$0, AVX(%rax)
	jne	1f
	each_vector load_xmm, VEC_IN
	jmp	2f
1:	each_vector load_ymm, VEC_IN
2:	pushq	FLAGS(%rax)
	popfq
	.set	at, 8
	.rept	RED_LEN / 8
	movq	$0x5a5a0000 + at, -at(%rsp)
	.set	at, at + 8
	.endr
	each_register load
	movq	IN(%rax), %rax
	syscall
	.globl	call_probe_after
call_probe_after:
	xchgq	%rax, (%rsp)
	each_register store
	.set	at, 8
	.rept	RED_LEN / 8
	movq	-at(%rsp), %rcx
	movq	%rcx, RED + at - 8(%rax)
	.set	at, at + 8
	.endr
	popq	%rcx
	movq	%rcx, OUT(%rax)
	pushfq
	popq	FLAGS + 8(%rax)
	cmpq	$0, AVX(%rax)
	jne	1f
	each_vector store_xmm, VEC_OUT
	jmp	2f
1:	each_vector store_ymm, VEC_OUT
	vzeroupper
2:	popfq
	popq	%r15
	popq	%r14
	popq	%r13
	popq	%r12
	popq	%rbp
	popq	%rbx
	ret
	.size	call_probe, . - call_probe

#include "../arch/x86_64/thunk.inc"
UK_SYSCALL_THUNK(probe_env)

/*
 * void call_env(struct call_probe *probe): the same of a function call, of
 * which only rbx, rbp, r12 to r15 and the result are worth a look.
 */
	.text
	.globl	call_env
	.type	call_env, @function
call_env:
	pushq	%rbx
	pushq	%rbp
	pushq	%r12
	pushq	%r13
	pushq	%r14
	pushq	%r15
	pushq	%rdi
	movq	%rdi, %rax
	each_register load
	call	uk_syscall_r_probe_env
	.globl	call_env_after
call_env_after:
	xchgq	%rax, (%rsp)
	each_register store
	popq	%rcx
	movq	%rcx, OUT(%rax)
	popq	%r15
	popq	%r14
	popq	%r13
	popq	%r12
	popq	%rbp
	popq	%rbx
	ret
	.size	call_env, . - call_env

	.section .note.GNU-stack, "", @progbits
