/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Large blocks with rep movsq and rep stosq: microcode moves whole cache
 * lines on every CPU with 64-bit mode, with and without the ERMS feature, so
 * there is nothing to ask CPUID. The bytes before an aligned destination and
 * the last ones are done with one word each.
 */
#include "string_priv.h"

void ukstring_copy_bulk(unsigned char *dst, const unsigned char *src,
			size_t len)
{
	const uint64_t first = load8(src), last = load8(src + len - 8);
	unsigned char *const head = dst, *const tail = dst + len - 8;
	const size_t skip = -(uintptr_t)dst & 7;
	size_t nwords = (len - skip) / 8;

	dst += skip;
	src += skip;
	__asm__ volatile("rep movsq"
			 : "+D"(dst), "+S"(src), "+c"(nwords) : : "memory");
	store8(tail, last);
	/*
	 * The first word after the copy: before it, it could change a source
	 * that begins just above.
	 */
	store8(head, first);
}

void ukstring_fill_bulk(unsigned char *dst, uint64_t val, size_t len)
{
	unsigned char *const tail = dst + len - 8;
	const size_t skip = -(uintptr_t)dst & 7;
	size_t nwords = (len - skip) / 8;

	store8(dst, val);
	dst += skip;
	__asm__ volatile("rep stosq"
			 : "+D"(dst), "+c"(nwords) : "a"(val) : "memory");
	store8(tail, val);
}
