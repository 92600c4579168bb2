/* SPDX-License-Identifier: BSD-3-Clause */
/* Times of a CPU's states as Xen writes them. */
#include "../timer_priv.h"

#include <uk/test.h>
#include <uk/xen_abi.h>

UK_TEST(xen_runstate, what_others_had_and_the_host_kept_is_stolen)
{
	const struct uk_xen_runstate s = {
		.since_ns = 7,
		.ns = { 1000, UINT64_C(20000000000), 300000, 4 },
	};

	UK_EXPECT_EQ(xen_stolen_ns(&s), UINT64_C(20000000004));
}
