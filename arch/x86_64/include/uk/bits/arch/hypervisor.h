/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdint.h>

#include <uk/bits/arch/cpuid.h>

/*
 * The first of the leaves of the hypervisor whose signature is @sign (EBX, ECX,
 * EDX of that leaf), or 0. It need not be the only one: those that answer to
 * several names have each at a multiple of 0x100. @cpuid is ukarch_cpuid(), or
 * tells of another CPU.
 */
static inline uint32_t
ukarch_cpuid_hypervisor(struct ukarch_cpuid (*cpuid)(uint32_t, uint32_t),
			const uint32_t sign[3])
{
	/* CPUID.1:ECX[31]: there is one. */
	if (!(cpuid(1, 0).ecx & 1u << 31))
		return 0;
	for (uint32_t leaf = 0x40000000; leaf <= 0x4000ff00; leaf += 0x100) {
		const struct ukarch_cpuid id = cpuid(leaf, 0);

		if (id.ebx == sign[0] && id.ecx == sign[1] &&
		    id.edx == sign[2])
			return leaf;
		/* Who is there says which leaf is his last. */
		if (id.eax < leaf)
			break;
	}
	return 0;
}

/*
 * What KVM offers, EAX of its second leaf (Linux, Documentation/virt/kvm/x86/
 * cpuid.rst); 0: it is not KVM.
 */
static inline uint32_t
ukarch_cpuid_kvm(struct ukarch_cpuid (*cpuid)(uint32_t, uint32_t))
{
	/* "KVMKVMKVM" */
	static const uint32_t sign[] = { 0x4b4d564b, 0x564b4d56, 0x4d };
	const uint32_t leaf = ukarch_cpuid_hypervisor(cpuid, sign);

	return leaf ? cpuid(leaf + 1, 0).eax : 0;
}
