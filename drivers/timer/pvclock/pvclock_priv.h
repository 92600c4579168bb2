/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdint.h>

#include <uk/bits/arch/cpuid.h>
#include <uk/compiler.h>

/* MSRs and abilities of the hypervisor. */
struct pvclock_kvm {
	uint32_t msr_system;
	uint32_t msr_wall;
	uint32_t can_be_stable;	/* the flag of a page means something */
};

/*
 * Is this KVM, with a clock? Its leaves need not be the first of a hypervisor.
 * @cpuid is ukarch_cpuid(), or tells of another CPU. Returns 0, or -ENODEV.
 */
UK_MUST_USE
int pvclock_find(struct ukarch_cpuid (*cpuid)(uint32_t leaf, uint32_t subleaf),
		 struct pvclock_kvm *kvm);
