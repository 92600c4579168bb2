/* SPDX-License-Identifier: BSD-3-Clause */
#include <uk/arch/paging.h>
#include <uk/bits/arch/msr.h>
#include <uk/test.h>

#define NX	(UINT64_C(1) << 63)

UK_TEST(pte, rights_become_bits)
{
	UK_EXPECT_EQ(ukarch_pte_leaf(0x1000, 0, UK_PAGE_READ), NX | 0x1021);
	UK_EXPECT_EQ(ukarch_pte_leaf(0x1000, 0, UK_PAGE_READ | UK_PAGE_WRITE),
		     NX | 0x1063);
	UK_EXPECT_EQ(ukarch_pte_leaf(0x1000, 0, UK_PAGE_READ | UK_PAGE_EXEC),
		     0x1021);
}

UK_TEST(pte, no_right_makes_a_page_accessible_to_user_mode)
{
	for (unsigned int prot = 0; prot < 64; prot++)
		UK_EXPECT_EQ(ukarch_pte_leaf(0, 0, prot) & 4, 0);
	UK_EXPECT_EQ(ukarch_pte_table(0x1000) & 4, 0);
}

UK_TEST(pte, device_memory_is_uncached_and_never_executable)
{
	UK_EXPECT_EQ(ukarch_pte_leaf(0x1000, 0, UK_PAGE_READ | UK_PAGE_EXEC |
				     UK_PAGE_DEVICE), NX | 0x1039);
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

UK_TEST(pte, large_pages_are_leaves_and_tables_are_not)
{
	const uint64_t large = ukarch_pte_leaf(0x200000, 1, UK_PAGE_READ);

	UK_EXPECT(ukarch_pte_is_leaf(large, 1));
	UK_EXPECT(!ukarch_pte_is_leaf(ukarch_pte_table(0x1000), 1));
	UK_EXPECT(ukarch_pte_is_leaf(ukarch_pte_leaf(0, 0, 0), 0));
}

UK_TEST(pte, the_address_comes_back)
{
	const uint64_t paddr = UINT64_C(0x000ffffffffff000);

	UK_EXPECT_EQ(ukarch_pte_paddr(ukarch_pte_leaf(paddr, 0, 0)), paddr);
	UK_EXPECT_EQ(ukarch_pte_paddr(ukarch_pte_table(paddr)), paddr);
	UK_EXPECT(ukarch_pte_present(ukarch_pte_table(paddr)));
	UK_EXPECT(!ukarch_pte_present(0));
}

UK_TEST(pte, the_kind_of_memory_chooses_an_entry_of_the_attribute_table)
{
	UK_EXPECT_EQ(ukarch_pte_leaf(0x1000, 0, UK_PAGE_READ |
				     UK_PAGE_WRITECOMBINE), NX | 0x1029);
	UK_EXPECT_EQ(ukarch_pte_leaf(0x1000, 0, UK_PAGE_READ |
				     UK_PAGE_UNCACHED), NX | 0x1031);
	UK_EXPECT_EQ(ukarch_pte_leaf(0x1000, 0, UK_PAGE_READ |
				     UK_PAGE_GLOBAL), NX | 0x1121);
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
	}
}

/* IA32_PAT (SDM volume 4): WB, WC, UC-, UC, by the two bits of an entry. */
UK_TEST(pte, the_attribute_table_says_what_entries_mean)
{
	UK_EXPECT_EQ((uint32_t)ukarch_msr_read(0x277), 0x00070106);
}
