/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Accesses that may fault, between labels that nofault.c knows. The flags are
 * in w3 all the time, for trap.c.
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
 * x0, x1 and x2 move on only when all bytes of a round are copied; so from a
 * fault in a long round it goes on byte by byte, to the next fault or, by then
 * all is well, the end. Of a byte that cannot be copied x2 alone tells.
 */
	.globl	uk_nofault_copy_
	.type	uk_nofault_copy_, @function
uk_nofault_copy_:
	cmp	x2, #32
	b.lo	2f
nofault_words:
	ldp	x4, x5, [x1]
	ldp	x6, x7, [x1, #16]
	stp	x4, x5, [x0]
	stp	x6, x7, [x0, #16]
	add	x1, x1, #32
	add	x0, x0, #32
	sub	x2, x2, #32
	cmp	x2, #32
	b.hs	nofault_words
2:	tbz	x2, #4, 3f
	ldp	x4, x5, [x1]
	stp	x4, x5, [x0]
	add	x1, x1, #16
	add	x0, x0, #16
	sub	x2, x2, #16
3:	tbz	x2, #3, 4f
	ldr	x4, [x1]
	str	x4, [x0]
	add	x1, x1, #8
	add	x0, x0, #8
	sub	x2, x2, #8
nofault_words_end:
nofault_words_fault:
4:	cbz	x2, nofault_bytes_end
nofault_bytes:
	ldrb	w4, [x1], #1
	strb	w4, [x0], #1
	subs	x2, x2, #1
	b.ne	nofault_bytes
nofault_bytes_end:
	mov	x0, x2
	ret
	.size	uk_nofault_copy_, . - uk_nofault_copy_

/* size_t nofault_poke(uintptr_t vaddr, unsigned flags) */
	.globl	nofault_poke
	.type	nofault_poke, @function
nofault_poke:
	mov	w3, w1
nofault_poke_insn:
	ldxrb	w4, [x0]
	stxrb	w5, w4, [x0]
	cbnz	w5, nofault_poke_insn
nofault_poke_end:
	mov	x0, #0
	ret

nofault_poke_fault:
	mov	x0, #1
	ret
	.size	nofault_poke, . - nofault_poke

/* uint64_t uk_nofault_load32_(const uint32_t *ptr, unsigned flags) */
	.globl	uk_nofault_load32_
	.type	uk_nofault_load32_, @function
uk_nofault_load32_:
	mov	w3, w1
nofault_load32_insn:
	ldar	w0, [x0]
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
nofault_cas32_insn:
	ldaxr	w4, [x0]
	cmp	w4, w1
	b.ne	nofault_cas32_end
	stlxr	w5, w2, [x0]
	cbnz	w5, nofault_cas32_insn
nofault_cas32_end:
	dmb	ish
	mov	w0, w4
	ret

nofault_word_fault:
	mov	x0, #-1
	ret
	.size	nofault_cas32, . - nofault_cas32

/* struct uk_nofault_word uk_nofault_load64_(const void *ptr) */
	.globl	uk_nofault_load64_
	.type	uk_nofault_load64_, @function
uk_nofault_load64_:
	mov	w3, #0
	mov	x1, #0
nofault_load64_insn:
	ldr	x0, [x0]
nofault_load64_end:
	ret

nofault_load64_fault:
	mov	x1, #1
	ret
	.size	uk_nofault_load64_, . - uk_nofault_load64_

/* uint64_t uk_nofault_store64_(void *ptr, uint64_t val) */
	.globl	uk_nofault_store64_
	.type	uk_nofault_store64_, @function
uk_nofault_store64_:
	mov	w3, #0
nofault_store64_insn:
	str	x1, [x0]
nofault_store64_end:
	mov	x0, #1
	ret

nofault_store64_fault:
	mov	x0, #0
	ret
	.size	uk_nofault_store64_, . - uk_nofault_store64_

	.section .note.GNU-stack, "", @progbits
