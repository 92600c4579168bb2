/* SPDX-License-Identifier: BSD-3-Clause */
#include "../random_priv.h"

#include <stdbool.h>

#include <uk/string.h>
#include <uk/test.h>

#define PIECE	32u

static const uint32_t key[RANDOM_KEY] = { 1, 2, 3, 4, 5, 6, 7, 8 };

/* Is @what anywhere in the @len bytes at @in? */
static bool holds(const void *in, size_t len, const void *what, size_t wlen)
{
	const uint8_t *p = in;

	for (size_t i = 0; i + wlen <= len; i++) {
		if (memcmp(p + i, what, wlen) == 0)
			return true;
	}
	return false;
}

UK_TEST(ukrandom, a_generator_gives_the_second_half_of_a_block_and_on)
{
	static const uint32_t nonce[3];
	uint8_t block[2 * RANDOM_BLOCK], got[RANDOM_BLOCK];
	struct random_gen gen;

	random_chacha20(key, 0, nonce, block);
	random_chacha20(key, 1, nonce, block + RANDOM_BLOCK);
	random_gen_start(&gen, key);
	random_gen_take(&gen, got, sizeof(got));
	UK_EXPECT_MEM_EQ(got, block + PIECE, sizeof(got));
	/* And the first half is the key from now on. */
	UK_EXPECT_MEM_EQ(gen.key, block, sizeof(gen.key));
}

UK_TEST(ukrandom, what_a_generator_has_given_is_nowhere_in_it)
{
	struct random_gen gen;
	uint8_t got[PIECE];

	random_gen_start(&gen, key);
	for (unsigned int i = 0; i < 50; i++) {
		random_gen_take(&gen, got, sizeof(got));
		UK_EXPECT(!holds(&gen, sizeof(gen), got, 8));
		UK_EXPECT(!holds(&gen, sizeof(gen), got + 24, 8));
	}
	UK_EXPECT(!holds(&gen, sizeof(gen), key, 8));
}

UK_TEST(ukrandom, a_piece_that_does_not_fit_takes_a_new_batch)
{
	uint8_t all[RANDOM_AT_HAND], some[RANDOM_AT_HAND];
	struct random_gen gen;

	random_gen_start(&gen, key);
	random_gen_take(&gen, all, sizeof(all));
	UK_EXPECT_EQ(gen.left, 0);
	random_gen_take(&gen, some, 1);
	UK_EXPECT_EQ(gen.left, RANDOM_AT_HAND - 1);
	random_gen_take(&gen, some, RANDOM_AT_HAND);
	UK_EXPECT_EQ(gen.left, 0);
	UK_EXPECT(memcmp(all, some, sizeof(all)) != 0);
	random_gen_take(&gen, some, 0);
	UK_EXPECT_EQ(gen.left, 0);
}

UK_TEST(ukrandom, a_key_gives_one_stream_however_it_is_cut)
{
	uint8_t whole[RANDOM_AT_HAND], cut[RANDOM_AT_HAND];
	struct random_gen gen;
	size_t at = 0;

	random_gen_start(&gen, key);
	random_gen_take(&gen, whole, sizeof(whole));
	random_gen_start(&gen, key);
	for (size_t n = 1; at + n <= sizeof(cut); at += n++)
		random_gen_take(&gen, cut + at, n);
	UK_EXPECT_MEM_EQ(cut, whole, at);
}
