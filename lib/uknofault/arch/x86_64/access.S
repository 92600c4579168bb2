/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Accesses that may fault, between labels that nofault.c knows. The flags are
 * in r8 all the time, for trap.c.
 */
	.text

	.globl	nofault_words, nofault_words_end, nofault_words_fault
	.globl	nofault_bytes, nofault_bytes_end
	.globl	nofault_poke_insn, nofault_poke_end, nofault_poke_fault
	.globl	nofault_load32_insn, nofault_load32_end
	.globl	nofault_cas32_insn, nofault_cas32_end, nofault_word_fault
	.globl	nofault_load64_insn, nofault_load64_end, nofault_load64_fault
	.globl	nofault_store64_insn, nofault_store64_end
	.globl	nofault_store64_fault

/*
 * size_t uk_nofault_copy_(void *dst, const void *src, size_t len,
 *			   unsigned flags)
 *
 * A string instruction that faults leaves what remains in its registers. Eight
 * bytes at a time are copied all or not at all, so from a fault there it goes
 * on byte by byte, to the next fault or, by then all is well, the end.
 */
	.globl	uk_nofault_copy_
	.type	uk_nofault_copy_, @function
uk_nofault_copy_:
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
	.size	uk_nofault_copy_, . - uk_nofault_copy_

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

/* uint64_t uk_nofault_load32_(const uint32_t *ptr, unsigned flags) */
	.globl	uk_nofault_load32_
	.type	uk_nofault_load32_, @function
uk_nofault_load32_:
	movl	%esi, %r8d
nofault_load32_insn:
	movl	(%rdi), %eax
nofault_load32_end:
	ret
	.size	uk_nofault_load32_, . - uk_nofault_load32_

/*
 * uint64_t nofault_cas32(uint32_t *ptr, uint32_t was, uint32_t val,
 *			  unsigned flags)
 */
	.globl	nofault_cas32
	.type	nofault_cas32, @function
nofault_cas32:
	movl	%ecx, %r8d
	movl	%esi, %eax
nofault_cas32_insn:
	lock cmpxchgl %edx, (%rdi)
nofault_cas32_end:
	ret

nofault_word_fault:
	movq	$-1, %rax
	ret
	.size	nofault_cas32, . - nofault_cas32

/* struct uk_nofault_word uk_nofault_load64_(const void *ptr) */
	.globl	uk_nofault_load64_
	.type	uk_nofault_load64_, @function
uk_nofault_load64_:
	xorl	%r8d, %r8d
	xorl	%edx, %edx
nofault_load64_insn:
	movq	(%rdi), %rax
nofault_load64_end:
	ret

nofault_load64_fault:
	movl	$1, %edx
	ret
	.size	uk_nofault_load64_, . - uk_nofault_load64_

/* uint64_t uk_nofault_store64_(void *ptr, uint64_t val) */
	.globl	uk_nofault_store64_
	.type	uk_nofault_store64_, @function
uk_nofault_store64_:
	xorl	%r8d, %r8d
	movl	$1, %eax
nofault_store64_insn:
	movq	%rsi, (%rdi)
nofault_store64_end:
	ret

nofault_store64_fault:
	xorl	%eax, %eax
	ret
	.size	uk_nofault_store64_, . - uk_nofault_store64_

	.section .note.GNU-stack, "", @progbits
