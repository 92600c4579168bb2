/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <uk/bits/arch/cpuid.h>

/* Bits of what ukarch_cpuid() returns: leaf, subleaf, register. */
#define CPUID_1_ECX_XSAVE	(1u << 26)
#define CPUID_1_ECX_OSXSAVE	(1u << 27)
#define CPUID_1_ECX_RDRAND	(1u << 30)
#define CPUID_1_ECX_HYPERVISOR	(1u << 31)
#define CPUID_1_EDX_MCE		(1u << 7)
#define CPUID_1_EDX_PGE		(1u << 13)
#define CPUID_1_EDX_MCA		(1u << 14)
#define CPUID_1_EDX_PAT		(1u << 16)
#define CPUID_7_EBX_FSGSBASE	(1u << 0)
#define CPUID_7_EBX_RDSEED	(1u << 18)
#define CPUID_7_ECX_LA57	(1u << 16)
#define CPUID_D1_EAX_XSAVEOPT	(1u << 0)
#define CPUID_EXT1_EDX_1GB	(1u << 26)

/* A hypervisor's first leaf, and EBX of the one that is QEMU's emulator. */
#define CPUID_HYPERVISOR	0x40000000u
#define CPUID_HYPERVISOR_TCG	0x54474354u	/* "TCGT", of its name */
