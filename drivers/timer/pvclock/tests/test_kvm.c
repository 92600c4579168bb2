/* SPDX-License-Identifier: BSD-3-Clause */
/* Hypervisors and pages as they are, and as they should not be. */
#include "../pvclock_priv.h"

#include <stdbool.h>

#include <uk/errno.h>
#include <uk/test.h>

/* A CPU that has KVM's leaves at @base, behind another hypervisor's. */
static struct {
	bool hypervisor;
	uint32_t base;
	uint32_t features;
} fake;

static struct ukarch_cpuid fake_cpuid(uint32_t leaf, uint32_t subleaf)
{
	(void)subleaf;
	if (leaf == 1)
		return (struct ukarch_cpuid){
			.ecx = fake.hypervisor ? 1u << 31 : 0,
		};
	if (leaf == fake.base)
		return (struct ukarch_cpuid){ leaf + 1, 0x4b4d564b, 0x564b4d56,
					      0x4d };
	if (leaf == fake.base + 1)
		return (struct ukarch_cpuid){ .eax = fake.features };
	/* "Microsoft Hv" */
	if (leaf < fake.base && leaf % 0x100 == 0)
		return (struct ukarch_cpuid){ leaf + 6, 0x7263694d, 0x666f736f,
					      0x76482074 };
	return (struct ukarch_cpuid){ 0 };
}

static int find(bool hypervisor, uint32_t base, uint32_t features,
		struct pvclock_kvm *kvm)
{
	fake.hypervisor = hypervisor;
	fake.base = base;
	fake.features = features;
	return pvclock_find(fake_cpuid, kvm);
}

UK_TEST(pvclock, kvm_is_found_where_its_leaves_are)
{
	struct pvclock_kvm kvm;

	UK_EXPECT_EQ(find(true, 0x40000000, 1u << 3, &kvm), 0);
	UK_EXPECT_EQ(kvm.msr_system, 0x4b564d01);
	UK_EXPECT_EQ(kvm.msr_wall, 0x4b564d00);
	UK_EXPECT_EQ(kvm.can_be_stable, 0);
	/* With Hyper-V's enlightenments it is second. */
	UK_EXPECT_EQ(find(true, 0x40000100, 1u << 24 | 1u << 3, &kvm), 0);
	UK_EXPECT_NE(kvm.can_be_stable, 0);
	/* An old one has other MSRs. */
	UK_EXPECT_EQ(find(true, 0x40000000, 1u << 0, &kvm), 0);
	UK_EXPECT_EQ(kvm.msr_system, 0x12);
	UK_EXPECT_EQ(kvm.msr_wall, 0x11);
}

UK_TEST(pvclock, a_machine_without_it_has_none)
{
	struct pvclock_kvm kvm;

	UK_EXPECT_EQ(find(false, 0x40000000, UINT32_MAX, &kvm), -ENODEV);
	UK_EXPECT_EQ(find(true, 0x40000000, ~(1u << 3 | 1u), &kvm), -ENODEV);
	/* Further away than anybody looks, and behind nobody. */
	UK_EXPECT_EQ(find(true, 0x40010000, UINT32_MAX, &kvm), -ENODEV);
	UK_EXPECT_EQ(find(true, 0, UINT32_MAX, &kvm), -ENODEV);
}
