/* SPDX-License-Identifier: BSD-3-Clause */
#include "../arm_priv.h"

#include <uk/test.h>

UK_TEST(timer_arm, a_register_that_makes_sense_goes_before_the_tree)
{
	UK_EXPECT_EQ(timer_arm_rate(62500000, 0), 62500000);
	UK_EXPECT_EQ(timer_arm_rate(1000000000, 24000000), 1000000000);
}

UK_TEST(timer_arm, the_tree_mends_a_register_that_does_not)
{
	UK_EXPECT_EQ(timer_arm_rate(0, 24000000), 24000000);
	UK_EXPECT_EQ(timer_arm_rate(1, 24000000), 24000000);
	UK_EXPECT_EQ(timer_arm_rate(0, 0), 0);
	UK_EXPECT_EQ(timer_arm_rate(0, 5), 0);
}

UK_TEST(timer_arm, the_node_is_found)
{
	struct uk_fdt_device dev;
	struct uk_fdt fdt;
	uint32_t flags;

	UK_EXPECT_EQ(timer_arm_node(&fdt, &dev), 0);
	/* The virtual timer is the third one, PPI 11 everywhere. */
	UK_EXPECT_EQ(uk_fdt_device_gic_irq(&dev, 2, &flags), 27);
}
