/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What the hypervisor says, as functions of it (Linux, Documentation/virt/kvm/
 * x86/cpuid.rst).
 */
#include "pvclock_priv.h"

#include <uk/bits/arch/hypervisor.h>
#include <uk/errno.h>

#define KVM_CLOCK_OLD		(1u << 0)
#define KVM_CLOCK		(1u << 3)
#define KVM_STABLE		(1u << 24)

#define MSR_WALL		0x4b564d00u
#define MSR_SYSTEM		0x4b564d01u
#define MSR_WALL_OLD		0x11u
#define MSR_SYSTEM_OLD		0x12u

int pvclock_find(struct ukarch_cpuid (*cpuid)(uint32_t, uint32_t),
		 struct pvclock_kvm *kvm)
{
	const uint32_t features = ukarch_cpuid_kvm(cpuid);

	if (!(features & (KVM_CLOCK | KVM_CLOCK_OLD)))
		return -ENODEV;
	*kvm = (struct pvclock_kvm){
		.msr_system = features & KVM_CLOCK ? MSR_SYSTEM
						   : MSR_SYSTEM_OLD,
		.msr_wall = features & KVM_CLOCK ? MSR_WALL : MSR_WALL_OLD,
		.can_be_stable = features & KVM_STABLE,
	};
	return 0;
}
