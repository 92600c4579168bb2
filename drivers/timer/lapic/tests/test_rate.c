/* SPDX-License-Identifier: BSD-3-Clause */
#include "../lapic_priv.h"

#include <uk/test.h>

#define DEADLINE	(1u << 24)
#define HYPERVISOR	(1u << 31)

UK_TEST(lapic_rate, the_crystal_is_the_timers_rate_on_real_hardware)
{
	struct lapic_leaves l = { .ratio = { 2, 216, 24000000 } };

	UK_EXPECT_EQ(lapic_told_hz(&l), 24000000);
	/* Without a ratio, or without the crystal, nobody tells. */
	l.ratio[1] = 0;
	UK_EXPECT_EQ(lapic_told_hz(&l), 0);
	l.ratio[1] = 216;
	l.ratio[2] = 0;
	UK_EXPECT_EQ(lapic_told_hz(&l), 0);
}

UK_TEST(lapic_rate, a_hypervisors_own_leaf_goes_alone)
{
	struct lapic_leaves l = {
		.features = HYPERVISOR,
		.ratio = { 2, 216, 24000000 },
		.bus_khz = 1000000,
	};

	UK_EXPECT_EQ(lapic_told_hz(&l), 1000000000);
	l.bus_khz = 0;
	UK_EXPECT_EQ(lapic_told_hz(&l), 0);
	/* Not without a hypervisor. */
	l = (struct lapic_leaves){ .bus_khz = 1000000 };
	UK_EXPECT_EQ(lapic_told_hz(&l), 0);
	/* More than 32 bits of Hz. */
	l = (struct lapic_leaves){ HYPERVISOR, .bus_khz = 5000000 };
	UK_EXPECT_EQ(lapic_told_hz(&l), UINT64_C(5000000000));
}

UK_TEST(lapic_rate, deadlines_need_a_tsc_that_is_steady)
{
	struct lapic_leaves l = { .features = DEADLINE, .power = 1u << 8 };

	UK_EXPECT(lapic_has_deadline(&l, false));
	l.power = ~(1u << 8);
	UK_EXPECT(!lapic_has_deadline(&l, false));
	l = (struct lapic_leaves){ .features = ~DEADLINE, .power = 1u << 8 };
	UK_EXPECT(!lapic_has_deadline(&l, false));
}

UK_TEST(lapic_rate, deadlines_may_follow_a_tsc_that_is_not_steady)
{
	struct lapic_leaves l = { .features = DEADLINE };

	UK_EXPECT(lapic_has_deadline(&l, true));
	l.power = 1u << 8;
	UK_EXPECT(lapic_has_deadline(&l, true));
	l.features = ~DEADLINE;
	UK_EXPECT(!lapic_has_deadline(&l, true));
}

UK_TEST(lapic_rate, what_a_hypervisors_driver_says_goes_first)
{
	struct lapic_leaves l = {
		.features = HYPERVISOR,
		.bus_khz = 1000000,
		.host_hz = 200000000,
	};

	UK_EXPECT_EQ(lapic_told_hz(&l), 200000000);
	l.features = 0;
	UK_EXPECT_EQ(lapic_told_hz(&l), 200000000);
}
