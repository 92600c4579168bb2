/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Large blocks in pairs of registers, 64 bytes a round; large runs of zeros
 * with DC ZVA where the CPU allows it (Arm ARM, DCZID_EL0): it writes a block
 * without reading it first.
 */
#include "string_priv.h"

static inline void load16(const unsigned char *src, uint64_t *a, uint64_t *b)
{
	__asm__ volatile("ldp %0, %1, [%2]"
			 : "=r"(*a), "=r"(*b) : "r"(src) : "memory");
}

static inline void store16(unsigned char *dst, uint64_t a, uint64_t b)
{
	__asm__ volatile("stp %0, %1, [%2]"
			 : : "r"(a), "r"(b), "r"(dst) : "memory");
}

/* All loads before all stores. */
static inline void copy64(unsigned char *dst, const unsigned char *src)
{
	uint64_t a, b, c, d, e, f, g, h;

	__asm__ volatile("ldp %0, %1, [%8]\n\t"
			 "ldp %2, %3, [%8, #16]\n\t"
			 "ldp %4, %5, [%8, #32]\n\t"
			 "ldp %6, %7, [%8, #48]\n\t"
			 "stp %0, %1, [%9]\n\t"
			 "stp %2, %3, [%9, #16]\n\t"
			 "stp %4, %5, [%9, #32]\n\t"
			 "stp %6, %7, [%9, #48]"
			 : "=&r"(a), "=&r"(b), "=&r"(c), "=&r"(d),
			   "=&r"(e), "=&r"(f), "=&r"(g), "=&r"(h)
			 : "r"(src), "r"(dst) : "memory");
}

void ukstring_copy_bulk(unsigned char *dst, const unsigned char *src,
			size_t len)
{
	unsigned char *const last = dst + len - 64;
	const unsigned char *const tail = src + len - 64;
	uint64_t a, b, c, d, e, f, g, h;

	/* The end first: an overlapping destination may reach it. */
	load16(tail, &a, &b);
	load16(tail + 16, &c, &d);
	load16(tail + 32, &e, &f);
	load16(tail + 48, &g, &h);
	do {
		copy64(dst, src);
		src += 64;
		dst += 64;
	} while (dst < last);
	store16(last, a, b);
	store16(last + 16, c, d);
	store16(last + 32, e, f);
	store16(last + 48, g, h);
}

static inline void fill64(unsigned char *dst, uint64_t val)
{
	__asm__ volatile("stp %1, %1, [%0]\n\t"
			 "stp %1, %1, [%0, #16]\n\t"
			 "stp %1, %1, [%0, #32]\n\t"
			 "stp %1, %1, [%0, #48]"
			 : : "r"(dst), "r"(val) : "memory");
}

/* Does DC ZVA exist, with blocks of 64 bytes, as all CPUs so far have it? */
static inline int has_zva64(void)
{
	uint64_t id;

	/* DZP, bit 4, prohibits it; BS is log2 of the words in a block. */
	__asm__("mrs %0, dczid_el0" : "=r"(id));
	return (id & 0x1f) == 4;
}

void ukstring_fill_bulk(unsigned char *dst, uint64_t val, size_t len)
{
	unsigned char *const last = dst + len - 64;

	fill64(dst, val);
	dst += 64 - ((uintptr_t)dst & 63);
	if (val == 0 && has_zva64()) {
		for (; last - dst >= 192; dst += 64)
			__asm__ volatile("dc zva, %0\n\t"
					 "add %0, %0, #64\n\t"
					 "dc zva, %0\n\t"
					 "add %0, %0, #64\n\t"
					 "dc zva, %0\n\t"
					 "add %0, %0, #64\n\t"
					 "dc zva, %0"
					 : "+r"(dst) : : "memory");
		for (; dst <= last; dst += 64)
			__asm__ volatile("dc zva, %0"
					 : : "r"(dst) : "memory");
	} else {
		for (; dst < last; dst += 64)
			fill64(dst, val);
	}
	fill64(last, val);
}
