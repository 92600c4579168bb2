/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdint.h>

#include <uk/compiler.h>

/* As arch/x86_64 has it, of a CPU that has nothing to tell. */
struct ukarch_cpuid {
	uint32_t eax, ebx, ecx, edx;
};

static inline struct ukarch_cpuid ukarch_cpuid(uint32_t leaf UK_UNUSED,
					       uint32_t subleaf UK_UNUSED)
{
	return (struct ukarch_cpuid){ 0 };
}
