/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Accesses that may fault, between labels that nofault.c knows. The flags are
 * in r8 all the time, for trap.c.
 */
	.text

	.globl	nofault_words, nofault_words_end, nofault_words_fault
	.globl	nofault_bytes, nofault_bytes_end
	.globl	nofault_poke_insn, nofault_poke_end, nofault_poke_fault

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
nofault_words:
	rep movsq
nofault_words_end:
	movl	%edx, %ecx
nofault_bytes:
	rep movsb
nofault_bytes_end:
	movq	%rcx, %rax
	ret

nofault_words_fault:
	leaq	(%rdx, %rcx, 8), %rcx
	jmp	nofault_bytes
	.size	nofault_copy, . - nofault_copy

/* size_t nofault_poke(uintptr_t vaddr, unsigned flags) */
	.globl	nofault_poke
	.type	nofault_poke, @function
nofault_poke:
	movl	%esi, %r8d
	xorl	%eax, %eax
nofault_poke_insn:
	lock orb $0, (%rdi)
nofault_poke_end:
	ret

nofault_poke_fault:
	movl	$1, %eax
	ret
	.size	nofault_poke, . - nofault_poke

	.section .note.GNU-stack, "", @progbits
