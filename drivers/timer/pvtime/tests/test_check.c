/* SPDX-License-Identifier: BSD-3-Clause */
#include "../pvtime_priv.h"

#include <uk/errno.h>
#include <uk/test.h>

UK_TEST(pvtime, an_address_is_one_that_a_structure_can_have)
{
	uint64_t paddr = 7;

	UK_EXPECT_EQ(pvtime_check_paddr(0x90a0040, &paddr), 0);
	UK_EXPECT_EQ(paddr, 0x90a0040);
	paddr = 7;
	UK_EXPECT_EQ(pvtime_check_paddr(UK_SMCCC_NOT_SUPPORTED, &paddr),
		     -ENODEV);
	UK_EXPECT_EQ(pvtime_check_paddr(0, &paddr), -ENODEV);
	UK_EXPECT_EQ(pvtime_check_paddr(INT64_MIN, &paddr), -ENODEV);
	UK_EXPECT_EQ(pvtime_check_paddr(0x90a0008, &paddr), -EIO);
	UK_EXPECT_EQ(paddr, 7);
}

UK_TEST(pvtime, a_structure_of_another_kind_is_not_believed)
{
	struct pvtime_stolen s = { .ns = 5 };

	UK_EXPECT_EQ(pvtime_check(&s), 0);
	s.revision = 1;
	UK_EXPECT_EQ(pvtime_check(&s), -EIO);
	s.revision = 0;
	s.attributes = 1;
	UK_EXPECT_EQ(pvtime_check(&s), -EIO);
}
