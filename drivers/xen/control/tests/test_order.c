/* SPDX-License-Identifier: BSD-3-Clause */
#include "../control_priv.h"

#include <uk/errno.h>
#include <uk/test.h>

UK_TEST(xen_control, words_for_an_end_are_ends)
{
	enum uk_end how = UK_END_CRASH;

	UK_EXPECT_EQ(xen_control_order("poweroff", &how), 0);
	UK_EXPECT_EQ((int)how, UK_END_POWEROFF);
	UK_EXPECT_EQ(xen_control_order("reboot", &how), 0);
	UK_EXPECT_EQ((int)how, UK_END_REBOOT);
	UK_EXPECT_EQ(xen_control_order("halt", &how), 0);
	UK_EXPECT_EQ((int)how, UK_END_POWEROFF);
}

UK_TEST(xen_control, other_words_and_none_order_nothing)
{
	enum uk_end how = UK_END_CRASH;

	UK_EXPECT_EQ(xen_control_order("", &how), -ENOENT);
	UK_EXPECT_EQ(xen_control_order("suspend ", &how), -ENOTSUP);
	UK_EXPECT_EQ(xen_control_order("crash", &how), -ENOTSUP);
	UK_EXPECT_EQ(xen_control_order("poweroff ", &how), -ENOTSUP);
	UK_EXPECT_EQ(xen_control_order("powerof", &how), -ENOTSUP);
	UK_EXPECT_EQ((int)how, UK_END_CRASH);
}

UK_TEST(xen_control, a_suspend_is_told_from_an_end)
{
	enum uk_end how = UK_END_CRASH;

	UK_EXPECT_EQ(xen_control_order("suspend", &how), XEN_CONTROL_SUSPEND);
	UK_EXPECT_EQ((int)how, UK_END_CRASH);
}
