/* SPDX-License-Identifier: BSD-3-Clause */
/* What came out is what Linux 6.18 does with the same calls. */
#include "../user_priv.h"

#include <uk/abi/capability.h>
#include <uk/errno.h>
#include <uk/test.h>

#define NO	UK_ABI_NO_ID

static void expect(const struct ids *ids, uint32_t real, uint32_t effective,
		   uint32_t saved, uint32_t fs)
{
	UK_EXPECT_EQ(ids->real, real);
	UK_EXPECT_EQ(ids->effective, effective);
	UK_EXPECT_EQ(ids->saved, saved);
	UK_EXPECT_EQ(ids->fs, fs);
}

UK_TEST(user_ids, who_may_becomes_another_for_good)
{
	struct ids ids = { 0, 0, 0, 0 };

	UK_EXPECT_EQ(ids_set(&ids, NO, true), -EINVAL);
	UK_EXPECT_EQ(ids_set(&ids, 5, true), 0);
	expect(&ids, 5, 5, 5, 5);
	UK_EXPECT_EQ(ids_set(&ids, 6, false), -EPERM);
	UK_EXPECT_EQ(ids_set(&ids, 0, false), -EPERM);
	UK_EXPECT_EQ(ids_set(&ids, NO, false), -EINVAL);
	expect(&ids, 5, 5, 5, 5);
}

UK_TEST(user_ids, the_real_and_the_saved_one_may_be_gone_back_to)
{
	struct ids ids = { 1, 2, 3, 2 };

	UK_EXPECT_EQ(ids_set(&ids, 3, false), 0);
	expect(&ids, 1, 3, 3, 3);
	UK_EXPECT_EQ(ids_set(&ids, 1, false), 0);
	expect(&ids, 1, 1, 3, 1);
	UK_EXPECT_EQ(ids_set(&ids, 2, false), -EPERM);
	UK_EXPECT_EQ(ids_set(&ids, 3, false), 0);
	expect(&ids, 1, 3, 3, 3);
}

UK_TEST(user_ids, two_are_swapped_by_setre)
{
	struct ids ids = { 0, 0, 0, 0 };

	UK_EXPECT_EQ(ids_set_two(&ids, 1, 2, true), 0);
	expect(&ids, 1, 2, 2, 2);
	UK_EXPECT_EQ(ids_set_two(&ids, 2, 1, false), 0);
	expect(&ids, 2, 1, 1, 1);
	UK_EXPECT_EQ(ids_set_two(&ids, 3, NO, false), -EPERM);
	UK_EXPECT_EQ(ids_set_two(&ids, NO, 3, false), -EPERM);
	/* The effective one alone, to the real one: the saved one stays. */
	UK_EXPECT_EQ(ids_set_two(&ids, NO, 2, false), 0);
	expect(&ids, 2, 2, 1, 2);
	UK_EXPECT_EQ(ids_set_two(&ids, NO, NO, false), 0);
	expect(&ids, 2, 2, 1, 2);
	/* The real one may not become the saved one. */
	UK_EXPECT_EQ(ids_set_two(&ids, 1, NO, false), -EPERM);
	UK_EXPECT_EQ(ids_set_two(&ids, NO, 1, false), 0);
	expect(&ids, 2, 1, 1, 1);
}

UK_TEST(user_ids, three_are_chosen_among_the_three)
{
	struct ids ids = { 0, 2, 2, 2 };

	UK_EXPECT_EQ(ids_set_three(&ids, 1, 2, 3, true), 0);
	expect(&ids, 1, 2, 3, 2);
	UK_EXPECT_EQ(ids_set_three(&ids, 3, 1, 2, false), 0);
	expect(&ids, 3, 1, 2, 1);
	UK_EXPECT_EQ(ids_set_three(&ids, 4, NO, NO, false), -EPERM);
	UK_EXPECT_EQ(ids_set_three(&ids, NO, 4, NO, false), -EPERM);
	UK_EXPECT_EQ(ids_set_three(&ids, 1, NO, 4, false), -EPERM);
	expect(&ids, 3, 1, 2, 1);
	UK_EXPECT_EQ(ids_set_three(&ids, 1, 1, 1, false), 0);
	expect(&ids, 1, 1, 1, 1);
}

UK_TEST(user_ids, the_one_for_files_is_told_and_set_if_it_may_be)
{
	struct ids ids = { 0, 5, 0, 5 };

	UK_EXPECT_EQ(ids_set_fs(&ids, 0, false), 5);
	UK_EXPECT_EQ(ids_set_fs(&ids, 77, false), 0);
	UK_EXPECT_EQ(ids_set_fs(&ids, NO, true), 0);
	UK_EXPECT_EQ(ids_set_fs(&ids, 77, true), 0);
	UK_EXPECT_EQ(ids_set_fs(&ids, 77, false), 77);
	expect(&ids, 0, 5, 0, 77);
}
