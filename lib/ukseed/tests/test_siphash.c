/* SPDX-License-Identifier: BSD-3-Clause */
#include <uk/siphash.h>

#include <uk/essentials.h>
#include <uk/test.h>

/* The key and inputs 00 01 02 … of the paper's appendix A. */
static const struct uk_siphash_key key = {
	UINT64_C(0x0706050403020100), UINT64_C(0x0f0e0d0c0b0a0908),
};

static uint64_t hash_of(size_t len)
{
	unsigned char data[64];

	for (size_t i = 0; i < sizeof(data); i++)
		data[i] = (unsigned char)i;
	return uk_siphash24(&key, data, len);
}

UK_TEST(ukseed, siphash_gives_the_value_of_the_papers_appendix)
{
	UK_EXPECT_EQ(hash_of(15), UINT64_C(0xa129ca6149be45e5));
}

UK_TEST(ukseed, siphash_agrees_with_another_implementation)
{
	/* `openssl mac -macopt size:8 SIPHASH` of the same bytes. */
	UK_EXPECT_EQ(hash_of(0), UINT64_C(0x726fdb47dd0e0e31));
	UK_EXPECT_EQ(hash_of(1), UINT64_C(0x74f839c593dc67fd));
	UK_EXPECT_EQ(hash_of(7), UINT64_C(0xab0200f58b01d137));
	UK_EXPECT_EQ(hash_of(8), UINT64_C(0x93f5f5799a932462));
	UK_EXPECT_EQ(hash_of(16), UINT64_C(0x3f2acc7f57c29bdb));
	UK_EXPECT_EQ(hash_of(63), UINT64_C(0x958a324ceb064572));
}

UK_TEST(ukseed, siphash_of_128_bits_agrees_with_another_implementation)
{
	static const unsigned char data[] = {
		0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,
	};
	/* `openssl mac -macopt size:16 SIPHASH` of the same bytes. */
	static const struct {
		size_t len;
		struct uk_siphash_key hash;
	} known[] = {
		{ 0, { UINT64_C(0xe6a825ba047f81a3),
			UINT64_C(0x930255c71472f66d) } },
		{ 7, { UINT64_C(0x53c1dbd8beebf1a1),
			UINT64_C(0x3982f01fa64ab8c0) } },
		{ 8, { UINT64_C(0x61f55862baa9623b),
			UINT64_C(0xb49714f364e2830f) } },
		{ 15, { UINT64_C(0x11a8b03399e99354),
			UINT64_C(0xd9c3cf970fec087e) } },
	};

	for (size_t i = 0; i < UK_ARRAY_SIZE(known); i++) {
		const struct uk_siphash_key hash =
			uk_siphash24_128(&key, data, known[i].len);

		UK_EXPECT_EQ(hash.k0, known[i].hash.k0);
		UK_EXPECT_EQ(hash.k1, known[i].hash.k1);
	}
}

UK_TEST(ukseed, siphash_depends_on_both_halves_of_the_key)
{
	const struct uk_siphash_key a = { 1, 2 }, b = { 0, 2 }, c = { 1, 3 };

	UK_EXPECT_NE(uk_siphash24(&a, "x", 1), uk_siphash24(&b, "x", 1));
	UK_EXPECT_NE(uk_siphash24(&a, "x", 1), uk_siphash24(&c, "x", 1));
}
