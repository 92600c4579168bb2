/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What a signal meets, see ../../async.h: something known in each register,
 * and in the 128 bytes below the stack pointer (System V ABI, 3.2.2).
 */
	.text

.macro each op
	\op	%rax, 0x11
	\op	%rbx, 0x12
	\op	%rcx, 0x13
	\op	%rdx, 0x14
	\op	%rsi, 0x15
	\op	%rdi, 0x16
	\op	%rbp, 0x17
	\op	%r8, 0x18
	\op	%r9, 0x19
	\op	%r10, 0x1a
	\op	%r11, 0x1b
	\op	%r12, 0x1c
	\op	%r13, 0x1d
	\op	%r14, 0x1e
	\op	%r15, 0x1f
.endm

.macro load reg, n
	movq	$0x5a5a0000 + \n, \reg
.endm

.macro check reg, n
	cmpq	$0x5a5a0000 + \n, \reg
	jne	1f
.endm

.macro each_vector op
	.irp	i, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
	\op	\i
	.endr
.endm

.macro load_vector i
	movq	$0x7b7b0000 + \i, %rax
	movq	%rax, %xmm\i
.endm

.macro check_vector i
	movq	%xmm\i, %rax
	cmpq	$0x7b7b0000 + \i, %rax
	jne	1f
.endm

	.globl	spin_probe
	.type	spin_probe, @function
spin_probe:
	pushq	%rbx
	pushq	%rbp
	pushq	%r12
	pushq	%r13
	pushq	%r14
	pushq	%r15
	each_vector load_vector
	.set	at, 8
	.rept	16
	movq	$0x6c6c0000 + at, -at(%rsp)
	.set	at, at + 8
	.endr
	each	load
	stc
2:	jnc	1f
	movl	spin_flag(%rip), %eax
	incl	%eax
	decl	%eax
	movl	$0x5a5a0011, %eax
	jz	2b
	each	check
	each_vector check_vector
	.set	at, 8
	.rept	16
	cmpq	$0x6c6c0000 + at, -at(%rsp)
	jne	1f
	.set	at, at + 8
	.endr
	xorl	%eax, %eax
	jmp	3f
1:	movl	$1, %eax
3:	popq	%r15
	popq	%r14
	popq	%r13
	popq	%r12
	popq	%rbp
	popq	%rbx
	ret
	.size	spin_probe, . - spin_probe

	.globl	fault_read, fault_read_insn, fault_read_after
	.type	fault_read, @function
fault_read:
	xorl	%eax, %eax
fault_read_insn:
	movb	(%rdi), %al
fault_read_after:
	ret
	.size	fault_read, . - fault_read

	.globl	fault_write, fault_write_insn, fault_write_after
	.type	fault_write, @function
fault_write:
fault_write_insn:
	movb	$0, (%rdi)
fault_write_after:
	ret
	.size	fault_write, . - fault_write

	.globl	fault_invalid, fault_invalid_insn, fault_invalid_after
	.type	fault_invalid, @function
fault_invalid:
fault_invalid_insn:
	ud2
fault_invalid_after:
	ret
	.size	fault_invalid, . - fault_invalid

	/* It is reported behind the instruction. */
	.globl	fault_break, fault_break_insn, fault_break_after
	.type	fault_break, @function
fault_break:
	int3
fault_break_insn:
fault_break_after:
	ret
	.size	fault_break, . - fault_break

	.globl	fault_divide, fault_divide_insn, fault_divide_after
	.type	fault_divide, @function
fault_divide:
	movl	$1, %eax
	xorl	%edx, %edx
	xorl	%ecx, %ecx
fault_divide_insn:
	divl	%ecx
fault_divide_after:
	ret
	.size	fault_divide, . - fault_divide

	.section .note.GNU-stack, "", @progbits
