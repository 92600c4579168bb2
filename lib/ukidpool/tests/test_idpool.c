/* SPDX-License-Identifier: BSD-3-Clause */
#include <uk/idpool.h>

#include <uk/errno.h>
#include <uk/test.h>

UK_TEST(idpool, lowest_free_id_goes_out_first)
{
	uint64_t map[UK_IDPOOL_WORDS(8)];
	struct uk_idpool p;

	uk_idpool_init(&p, map, 8);
	UK_EXPECT_EQ(uk_idpool_get(&p, 0), 0);
	UK_EXPECT_EQ(uk_idpool_get(&p, 0), 1);
	uk_idpool_put(&p, 0);
	UK_EXPECT_EQ(uk_idpool_get(&p, 0), 0);
}

UK_TEST(idpool, ids_past_the_count_are_never_handed_out)
{
	uint64_t map[UK_IDPOOL_WORDS(65)];
	struct uk_idpool p;

	uk_idpool_init(&p, map, 65);
	UK_EXPECT_EQ(uk_idpool_get(&p, 64), 64);
	UK_EXPECT_EQ(uk_idpool_get(&p, 64), -EMFILE);
	UK_EXPECT_EQ(uk_idpool_get(&p, 1000), -EMFILE);
}

UK_TEST(idpool, an_id_that_was_given_back_is_the_next_one_again)
{
	uint64_t map[UK_IDPOOL_WORDS(200)];
	struct uk_idpool p;

	uk_idpool_init(&p, map, 200);
	for (int i = 0; i < 200; i++)
		UK_EXPECT_EQ(uk_idpool_get(&p, 0), i);
	UK_EXPECT_EQ(uk_idpool_get(&p, 0), -EMFILE);
	uk_idpool_put(&p, 150);
	uk_idpool_put(&p, 3);
	UK_EXPECT_EQ(uk_idpool_get(&p, 100), 150);
	UK_EXPECT_EQ(uk_idpool_get(&p, 0), 3);
	UK_EXPECT_EQ(uk_idpool_get(&p, 0), -EMFILE);
}

UK_TEST(idpool, a_search_from_the_middle_keeps_lower_ids_free)
{
	uint64_t map[UK_IDPOOL_WORDS(128)];
	struct uk_idpool p;

	uk_idpool_init(&p, map, 128);
	UK_EXPECT_EQ(uk_idpool_get(&p, 64), 64);
	UK_EXPECT_EQ(uk_idpool_get(&p, 64), 65);
	UK_EXPECT_EQ(uk_idpool_get(&p, 127), 127);
	UK_EXPECT_EQ(uk_idpool_get(&p, 127), -EMFILE);
	UK_EXPECT_EQ(uk_idpool_get(&p, 0), 0);
}
