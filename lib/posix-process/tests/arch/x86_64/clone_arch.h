/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdint.h>

/* MXCSR, and in it rounding towards 0 (SDM volume 1, 10.2.3). */
#define ROUNDING	0x6000u

static inline uint32_t fp_control(void)
{
	uint32_t val;

	__asm__ volatile("stmxcsr %0" : "=m"(val));
	return val;
}

static inline void set_fp_control(uint32_t val)
{
	__asm__ volatile("ldmxcsr %0" : : "m"(val));
}
