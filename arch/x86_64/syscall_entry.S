/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Where the instruction syscall arrives: at its caller's privilege, on its
 * caller's stack, of which nothing may be used, with the caller's rip in rcx
 * and rflags in r11. The flags of X86_SYSCALL_MASK are clear, so interrupts
 * are off, and what may come (NMI, machine check) has a stack of its own. No
 * register is free: rsp goes to memory of this CPU and serves.
 *
 * The way back is iretq, not sysret, which would go to privilege level 3; and
 * a handler may have changed rcx and r11 in the frame. While the handler does
 * not count the call interrupts are off, at the beginning as at the end: the
 * frame is not on a stack that an interrupt may take for the program's.
 */
#include <uk/arch/ctx.h>
#include <uk/bits/arch/regs.h>

#include "x86_priv.h"

#include "trap_frame.inc"

	.text
	.globl	x86_syscall_entry
	.type	x86_syscall_entry, @function
x86_syscall_entry:
	movq	%rsp, %gs:x86_syscall_sp(%rip)
	movq	%gs:ukarch_x86_current(%rip), %rsp
	movq	X86_CURRENT_CALL_STACK(%rsp), %rsp
	testq	%rsp, %rsp
	jz	2f
1:	pushq	$SEL_DATA
	pushq	%gs:x86_syscall_sp(%rip)
	pushq	%r11
	pushq	$SEL_CODE
	pushq	%rcx
	pushq	$0
	pushq	$0
	pushq	%rax
	pushq	%rcx
	save_rest
	movq	%rsp, %rdi
	call	*x86_syscall_fn(%rip)
	restore_regs
	iretq

	/* Nobody's, and told so by who takes it. */
2:	movq	%gs:ukarch_x86_current(%rip), %rsp
	movq	X86_CURRENT_TRAP_STACK(%rsp), %rsp
	jmp	1b
	.size	x86_syscall_entry, . - x86_syscall_entry

	.section .note.GNU-stack, "", @progbits
