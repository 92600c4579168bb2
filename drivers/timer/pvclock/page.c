/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What the hypervisor says, as functions of it (Linux, Documentation/virt/kvm/
 * x86/cpuid.rst).
 */
#include "pvclock_priv.h"

#include <uk/bits/arch/hypervisor.h>
#include <uk/errno.h>

/* "KVMKVMKVM" in EBX, ECX, EDX. */
static const uint32_t kvm_sign[] = { 0x4b4d564b, 0x564b4d56, 0x4d };

#define KVM_CLOCK_OLD		(1u << 0)
#define KVM_CLOCK		(1u << 3)
#define KVM_STABLE		(1u << 24)

#define MSR_WALL		0x4b564d00u
#define MSR_SYSTEM		0x4b564d01u
#define MSR_WALL_OLD		0x11u
#define MSR_SYSTEM_OLD		0x12u

#define NS_PER_SEC		UINT64_C(1000000000)

int pvclock_find(struct ukarch_cpuid (*cpuid)(uint32_t, uint32_t),
		 struct pvclock_kvm *kvm)
{
	const uint32_t leaf = ukarch_cpuid_hypervisor(cpuid, kvm_sign);
	uint32_t features;

	if (!leaf)
		return -ENODEV;
	features = cpuid(leaf + 1, 0).eax;
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

int pvclock_check(const struct pvclock_page *page)
{
	/* A shift as long as a counter is no shift. */
	if (page->version == 0 || page->mul == 0 || page->shift > 31 ||
	    page->shift < -31)
		return -EIO;
	return 0;
}

/* The way of pvclock_ns() backwards, rounding up at each step. */
static uint64_t ticks_of(uint32_t mul, int shift, uint64_t ns)
{
	const uint64_t whole = ns / mul, rest = ns % mul;
	uint64_t ticks;

	if (whole >= PVCLOCK_MAX_TICKS >> 32)
		return PVCLOCK_MAX_TICKS;
	ticks = (whole << 32) + ((rest << 32) + mul - 1) / mul;
	if (shift >= 0)
		return (ticks + (UINT64_C(1) << shift) - 1) >> shift;
	if (ticks >= PVCLOCK_MAX_TICKS >> -shift)
		return PVCLOCK_MAX_TICKS;
	return ticks << -shift;
}

uint64_t pvclock_ticks(const struct pvclock_page *page, uint64_t ns)
{
	struct pvclock_page copy;
	uint32_t version;

	do {
		version = pvclock_begin(page);
		copy = *page;
	} while (!pvclock_is_good(page, version));
	/* It was good once (pvclock_check()); never divide by what is not. */
	if (pvclock_check(&copy) < 0)
		return 0;
	return ticks_of(copy.mul, copy.shift, ns);
}

int pvclock_date(const struct pvclock_wall *wall, uint64_t ns,
		 uint64_t *wall_ns)
{
	if (wall->version == 0 || (wall->version & 1) || wall->sec == 0 ||
	    wall->nsec >= NS_PER_SEC)
		return -EIO;
	*wall_ns = wall->sec * NS_PER_SEC + wall->nsec + ns;
	return 0;
}
