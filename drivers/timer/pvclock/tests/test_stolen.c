/* SPDX-License-Identifier: BSD-3-Clause */
#include "../stolen_priv.h"

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
	return pvclock_has_stolen(fake_cpuid);
}

UK_TEST(stolen_page, it_is_offered_apart_from_the_clock)
{
	UK_EXPECT(offered(0x40000000, 1u << 5));
	UK_EXPECT(offered(0x40000100, 1u << 5));
	UK_EXPECT(!offered(0x40000000, ~(1u << 5)));
	UK_EXPECT(!offered(0, 1u << 5));
}

UK_TEST(stolen_page, it_is_what_the_page_says)
{
	const struct pvclock_stolen s = { .ns = UINT64_C(5000000000),
					  .version = 4 };

	UK_EXPECT_EQ(pvclock_stolen_ns(&s), UINT64_C(5000000000));
}
