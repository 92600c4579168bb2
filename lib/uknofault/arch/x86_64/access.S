/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Accesses that may fault. The flags are in r8 all the time, for trap.c.
 */
	.text

/*
 * size_t nofault_copy(void *dst, const void *src, size_t len, unsigned flags)
 *
 * A string instruction that faults leaves what remains in its registers. Eight
 * bytes at a time are copied all or not at all, so from a fault there it goes
 * on byte by byte, to the next fault or, by then all is well, the end.
 */
	.globl	nofault_copy
	.type	nofault_copy, @function
nofault_copy:
	movl	%ecx, %r8d
	movq	%rdx, %rcx
	shrq	$3, %rcx
	andl	$7, %edx
copy_words:
	rep movsq
copy_words_end:
	movl	%edx, %ecx
copy_bytes:
	rep movsb
copy_bytes_end:
	movq	%rcx, %rax
	ret

copy_words_fault:
	leaq	(%rdx, %rcx, 8), %rcx
	jmp	copy_bytes
	.size	nofault_copy, . - nofault_copy

/* size_t nofault_poke(uintptr_t vaddr, unsigned flags) */
	.globl	nofault_poke
	.type	nofault_poke, @function
nofault_poke:
	movl	%esi, %r8d
	xorl	%eax, %eax
poke:
	lock orb $0, (%rdi)
poke_end:
	ret

poke_fault:
	movl	$1, %eax
	ret
	.size	nofault_poke, . - nofault_poke

	.section .rodata
	.balign	8
	.globl	nofault_ranges
	.type	nofault_ranges, @object
nofault_ranges:
	.quad	copy_words, copy_words_end, copy_words_fault
	.quad	copy_bytes, copy_bytes_end, copy_bytes_end
	.quad	poke, poke_end, poke_fault
	.quad	0
	.size	nofault_ranges, . - nofault_ranges

	.section .note.GNU-stack, "", @progbits
