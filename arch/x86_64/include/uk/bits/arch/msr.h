/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdint.h>

/*
 * Model-specific registers (Intel SDM volume 4). One that the CPU does not
 * have is a general protection fault: ask CPUID first. Context: any.
 */

static inline uint64_t ukarch_msr_read(uint32_t msr)
{
	uint32_t low, high;

	__asm__ volatile("rdmsr"
			 : "=a"(low), "=d"(high) : "c"(msr) : "memory");
	return (uint64_t)high << 32 | low;
}

static inline void ukarch_msr_write(uint32_t msr, uint64_t val)
{
	__asm__ volatile("wrmsr"
			 : : "c"(msr), "a"((uint32_t)val),
			     "d"((uint32_t)(val >> 32)) : "memory");
}

/*
 * What was stored before is seen by all before the next write to a register of
 * those that are not ordered by themselves: of the x2APIC, and the TSC deadline
 * (SDM volume 3A, 11.12.3).
 */
static inline void ukarch_msr_fence(void)
{
	__asm__ volatile("mfence\n\tlfence" : : : "memory");
}
