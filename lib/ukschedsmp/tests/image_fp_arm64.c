/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * v0 to v31, FPCR with its rounding (bits 22 and 23) and FPSR with its
 * cumulative exceptions (bits 0 to 4; Arm ARM C5.2.7 and C5.2.8). The core
 * does not enable SVE.
 */
#include "fp_all.h"

#include <stddef.h>

#define NWORDS		64u
#define FPCR_SHIFT	22

static uint64_t value(uint64_t seed, size_t i)
{
	return seed * UINT64_C(0x0101010101010101) * (i + 1);
}

/* @op is ldp or stp, of all registers and the words at x register %0. */
#define ALL(op)								\
	".arch_extension fp\n\t"					\
	".arch_extension simd\n\t"					\
	#op " q0, q1, [%0]\n\t" #op " q2, q3, [%0, #32]\n\t"		\
	#op " q4, q5, [%0, #64]\n\t" #op " q6, q7, [%0, #96]\n\t"	\
	#op " q8, q9, [%0, #128]\n\t" #op " q10, q11, [%0, #160]\n\t"	\
	#op " q12, q13, [%0, #192]\n\t" #op " q14, q15, [%0, #224]\n\t"	\
	#op " q16, q17, [%0, #256]\n\t" #op " q18, q19, [%0, #288]\n\t"	\
	#op " q20, q21, [%0, #320]\n\t" #op " q22, q23, [%0, #352]\n\t"	\
	#op " q24, q25, [%0, #384]\n\t" #op " q26, q27, [%0, #416]\n\t"	\
	#op " q28, q29, [%0, #448]\n\t" #op " q30, q31, [%0, #480]\n\t"

void fp_all_set(uint64_t seed)
{
	uint64_t v[NWORDS];

	for (size_t i = 0; i < NWORDS; i++)
		v[i] = value(seed, i);
	__asm__ volatile(ALL(ldp)
			 "msr fpcr, %1\n\t"
			 "msr fpsr, %2\n\t"
			 ".arch_extension nosimd\n\t"
			 ".arch_extension nofp"
			 : : "r"(v), "r"(seed << FPCR_SHIFT), "r"(seed)
			 : "memory");
}

bool fp_all_are(uint64_t seed)
{
	uint64_t v[NWORDS], fpcr, fpsr;

	__asm__ volatile(ALL(stp)
			 ".arch_extension nosimd\n\t"
			 ".arch_extension nofp"
			 : : "r"(v) : "memory");
	__asm__ volatile("mrs %0, fpcr\n\tmrs %1, fpsr"
			 : "=r"(fpcr), "=r"(fpsr));
	for (size_t i = 0; i < NWORDS; i++)
		if (v[i] != value(seed, i))
			return false;
	return fpcr == seed << FPCR_SHIFT && fpsr == seed;
}
