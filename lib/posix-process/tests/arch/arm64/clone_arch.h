/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdint.h>

/* FPCR, and in it rounding towards 0 (Arm ARM, FPCR.RMode). */
#define ROUNDING	0xc00000u

static inline uint32_t fp_control(void)
{
	uint64_t val;

	__asm__ volatile("mrs %0, fpcr" : "=r"(val));
	return (uint32_t)val;
}

static inline void set_fp_control(uint32_t val)
{
	__asm__ volatile("msr fpcr, %0" : : "r"((uint64_t)val));
}
