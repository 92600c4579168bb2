/* SPDX-License-Identifier: BSD-3-Clause */
#include "../pmtimer_priv.h"

#include <uk/acpi_fadt.h>
#include <uk/errno.h>
#include <uk/test.h>

UK_TEST(timer_pmtimer, the_fadt_says_where_and_how_wide)
{
	struct uk_acpi_fadt fadt = {
		.pm_timer = { .addr = 0x608, .space = UK_ACPI_PORT, .len = 4 },
		.pm_timer_bits = 32,
	};
	uint16_t port = 0;
	uint32_t bits = 0;

	UK_EXPECT_EQ(pmtimer_where(&fadt, &port, &bits), 0);
	UK_EXPECT_EQ(port, 0x608);
	UK_EXPECT_EQ(bits, 32);
}

UK_TEST(timer_pmtimer, a_machine_without_one_is_left_alone)
{
	struct uk_acpi_fadt fadt = { .pm_timer_bits = 24 };
	uint16_t port = 1;
	uint32_t bits = 2;

	UK_EXPECT_EQ(pmtimer_where(&fadt, &port, &bits), -ENODEV);
	fadt.pm_timer.addr = 0xfed80800;
	fadt.pm_timer.space = UK_ACPI_MEMORY;
	UK_EXPECT_EQ(pmtimer_where(&fadt, &port, &bits), -ENOTSUP);
	UK_EXPECT_EQ(port, 1);
	UK_EXPECT_EQ(bits, 2);
}
