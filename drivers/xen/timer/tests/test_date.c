/* SPDX-License-Identifier: BSD-3-Clause */
/* Dates as Xen tells them, and as it should not. */
#include "../timer_priv.h"

#include <uk/errno.h>
#include <uk/test.h>
#include <uk/xen_abi.h>

static struct uk_xen_shared shared;

static int date(uint32_t version, uint64_t sec, uint32_t nsec, uint64_t *ns)
{
	shared.wall_version = version;
	shared.wall_sec = (uint32_t)sec;
	shared.wall_sec_high = (uint32_t)(sec >> 32);
	shared.wall_nsec = nsec;
	return xen_date(&shared, 2, ns);
}

UK_TEST(xen_date, it_is_that_of_system_time_0_and_the_time_since)
{
	uint64_t ns = 0;

	UK_EXPECT_EQ(date(2, 1700000000, 999999999, &ns), 0);
	UK_EXPECT_EQ(ns, UINT64_C(1700000001000000001));
	/* After the year 2106. */
	UK_EXPECT_EQ(date(4, UINT64_C(5000000000), 0, &ns), 0);
	UK_EXPECT_EQ(ns, UINT64_C(5000000000000000002));
}

UK_TEST(xen_date, what_is_no_date_is_refused)
{
	uint64_t ns = 7;

	UK_EXPECT_EQ(date(2, 0, 5, &ns), -EIO);
	UK_EXPECT_EQ(date(2, 1700000000, 1000000000, &ns), -EIO);
	UK_EXPECT_EQ(date(2, UINT64_C(1) << 40, 0, &ns), -EIO);
	/* It is being written, and will be for ever. */
	UK_EXPECT_EQ(date(3, 1700000000, 0, &ns), -EIO);
	UK_EXPECT_EQ(ns, 7);
}
