/* SPDX-License-Identifier: BSD-3-Clause */
/* Xen alone, behind another's leaves, and other machines. */
#include "../arch/x86_64.h"

#include <stdbool.h>
#include <stdint.h>

#include <uk/test.h>

/* A CPU with Xen's leaves at @base, behind those of another hypervisor. */
static struct {
	bool hypervisor;
	uint32_t base;
	uint32_t vendor_ebx;
} fake;

static struct ukarch_cpuid fake_cpuid(uint32_t leaf, uint32_t subleaf)
{
	(void)subleaf;
	if (leaf == 0)
		return (struct ukarch_cpuid){ .ebx = fake.vendor_ebx };
	if (leaf == 1)
		return (struct ukarch_cpuid){
			.ecx = fake.hypervisor ? 1u << 31 : 0,
		};
	if (leaf == fake.base)
		return (struct ukarch_cpuid){ leaf + 5, 0x566e6558, 0x65584d4d,
					      0x4d4d566e };
	/* "Microsoft Hv" */
	if (leaf < fake.base && leaf % 0x100 == 0)
		return (struct ukarch_cpuid){ leaf + 5, 0x7263694d, 0x666f736f,
					      0x76482074 };
	return (struct ukarch_cpuid){ 0 };
}

static uint32_t find(bool hypervisor, uint32_t base)
{
	fake.hypervisor = hypervisor;
	fake.base = base;
	return xen_x86_leaves(fake_cpuid);
}

UK_TEST(xen_cpuid, xen_is_found_where_its_leaves_are)
{
	UK_EXPECT_EQ(find(true, 0x40000000), 0x40000000);
	/* With Viridian's enlightenments it is second. */
	UK_EXPECT_EQ(find(true, 0x40000100), 0x40000100);
	UK_EXPECT_EQ(find(true, 0x4000ff00), 0x4000ff00);
}

UK_TEST(xen_cpuid, a_machine_without_xen_has_none)
{
	UK_EXPECT_EQ(find(false, 0x40000000), 0);
	/* Beyond what hypervisors use. */
	UK_EXPECT_EQ(find(true, 0x40010000), 0);
}

UK_TEST(xen_cpuid, the_call_is_that_of_the_vendor)
{
	fake.vendor_ebx = 0x68747541;
	UK_EXPECT(xen_x86_is_amd(fake_cpuid));
	fake.vendor_ebx = 0x6f677948;
	UK_EXPECT(xen_x86_is_amd(fake_cpuid));
	/* "GenuineIntel", "CentaurHauls" */
	fake.vendor_ebx = 0x756e6547;
	UK_EXPECT(!xen_x86_is_amd(fake_cpuid));
	fake.vendor_ebx = 0x746e6543;
	UK_EXPECT(!xen_x86_is_amd(fake_cpuid));
}
