/* SPDX-License-Identifier: BSD-3-Clause */
/* System time of a real Xen. */
#include "../timer_priv.h"

#include <uk/test.h>
#include <uk/time.h>
#include <uk/xen.h>
#include <uk/xen_event.h>

UK_TEST(xen_timer_machine, system_time_and_the_clock_go_alike)
{
	uint64_t before_ns, now_ns;

	if (!uk_xen_is_here())
		UK_TEST_SKIP("this machine is no domain of Xen");
	now_ns = uk_time_now();
	if (!UK_EXPECT_EQ(uk_xen_pages_start(), 0))
		return;
	before_ns = xen_system_ns();
	uk_time_spin(10 * UK_TIME_NS_PER_MS);
	UK_EXPECT_GE(xen_system_ns() - before_ns, 10 * UK_TIME_NS_PER_MS);
	/* Each is measured by another part of the host: not to the digit. */
	UK_EXPECT_LE(xen_system_ns() - before_ns,
		     2 * (uk_time_now() - now_ns));
}

UK_TEST(xen_timer_machine, stolen_time_is_told_and_never_less)
{
	uint64_t before_ns, now_ns;

	if (!uk_xen_is_here())
		UK_TEST_SKIP("this machine is no domain of Xen");
	if (!UK_EXPECT_EQ(uk_time_stolen(&before_ns), 0))
		return;
	uk_time_spin(10 * UK_TIME_NS_PER_MS);
	UK_EXPECT_EQ(uk_time_stolen(&now_ns), 0);
	UK_EXPECT_GE(now_ns, before_ns);
	/* This CPU has run since. */
	UK_EXPECT_LE(now_ns, xen_system_ns());
}
