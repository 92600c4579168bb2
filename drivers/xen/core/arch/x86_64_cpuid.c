/* SPDX-License-Identifier: BSD-3-Clause */
/* What CPUID tells of Xen, as functions of it. */
#include "x86_64.h"

#include <uk/bits/arch/hypervisor.h>

/* "XenVMMXenVMM" in EBX, ECX, EDX (public/arch-x86/cpuid.h). */
static const uint32_t xen[] = { 0x566e6558, 0x65584d4d, 0x4d4d566e };

bool xen_x86_is_amd(struct ukarch_cpuid (*cpuid)(uint32_t, uint32_t))
{
	const uint32_t ebx = cpuid(0, 0).ebx;

	/* "AuthenticAMD" and "HygonGenuine". */
	return ebx == 0x68747541 || ebx == 0x6f677948;
}

uint32_t xen_x86_leaves(struct ukarch_cpuid (*cpuid)(uint32_t, uint32_t))
{
	return ukarch_cpuid_hypervisor(cpuid, xen);
}
