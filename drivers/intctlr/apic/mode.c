/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * x2APIC is taken wherever the CPU has it: an EOI or an IPI is one write to an
 * MSR, which hypervisors serve faster than one to memory, and no CPU is out of
 * reach. Where firmware switched it on it stays on, as CPUs with ids above 254
 * need it, and the way back leads through "off".
 */
#include "apic_priv.h"

/* CPUID 1. */
#define ECX_X2APIC	(1u << 21)
#define EDX_APIC	(1u << 9)

/* KVM_FEATURE_MSI_EXT_DEST_ID. */
#define KVM_LONG_IDS	(1u << 15)

enum apic_mode apic_mode_choose(uint32_t ecx, uint32_t edx, uint64_t base)
{
	if (!(edx & EDX_APIC))
		return APIC_NONE;
	if ((ecx & ECX_X2APIC) || (base & APIC_BASE_X2APIC))
		return APIC_X2APIC;
	return APIC_XAPIC;
}

bool apic_has_long_ids(const uint32_t signature[3], uint32_t features)
{
	/* "KVMKVMKVM", in ebx, ecx, edx. */
	return signature[0] == 0x4b4d564b && signature[1] == 0x564b4d56 &&
	       signature[2] == 0x4d && (features & KVM_LONG_IDS);
}
