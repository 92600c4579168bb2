/* SPDX-License-Identifier: BSD-3-Clause */
#include "../random_priv.h"

#include <uk/essentials.h>
#include <uk/random.h>
#include <uk/test.h>

static uint64_t given;
static unsigned int ndrawn, good;	/* the first @good draws succeed */

static bool counts(uint64_t *val)
{
	if (ndrawn++ >= good)
		return false;
	*val = ++given;
	return true;
}

static bool stuck(uint64_t *val)
{
	ndrawn++;
	*val = given;
	return true;
}

static unsigned int bits_of(bool (*draw)(uint64_t *), unsigned int ngood)
{
	uint64_t word[RANDOM_CPU];

	given = 0;
	ndrawn = 0;
	good = ngood;
	return random_cpu(word, draw);
}

UK_TEST(ukrandom, a_cpu_that_gives_numbers_gives_a_key)
{
	uint64_t word[RANDOM_CPU];

	UK_EXPECT_EQ(bits_of(counts, RANDOM_CPU), UK_RANDOM_READY);
	UK_EXPECT_EQ(ndrawn, RANDOM_CPU);
	given = 7;
	ndrawn = 0;
	UK_EXPECT_EQ(random_cpu(word, counts), UK_RANDOM_READY);
	for (unsigned int i = 0; i < RANDOM_CPU; i++)
		UK_EXPECT_EQ(word[i], 8 + i);
}

UK_TEST(ukrandom, a_cpu_that_fails_at_any_draw_gives_no_entropy)
{
	for (unsigned int n = 0; n < RANDOM_CPU; n++) {
		UK_EXPECT_EQ(bits_of(counts, n), 0);
		UK_EXPECT_EQ(ndrawn, n + 1);
	}
}

UK_TEST(ukrandom, a_cpu_that_gives_one_value_for_ever_gives_no_entropy)
{
	static const uint64_t stays[] = { 0, UINT64_MAX, 0x123456789abcdef };

	for (unsigned int i = 0; i < UK_ARRAY_SIZE(stays); i++) {
		uint64_t word[RANDOM_CPU];

		given = stays[i];
		UK_EXPECT_EQ(random_cpu(word, stuck), 0);
	}
}
