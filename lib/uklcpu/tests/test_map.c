/* SPDX-License-Identifier: BSD-3-Clause */
/* Hardware ids and indices, with numberings that machines have. */
#include "../uklcpu_priv.h"

#include <uk/errno.h>
#include <uk/test.h>

static struct lcpu_map map;

static void expect_all(const uint64_t *ids, unsigned int n)
{
	map = (struct lcpu_map){ 0 };
	for (unsigned int i = 0; i < n; i++)
		UK_EXPECT_EQ(lcpu_map_add(&map, ids[i], 100 + i), (int)i);
	for (unsigned int i = 0; i < n; i++) {
		UK_EXPECT_EQ(lcpu_map_find(&map, ids[i]), (int)i);
		UK_EXPECT_EQ(map.cpu[i].hwid, ids[i]);
		UK_EXPECT_EQ(map.cpu[i].cookie, 100 + i);
	}
	UK_EXPECT_EQ(map.count, n);
}

UK_TEST(lcpu_map, ids_with_gaps_have_indices_without)
{
	/* q35 -smp 6,sockets=2,cores=3 */
	static const uint64_t ids[] = { 0, 1, 2, 4, 5, 6 };

	expect_all(ids, 6);
	UK_EXPECT_EQ(lcpu_map_find(&map, 3), -ENOENT);
	UK_EXPECT_EQ(lcpu_map_find(&map, 7), -ENOENT);
}

UK_TEST(lcpu_map, affinities_of_arm64_are_told_apart)
{
	/* virt,gic-version=3 -smp 20, and a fourth affinity level */
	static const uint64_t ids[] = {
		0, 1, 15, 0x100, 0x103, 0x10000, 0x100000000, 0xff00ffffff,
	};

	expect_all(ids, 8);
	UK_EXPECT_EQ(lcpu_map_find(&map, 0x101), -ENOENT);
}

UK_TEST(lcpu_map, a_full_map_still_finds_everything_and_nothing_else)
{
	map = (struct lcpu_map){ 0 };
	for (unsigned int i = 0; i < UK_LCPU_MAX; i++)
		UK_EXPECT_EQ(lcpu_map_add(&map, i * UINT64_C(0x1000), 0),
			     (int)i);
	UK_EXPECT_EQ(lcpu_map_add(&map, 1, 0), -ENOSPC);
	UK_EXPECT_EQ(map.nleft, 1);
	for (unsigned int i = 0; i < UK_LCPU_MAX; i++)
		UK_EXPECT_EQ(lcpu_map_find(&map, i * UINT64_C(0x1000)),
			     (int)i);
	UK_EXPECT_EQ(lcpu_map_find(&map, 1), -ENOENT);
}

UK_TEST(lcpu_map, an_id_is_taken_once)
{
	static const uint64_t ids[] = { 7, 9 };

	expect_all(ids, 2);
	UK_EXPECT_EQ(lcpu_map_add(&map, 9, 0), -EEXIST);
	UK_EXPECT_EQ(map.count, 2);
}
