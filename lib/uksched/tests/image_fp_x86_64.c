/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * MXCSR and the x87 control word: rounding is bits 13 and 14 of the one, 10 and
 * 11 of the other (SDM volume 1, 10.2.3 and 8.1.5).
 */
#include "fp_probe.h"

#define MXCSR	0x1f80u
#define FCW	0x037fu

void fp_probe_set(uint64_t seed)
{
	const uint32_t mxcsr = MXCSR | (uint32_t)(seed << 13);
	const uint16_t fcw = (uint16_t)(FCW | seed << 10);

	__asm__ volatile("ldmxcsr %0\n\tfldcw %1" : : "m"(mxcsr), "m"(fcw));
}

bool fp_probe_is(uint64_t seed)
{
	uint32_t mxcsr;
	uint16_t fcw;

	__asm__ volatile("stmxcsr %0\n\tfnstcw %1" : "=m"(mxcsr), "=m"(fcw));
	return mxcsr == (MXCSR | (uint32_t)(seed << 13)) &&
	       fcw == (FCW | seed << 10);
}

bool fp_probe_is_fresh(void)
{
	return fp_probe_is(0);
}
