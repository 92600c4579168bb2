/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * d8 to d15, and FPCR, of which bits 22 and 23 are the rounding (Arm ARM
 * C5.2.7). Code of the core holds nothing in these registers.
 */
#include "fp_probe.h"

#define FPCR_SHIFT	22
#define NREGS		8u

static uint64_t value(uint64_t seed, unsigned int i)
{
	return seed * UINT64_C(0x0101010101010101) * (i + 1);
}

void fp_probe_set(uint64_t seed)
{
	uint64_t d[NREGS];

	for (unsigned int i = 0; i < NREGS; i++)
		d[i] = value(seed, i);
	__asm__ volatile(".arch_extension fp\n\t"
			 "ldp d8, d9, [%0]\n\t"
			 "ldp d10, d11, [%0, #16]\n\t"
			 "ldp d12, d13, [%0, #32]\n\t"
			 "ldp d14, d15, [%0, #48]\n\t"
			 "msr fpcr, %1\n\t"
			 ".arch_extension nofp"
			 : : "r"(d), "r"(seed << FPCR_SHIFT) : "memory");
}

static uint64_t fpcr(void)
{
	uint64_t val;

	__asm__ volatile("mrs %0, fpcr" : "=r"(val));
	return val;
}

bool fp_probe_is(uint64_t seed)
{
	uint64_t d[NREGS];

	__asm__ volatile(".arch_extension fp\n\t"
			 "stp d8, d9, [%0]\n\t"
			 "stp d10, d11, [%0, #16]\n\t"
			 "stp d12, d13, [%0, #32]\n\t"
			 "stp d14, d15, [%0, #48]\n\t"
			 ".arch_extension nofp"
			 : : "r"(d) : "memory");
	for (unsigned int i = 0; i < NREGS; i++)
		if (d[i] != value(seed, i))
			return false;
	return fpcr() == seed << FPCR_SHIFT;
}

bool fp_probe_is_fresh(void)
{
	return fpcr() == 0;
}
