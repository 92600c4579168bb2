/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdint.h>

/*
 * What the CPU tells of itself (Intel SDM volume 2A, CPUID). Each call is an
 * exit to the hypervisor, so callers keep the result. Context: any.
 */
struct ukarch_cpuid {
	uint32_t eax, ebx, ecx, edx;
};

static inline struct ukarch_cpuid ukarch_cpuid(uint32_t leaf, uint32_t subleaf)
{
	struct ukarch_cpuid r;

	__asm__ volatile("cpuid"
			 : "=a"(r.eax), "=b"(r.ebx), "=c"(r.ecx), "=d"(r.edx)
			 : "a"(leaf), "c"(subleaf));
	return r;
}
