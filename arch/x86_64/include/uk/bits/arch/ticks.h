/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdint.h>

#include <uk/arch/cpu.h>

/*
 * The TSC, not before loads that come earlier: RDTSC alone may be executed
 * ahead of them (Intel SDM volume 3B, 18.17). For drivers of clocks.
 * Context: any.
 */
static inline uint64_t ukarch_ticks_in_order(void)
{
	__asm__ volatile("lfence" : : : "memory");
	return ukarch_ticks();
}

/*
 * Have ukarch_ticks_hz() be @hz, whatever CPUID says: what a hypervisor has
 * told its driver. Context: boot, stage EARLY.
 */
void ukarch_x86_ticks_tell_hz(uint64_t hz);
