/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdint.h>

/* The compiler may not use these registers, and clang tells assembler so. */
#define FP_ON	".arch_extension fp\n\t"
#define FP_OFF	"\n\t.arch_extension nofp"

/* A call by the instruction, with *@vec in a vector register; then back. */
static inline long trapped3(long nr, long a, long b, long c, uint64_t *vec)
{
	register long x8 __asm__("x8") = nr;
	register long x0 __asm__("x0") = a;
	register long x1 __asm__("x1") = b;
	register long x2 __asm__("x2") = c;

	__asm__ volatile(FP_ON "fmov d20, %[vec]\n\t"
			 "svc #0\n\t"
			 "fmov %[vec], d20" FP_OFF
			 : "+r"(x0), [vec] "+r"(*vec)
			 : "r"(x8), "r"(x1), "r"(x2)
			 : "memory");
	return x0;
}

static inline long trapped(long nr, long a, long b, uint64_t *vec)
{
	return trapped3(nr, a, b, 0, vec);
}

static inline void spoil_vector(void)
{
	__asm__ volatile(FP_ON "fmov d20, xzr" FP_OFF);
}
