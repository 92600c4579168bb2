/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdint.h>

/* The compiler may not use these registers, and clang tells assembler so. */
#define FP_ON	".arch_extension fp\n\t"
#define FP_OFF	"\n\t.arch_extension nofp"

/* A call by the instruction, with *@vec in a vector register; then back. */
static inline long trapped(long nr, long a, long b, uint64_t *vec)
{
	register long x8 __asm__("x8") = nr;
	register long x0 __asm__("x0") = a;
	register long x1 __asm__("x1") = b;

	__asm__ volatile(FP_ON "fmov d20, %[vec]\n\t"
			 "svc #0\n\t"
			 "fmov %[vec], d20" FP_OFF
			 : "+r"(x0), [vec] "+r"(*vec)
			 : "r"(x8), "r"(x1)
			 : "memory");
	return x0;
}

static inline void spoil_vector(void)
{
	__asm__ volatile(FP_ON "fmov d20, xzr" FP_OFF);
}
