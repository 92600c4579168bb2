/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The end of a boot that cannot even have page tables: the text at the
 * physical address %esi on COM1, exit status UK_STATUS_BOOT, power off.
 *
 * 32-bit code without a stack. An absent UART reads as all ones, "ready", and
 * one that never gets ready is given up after some time.
 */
#include <uk/arch/paging.h>
#include <uk/bits/arch/start.h>

#include "kvm_x86.h"

#define STATUS		120	/* UK_STATUS_BOOT */

#define UART		KVM_COM1
#define UART_LINE	(KVM_COM1 + 5)
#define UART_READY	0x20

/* Characters up to a NUL from %esi; then to the address in %ebx. */
.macro putchar
	movl	$0x100000, %ecx
	movl	$UART_LINE, %edx
1:	inb	%dx, %al
	testb	$UART_READY, %al
	loopz	1b
	movb	%ah, %al
	movl	$UART, %edx
	outb	%al, %dx
	outb	%al, $KVM_DEBUG_PORT
.endm

	.section .uk_boot.text, "ax", @progbits
	.code32
	.globl	kvm_refuse
	.type	kvm_refuse, @function
kvm_refuse:
	cld
	movl	$UKARCH_PHYS(last_line), %ebx
next_char:
	lodsb
	movb	%al, %ah
	testb	%al, %al
	jz	end_of_text
	cmpb	$'\n', %al
	jne	plain
	movb	$'\r', %ah
	putchar
	movb	$'\n', %ah
plain:
	putchar
	jmp	next_char
end_of_text:
	movl	%ebx, %esi
	xorl	%ebx, %ebx
	testl	%esi, %esi
	jnz	next_char

	movb	$STATUS, %al
	outb	%al, $KVM_DEBUG_EXIT
	/* No such device: power off as a PC does. */
	movl	$KVM_PM1_CONTROL, %edx
	movl	$KVM_PM1_POWEROFF, %eax
	outw	%ax, %dx
	/* No such register: reset, which micro-VMMs take as the end. */
	movb	$KVM_I8042_RESET, %al
	outb	%al, $KVM_I8042_COMMAND
	lidt	no_idt - UKARCH_IMAGE_BASE
	ud2
	.size	kvm_refuse, . - kvm_refuse

	.balign	4
no_idt:
	.word	0
	.long	0
last_line:
	.asciz	"kiln: exit 120\n"

	.section .note.GNU-stack, "", @progbits
