/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Accesses that may fault. The flags are in w3 all the time, for trap.c.
 */
	.text

/*
 * size_t nofault_copy(void *dst, const void *src, size_t len, unsigned flags)
 *
 * x0, x1 and x2 move on only when all bytes of a round are copied; so from a
 * fault in the long round it goes on byte by byte, to the next fault or, by
 * then all is well, the end.
 */
	.globl	nofault_copy
	.type	nofault_copy, @function
nofault_copy:
	cmp	x2, #32
	b.lo	copy_rest
copy_words:
	ldp	x4, x5, [x1]
	ldp	x6, x7, [x1, #16]
	stp	x4, x5, [x0]
	stp	x6, x7, [x0, #16]
copy_words_end:
	add	x1, x1, #32
	add	x0, x0, #32
	sub	x2, x2, #32
	cmp	x2, #32
	b.hs	copy_words
copy_rest:
	cbz	x2, copy_bytes_end
copy_bytes:
	ldrb	w4, [x1]
	strb	w4, [x0]
	add	x1, x1, #1
	add	x0, x0, #1
	subs	x2, x2, #1
	b.ne	copy_bytes
copy_bytes_end:
	mov	x0, x2
	ret
	.size	nofault_copy, . - nofault_copy

/* size_t nofault_poke(uintptr_t vaddr, unsigned flags) */
	.globl	nofault_poke
	.type	nofault_poke, @function
nofault_poke:
	mov	w3, w1
poke:
	ldxrb	w4, [x0]
	stxrb	w5, w4, [x0]
	cbnz	w5, poke
poke_end:
	mov	x0, #0
	ret

poke_fault:
	mov	x0, #1
	ret
	.size	nofault_poke, . - nofault_poke

	.section .rodata
	.balign	8
	.globl	nofault_ranges
	.type	nofault_ranges, @object
nofault_ranges:
	.quad	copy_words, copy_words_end, copy_rest
	.quad	copy_bytes, copy_bytes_end, copy_bytes_end
	.quad	poke, poke_end, poke_fault
	.quad	0
	.size	nofault_ranges, . - nofault_ranges

	.section .note.GNU-stack, "", @progbits
