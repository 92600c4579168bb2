/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The 64-bit entry of the Linux x86 boot protocol, as micro-VMMs use it for
 * an ELF file: they jump to e_entry, taken as a physical address, in 64-bit
 * mode with memory mapped one to one, and %rsi points to struct boot_params.
 */
#include <uk/arch/paging.h>
#include <uk/bits/arch/start.h>

	.section .uk_boot.text, "ax", @progbits
	.code64
	.globl	kvm_linux64_start
	.type	kvm_linux64_start, @function
kvm_linux64_start:
	cli
	movl	$UKARCH_PHYS(kvm_refuse), %ebp
	movl	$UKARCH_PHYS(kvm_setup_linux64), %edi
	movl	%esi, %ebx
	shrq	$32, %rsi
	jz	1f
	/* Above 4 GiB: beyond what setup can read, and it will say so. */
	movl	$-1, %ebx
1:	jmp	ukarch_start64
	.size	kvm_linux64_start, . - kvm_linux64_start

	.section .note.GNU-stack, "", @progbits
