/* SPDX-License-Identifier: BSD-3-Clause */
#include "../user_priv.h"

#include <uk/abi/capability.h>
#include <uk/errno.h>
#include <uk/test.h>

static const struct ids root = { 0, 0, 0, 0 }, user = { 5, 5, 5, 5 };
static const struct ids half = { 0, 5, 0, 5 };

UK_TEST(user_caps, who_is_root_no_more_may_nothing)
{
	struct caps caps = { .effective = CAPS_ALL, .permitted = CAPS_ALL };

	caps_follow(&caps, &root, &user);
	UK_EXPECT_EQ(caps.effective, 0);
	UK_EXPECT_EQ(caps.permitted, 0);
	caps_follow(&caps, &user, &root);
	UK_EXPECT_EQ(caps.effective, 0);
}

UK_TEST(user_caps, who_is_root_by_another_id_gets_all_back)
{
	struct caps caps = { .effective = 1, .permitted = CAPS_ALL };

	caps_follow(&caps, &root, &half);
	UK_EXPECT_EQ(caps.effective, 0);
	UK_EXPECT_EQ(caps.permitted, CAPS_ALL);
	UK_EXPECT(!caps_may(&caps, UK_ABI_CAP_SETUID));
	caps_follow(&caps, &half, &root);
	UK_EXPECT_EQ(caps.effective, CAPS_ALL);
	UK_EXPECT(caps_may(&caps, UK_ABI_CAP_SETUID));
}

UK_TEST(user_caps, what_was_given_up_is_not_taken_back)
{
	struct caps caps = { .effective = CAPS_ALL, .permitted = CAPS_ALL };
	struct caps to = { .effective = 6, .permitted = 14 };

	UK_EXPECT_EQ(caps_set(&caps, &to), 0);
	UK_EXPECT_EQ(caps.effective, 6);
	to.effective = 14;
	UK_EXPECT_EQ(caps_set(&caps, &to), 0);
	to.permitted = 15;
	UK_EXPECT_EQ(caps_set(&caps, &to), -EPERM);
	to.permitted = 6;
	UK_EXPECT_EQ(caps_set(&caps, &to), -EPERM);
	/* Without CAP_SETPCAP. */
	to = (struct caps){ .permitted = 2, .inheritable = 14 };
	UK_EXPECT_EQ(caps_set(&caps, &to), 0);
	to.inheritable = 30;
	UK_EXPECT_EQ(caps_set(&caps, &to), -EPERM);
	UK_EXPECT_EQ(caps.inheritable, 14);
	UK_EXPECT_EQ(caps.permitted, 2);
	UK_EXPECT_EQ(caps.effective, 0);
}
