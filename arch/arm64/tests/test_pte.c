/* SPDX-License-Identifier: BSD-3-Clause */
#include <uk/arch/paging.h>
#include <uk/test.h>

#define AP_USER	UINT64_C(0x40)
#define UXN	UINT64_C(0x0040000000000000)

UK_TEST(pte, no_right_makes_a_page_accessible_to_user_mode)
{
	for (unsigned int prot = 0; prot < 64; prot++) {
		UK_EXPECT_EQ(ukarch_pte_leaf(0, 0, prot) & AP_USER, 0);
		UK_EXPECT_EQ(ukarch_pte_leaf(0, 0, prot) & UXN, UXN);
	}
}

UK_TEST(pte, rights_and_kind_come_back)
{
	for (unsigned int prot = 0; prot < 64; prot++) {
		const unsigned int want = prot | UK_PAGE_READ;
		const uint64_t pte = ukarch_pte_leaf(0x200000, 1, want);

		/* Only memory as usual is executed. */
		UK_EXPECT_EQ(ukarch_pte_prot(pte),
			     want & UK_PAGE_TYPE ? want & ~UK_PAGE_EXEC :
						   want);
		UK_EXPECT_EQ(ukarch_pte_paddr(pte), 0x200000);
		UK_EXPECT(ukarch_pte_is_leaf(pte, 1));
	}
}

UK_TEST(pte, a_page_without_rights_is_ours_and_not_the_cpus)
{
	const uint64_t hidden = ukarch_pte_leaf(0x200000, 1, UK_PAGE_DEVICE);

	UK_EXPECT_EQ(hidden & 1, 0);
	UK_EXPECT(ukarch_pte_present(hidden));
	UK_EXPECT(ukarch_pte_is_leaf(hidden, 1));
	UK_EXPECT_EQ(ukarch_pte_paddr(hidden), 0x200000);
	UK_EXPECT_EQ(ukarch_pte_prot(hidden), UK_PAGE_DEVICE);
}

UK_TEST(pte, memory_attributes_are_those_that_entries_mean)
{
	uint64_t mair;

	__asm__ volatile("mrs %0, mair_el1" : "=r"(mair));
	/* Write-back, Device-nGnRE, Normal non-cacheable (D19.2.97). */
	UK_EXPECT_EQ(mair & 0xffffff, 0x4404ff);
}
