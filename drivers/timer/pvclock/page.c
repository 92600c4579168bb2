/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What the hypervisor says, as functions of it (Linux, Documentation/virt/kvm/
 * x86/cpuid.rst). Hypervisors that answer to several names have each at a
 * multiple of 0x100.
 */
#include "pvclock_priv.h"

#include <uk/errno.h>

#define ECX_HYPERVISOR		(1u << 31)

#define LEAF_FIRST		0x40000000u
#define LEAF_LAST		0x4000ff00u
#define LEAF_STEP		0x100u

/* "KVMKVMKVM" */
#define KVM_EBX			0x4b4d564bu
#define KVM_ECX			0x564b4d56u
#define KVM_EDX			0x0000004du

#define KVM_CLOCK_OLD		(1u << 0)
#define KVM_CLOCK		(1u << 3)
#define KVM_STABLE		(1u << 24)

#define MSR_WALL		0x4b564d00u
#define MSR_SYSTEM		0x4b564d01u
#define MSR_WALL_OLD		0x11u
#define MSR_SYSTEM_OLD		0x12u

#define NS_PER_SEC		UINT64_C(1000000000)

static bool is_kvm(const struct ukarch_cpuid *id)
{
	return id->ebx == KVM_EBX && id->ecx == KVM_ECX && id->edx == KVM_EDX;
}

/* The first of KVM's leaves; 0: there are none. */
static uint32_t find_leaves(struct ukarch_cpuid (*cpuid)(uint32_t, uint32_t))
{
	if (!(cpuid(1, 0).ecx & ECX_HYPERVISOR))
		return 0;
	for (uint32_t leaf = LEAF_FIRST; leaf <= LEAF_LAST; leaf += LEAF_STEP) {
		const struct ukarch_cpuid id = cpuid(leaf, 0);

		if (is_kvm(&id))
			return leaf;
		/* Who is there says which leaf is his last. */
		if (id.eax < leaf)
			break;
	}
	return 0;
}

int pvclock_find(struct ukarch_cpuid (*cpuid)(uint32_t, uint32_t),
		 struct pvclock_kvm *kvm)
{
	const uint32_t leaf = find_leaves(cpuid);
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
