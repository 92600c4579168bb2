/* SPDX-License-Identifier: BSD-3-Clause */
/* Whether KVM wants to be told of the end of an interrupt. */
#include "../apic_priv.h"

#include <uk/test.h>

/* KVM's leaves are at @base, behind those of another one. */
static struct {
	uint32_t base, features;
} fake;

static struct ukarch_cpuid fake_cpuid(uint32_t leaf, uint32_t subleaf)
{
	(void)subleaf;
	if (leaf == 1)
		return (struct ukarch_cpuid){ .ecx = 1u << 31 };
	if (leaf == fake.base)
		return (struct ukarch_cpuid){ leaf + 1, 0x4b4d564b, 0x564b4d56,
					      0x4d };
	if (leaf == fake.base + 1)
		return (struct ukarch_cpuid){ .eax = fake.features };
	return (struct ukarch_cpuid){ .eax = leaf };
}

static bool offered(uint32_t base, uint32_t features)
{
	fake.base = base;
	fake.features = features;
	return apic_eoi_offered(fake_cpuid);
}

UK_TEST(apic_eoi, kvm_offers_it_wherever_its_leaves_are)
{
	UK_EXPECT(offered(0x40000000, 1u << 6));
	UK_EXPECT(offered(0x40000100, 1u << 6));
	UK_EXPECT(!offered(0x40000000, ~(1u << 6)));
	UK_EXPECT(!offered(0, 1u << 6));
}
