/* SPDX-License-Identifier: BSD-3-Clause */
#include <uk/seed.h>

#include <uk/string.h>
#include <uk/test.h>

UK_TEST(ukseed, a_purpose_has_one_number_in_one_boot)
{
	const uint64_t a = UK_SEED_PURPOSE("test a");

	UK_EXPECT_EQ(uk_seed_u64(a), uk_seed_u64(a));
	UK_EXPECT_NE(uk_seed_u64(a), uk_seed_u64(UK_SEED_PURPOSE("test b")));
	UK_EXPECT_NE(uk_seed_u64(0), uk_seed_u64(1));
}

UK_TEST(ukseed, numbers_of_many_purposes_look_random)
{
	unsigned int ones = 0;

	/* 4096 bits of a fair coin: 1843 to 2253 is 6.4 deviations. */
	for (uint64_t i = 0; i < 64; i++) {
		uint64_t val = uk_seed_u64(i);

		for (; val; val &= val - 1)
			ones++;
	}
	UK_EXPECT_GT(ones, 1843);
	UK_EXPECT_LT(ones, 2253);
}

UK_TEST(ukseed, bytes_begin_with_the_number_and_go_on)
{
	const uint64_t num = uk_seed_u64(7);
	uint8_t some[11], more[24], zero[8] = { 0 };

	uk_seed_bytes(7, some, sizeof(some));
	uk_seed_bytes(7, more, sizeof(more));
	UK_EXPECT_MEM_EQ(some, &num, sizeof(num));
	UK_EXPECT_MEM_EQ(some, more, sizeof(some));
	UK_EXPECT(memcmp(more + 8, more, 8) != 0);
	UK_EXPECT(memcmp(more + 16, more + 8, 8) != 0);
	UK_EXPECT(memcmp(more + 16, zero, 8) != 0);
	uk_seed_bytes(7, NULL, 0);
}

UK_TEST(ukseed, a_purpose_is_its_first_eight_characters)
{
	UK_EXPECT_EQ(UK_SEED_PURPOSE("a"), 'a');
	UK_EXPECT_EQ(UK_SEED_PURPOSE("ab"), 'a' + 256 * 'b');
	UK_EXPECT_EQ(UK_SEED_PURPOSE("12345678"),
		     UK_SEED_PURPOSE("123456789"));
}
