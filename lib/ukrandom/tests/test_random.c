/* SPDX-License-Identifier: BSD-3-Clause */
#include <uk/random.h>

#include <uk/essentials.h>
#include <uk/string.h>
#include <uk/test.h>

#define BIG	100003u

static uint8_t big[BIG + 2];
static unsigned int nasked;

static enum uk_event_result on_asks(void *data)
{
	UK_EXPECT_NULL(data);
	nasked++;
	return UK_EVENT_HANDLED_CONT;
}

UK_EVENT_HANDLER(uk_random_asks, on_asks);

UK_TEST(ukrandom, all_lengths_are_filled_and_not_a_byte_more)
{
	static const size_t lens[] = {
		0, 1, 7, 8, 31, 32, 33, 63, 64, 223, 224, 225, 4096, BIG,
	};

	for (unsigned int i = 0; i < UK_ARRAY_SIZE(lens); i++) {
		size_t zeroes = 0, len = lens[i];

		memset(big, 0, sizeof(big));
		big[0] = 0x5a;
		big[1 + len] = 0xa5;
		uk_random_bytes(big + 1, len);
		UK_EXPECT_EQ(big[0], 0x5a);
		UK_EXPECT_EQ(big[1 + len], 0xa5);
		for (size_t n = 0; n < len; n++)
			zeroes += big[1 + n] == 0;
		/* One of 256; 8 times as many do not come. */
		UK_EXPECT_LE(zeroes, len / 32 + 4);
	}
}

UK_TEST(ukrandom, bytes_look_like_a_fair_coin)
{
	unsigned int seen[256] = { 0 };
	uint64_t chi = 0;

	uk_random_bytes(big, 25600);
	for (unsigned int i = 0; i < 25600; i++)
		seen[big[i]]++;
	/* 100 are expected of each; 255 degrees of freedom, 10 deviations. */
	for (unsigned int i = 0; i < 256; i++) {
		const int64_t off = (int64_t)seen[i] - 100;

		chi += (uint64_t)(off * off);
	}
	UK_EXPECT_LT(chi, (255 + 226) * 100);
	UK_EXPECT_GT(chi, (255 - 226) * 100);
}

UK_TEST(ukrandom, no_number_comes_twice)
{
	uint64_t num[200];

	for (unsigned int i = 0; i < UK_ARRAY_SIZE(num); i++) {
		num[i] = uk_random_u64();
		for (unsigned int j = 0; j < i; j++)
			UK_EXPECT_NE(num[i], num[j]);
	}
}

UK_TEST(ukrandom, a_number_below_a_bound_is_any_of_them)
{
	unsigned int seen[5] = { 0 };

	for (unsigned int i = 0; i < 1000; i++) {
		const uint64_t n = uk_random_below(UK_ARRAY_SIZE(seen));

		UK_EXPECT_LT(n, UK_ARRAY_SIZE(seen));
		seen[n]++;
	}
	/* 200 each, 12.6 the deviation. */
	for (unsigned int i = 0; i < UK_ARRAY_SIZE(seen); i++) {
		UK_EXPECT_GT(seen[i], 100);
		UK_EXPECT_LT(seen[i], 300);
	}
	UK_EXPECT_EQ(uk_random_below(1), 0);
	for (unsigned int i = 0; i < 100; i++)
		UK_EXPECT_LT(uk_random_below((UINT64_C(1) << 63) + 1),
			     (UINT64_C(1) << 63) + 1);
}

UK_TEST(ukrandom, a_reseed_asks_for_entropy_and_nothing_is_repeated)
{
	const unsigned int before = nasked;
	uint64_t a, b;

	a = uk_random_u64();
	uk_random_reseed();
	UK_EXPECT_GT(nasked, before);
	b = uk_random_u64();
	UK_EXPECT_NE(a, b);
}

UK_TEST(ukrandom, a_megabyte_is_all_that_one_key_gives)
{
	unsigned int before;
	uint8_t piece[32];

	uk_random_reseed();
	before = nasked;
	for (unsigned int n = 0; n < 1u << 20; n += sizeof(piece))
		uk_random_bytes(piece, sizeof(piece));
	UK_EXPECT_LE(nasked, before + 1);
	for (unsigned int n = 0; n < 512; n += sizeof(piece))
		uk_random_bytes(piece, sizeof(piece));
	UK_EXPECT_GE(nasked, before + 1);
}

UK_TEST(ukrandom, what_is_added_counts_for_no_more_than_its_bits)
{
	static const uint8_t data[32] = { 1, 2, 3 };

	uk_random_add(NULL, 0, 100);
	uk_random_add(data, 1, 100000);
	uk_random_add(data, sizeof(data), 256);
	UK_EXPECT(uk_random_ready());
	UK_EXPECT(uk_random_sources() & UK_RANDOM_ADDED);
}
