/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdint.h>

#define CPUID_1_ECX_XSAVE	(1u << 26)
#define CPUID_1_ECX_RDRAND	(1u << 30)
#define CPUID_1_ECX_HYPERVISOR	(1u << 31)
#define CPUID_7_EBX_FSGSBASE	(1u << 0)
#define CPUID_D1_EAX_XSAVEOPT	(1u << 0)
#define CPUID_EXT1_EDX_1GB	(1u << 26)

struct cpuid {
	uint32_t eax, ebx, ecx, edx;
};

/* Each call is an exit to the hypervisor. */
static inline struct cpuid cpuid(uint32_t leaf, uint32_t subleaf)
{
	struct cpuid r;

	__asm__ volatile("cpuid"
			 : "=a"(r.eax), "=b"(r.ebx), "=c"(r.ecx), "=d"(r.edx)
			 : "a"(leaf), "c"(subleaf));
	return r;
}
