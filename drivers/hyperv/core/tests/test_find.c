/* SPDX-License-Identifier: BSD-3-Clause */
/* Hypervisors that are Hyper-V, that play it, and that do not. */
#include "../hyperv_priv.h"

#include <stdbool.h>

#include <uk/errno.h>
#include <uk/test.h>

/* A CPU below some hypervisor, whose leaves begin as those of Hyper-V do. */
static struct {
	bool hypervisor;
	struct ukarch_cpuid leaf[7];
} fake;

static struct ukarch_cpuid fake_cpuid(uint32_t leaf, uint32_t subleaf)
{
	(void)subleaf;
	if (leaf == 1)
		return (struct ukarch_cpuid){
			.ecx = fake.hypervisor ? 1u << 31 : 0,
		};
	/* Above the last one anything may come. */
	if (leaf < 0x40000000 || leaf > fake.leaf[0].eax ||
	    leaf - 0x40000000 >= 7)
		return (struct ukarch_cpuid){ 0xffffffff, 0xffffffff,
					      0xffffffff, 0xffffffff };
	return fake.leaf[leaf - 0x40000000];
}

static void make_hyperv(void)
{
	fake.hypervisor = true;
	fake.leaf[0] = (struct ukarch_cpuid){ 0x40000006, 0x7263694d,
					      0x666f736f, 0x76482074 };
	fake.leaf[1] = (struct ukarch_cpuid){ .eax = 0x31237648 };
	fake.leaf[2] = (struct ukarch_cpuid){ .eax = 20348,
					      .ebx = 10u << 16 | 1 };
	fake.leaf[3] = (struct ukarch_cpuid){ 0x2e7f, 0x3b8030, 2, 0xe8d7b2 };
	fake.leaf[4] = (struct ukarch_cpuid){ .eax = 0x60c2c };
}

static int find(struct uk_hyperv *hv)
{
	return hyperv_find(fake_cpuid, hv);
}

UK_TEST(hyperv_find, what_it_offers_is_found)
{
	struct uk_hyperv hv;

	make_hyperv();
	UK_EXPECT_EQ(find(&hv), 0);
	UK_EXPECT_EQ(hv.features, 0x2e7f);
	UK_EXPECT_EQ(hv.more, 0xe8d7b2);
	UK_EXPECT_EQ(hv.hints, 0x60c2c);
	UK_EXPECT_EQ(hv.build, 20348);
	UK_EXPECT_EQ(hv.major, 10);
	UK_EXPECT_EQ(hv.minor, 1);
}

UK_TEST(hyperv_find, a_machine_without_it_has_none)
{
	struct uk_hyperv hv = { .features = 1 };

	make_hyperv();
	fake.hypervisor = false;
	UK_EXPECT_EQ(find(&hv), -ENODEV);
	/* "KVMKVMKVM" */
	make_hyperv();
	fake.leaf[0] = (struct ukarch_cpuid){ 0x40000006, 0x4b4d564b,
					      0x564b4d56, 0x4d };
	UK_EXPECT_EQ(find(&hv), -ENODEV);
	UK_EXPECT_EQ(hv.features, 1);
}

UK_TEST(hyperv_find, a_vendor_whose_interface_is_another_one_is_left_alone)
{
	struct uk_hyperv hv;

	make_hyperv();
	fake.leaf[1].eax = 0x31237649;
	UK_EXPECT_EQ(find(&hv), -ENODEV);
	fake.leaf[1].eax = 0;
	UK_EXPECT_EQ(find(&hv), -ENODEV);
}

UK_TEST(hyperv_find, one_that_has_too_few_leaves_is_left_alone)
{
	struct uk_hyperv hv;

	make_hyperv();
	fake.leaf[0].eax = 0x40000004;
	UK_EXPECT_EQ(find(&hv), -ENODEV);
	fake.leaf[0].eax = 0;
	UK_EXPECT_EQ(find(&hv), -ENODEV);
	fake.leaf[0].eax = 0x40000005;
	UK_EXPECT_EQ(find(&hv), 0);
}

UK_TEST(hyperv_find, a_guest_is_open_source_and_of_no_kind_in_the_table)
{
	UK_EXPECT_EQ(hyperv_guest_id(0), UINT64_C(1) << 63);
	/* The kind is in bits 56 to 62; the build is ours to leave at 0. */
	UK_EXPECT_EQ(hyperv_guest_id(UINT32_MAX) >> 48, 0x8000);
	UK_EXPECT_EQ(hyperv_guest_id(5) & 0xffffffffffff, 5u << 16);
}

UK_TEST(hyperv_find, absurd_rates_are_not_believed)
{
	UK_EXPECT(hyperv_hz_makes_sense(1000000000));
	UK_EXPECT(!hyperv_hz_makes_sense(0));
	UK_EXPECT(!hyperv_hz_makes_sense(1));
	UK_EXPECT(!hyperv_hz_makes_sense(UINT64_MAX));
	UK_EXPECT(!hyperv_hz_makes_sense(UINT64_C(100000000000)));
}
