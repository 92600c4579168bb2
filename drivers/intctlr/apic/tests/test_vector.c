/* SPDX-License-Identifier: BSD-3-Clause */
#include "../apic_priv.h"

#include <uk/errno.h>
#include <uk/test.h>

UK_TEST(apic_vector, the_lowest_free_one_goes_out_first)
{
	struct apic_vectors v = { 0 };

	UK_EXPECT_EQ(apic_vectors_take(&v, 1), 0x30);
	UK_EXPECT_EQ(apic_vectors_take(&v, 1), 0x31);
	apic_vectors_give(&v, 0x30, 1);
	UK_EXPECT_EQ(apic_vectors_take(&v, 1), 0x30);
	UK_EXPECT_EQ(apic_vectors_take(&v, 1), 0x32);
}

UK_TEST(apic_vector, a_block_begins_at_a_multiple_of_its_size)
{
	struct apic_vectors v = { 0 };

	UK_EXPECT_EQ(apic_vectors_take(&v, 1), 0x30);
	UK_EXPECT_EQ(apic_vectors_take(&v, 2), 0x32);
	UK_EXPECT_EQ(apic_vectors_take(&v, 4), 0x34);
	UK_EXPECT_EQ(apic_vectors_take(&v, 32), 0x40);
	/* Three need the place of four, and leave the fourth to others. */
	UK_EXPECT_EQ(apic_vectors_take(&v, 3), 0x38);
	UK_EXPECT_EQ(apic_vectors_take(&v, 1), 0x31);
	UK_EXPECT_EQ(apic_vectors_take(&v, 1), 0x3b);
	UK_EXPECT_EQ(apic_vectors_take(&v, 17), 0x60);
	UK_EXPECT_EQ(apic_vectors_take(&v, 8), 0x78);
}

UK_TEST(apic_vector, all_go_out_once_and_then_no_more)
{
	struct apic_vectors v = { 0 };

	for (unsigned int i = 0; i < APIC_NVECTORS; i++)
		UK_EXPECT_EQ(apic_vectors_take(&v, 1), 0x30 + i);
	UK_EXPECT_EQ(apic_vectors_take(&v, 1), -ENOSPC);
	apic_vectors_give(&v, 0x40, 32);
	UK_EXPECT_EQ(apic_vectors_take(&v, 32), 0x40);
	UK_EXPECT_EQ(apic_vectors_take(&v, 32), -ENOSPC);
}

UK_TEST(apic_vector, no_block_reaches_into_those_of_the_cpus)
{
	struct apic_vectors v = { 0 };
	unsigned int n = 0;

	while (apic_vectors_take(&v, 32) >= 0)
		n++;
	/* 0x40, 0x60, 0x80, 0xa0, 0xc0. */
	UK_EXPECT_EQ(n, 5);
	UK_EXPECT_EQ(v.taken[3] >> 32, 0);
	UK_EXPECT_EQ(apic_vectors_take(&v, 16), 0x30);
	UK_EXPECT_EQ(apic_vectors_take(&v, 1), -ENOSPC);
}
