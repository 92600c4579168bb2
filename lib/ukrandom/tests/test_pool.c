/* SPDX-License-Identifier: BSD-3-Clause */
#include "../random_priv.h"

#include <stdbool.h>

#include <uk/random.h>
#include <uk/string.h>
#include <uk/test.h>

static struct random_pool pool_of(const void *data, size_t len)
{
	struct random_pool pool = { .bits = 0 };

	random_pool_add(&pool, data, len, 0);
	return pool;
}

static bool same(const struct random_pool *a, const struct random_pool *b)
{
	return memcmp(a->key, b->key, sizeof(a->key)) == 0;
}

UK_TEST(ukrandom, inputs_that_differ_lead_to_keys_that_differ)
{
	uint8_t data[100] = { 0 };
	struct random_pool seen[101];

	/* By their length alone: all of them are zeroes. */
	for (unsigned int len = 0; len <= sizeof(data); len++) {
		seen[len] = pool_of(data, len);
		for (unsigned int i = 0; i < len; i++)
			UK_EXPECT(!same(&seen[i], &seen[len]));
	}
	/* By one bit, wherever it is. */
	for (unsigned int bit = 0; bit < 8 * sizeof(data); bit++) {
		struct random_pool pool;

		data[bit / 8] = (uint8_t)(1u << bit % 8);
		pool = pool_of(data, sizeof(data));
		UK_EXPECT(!same(&pool, &seen[sizeof(data)]));
		data[bit / 8] = 0;
	}
}

UK_TEST(ukrandom, the_order_of_inputs_matters)
{
	struct random_pool ab = pool_of("a", 1), ba = pool_of("b", 1);

	random_pool_add(&ab, "b", 1, 0);
	random_pool_add(&ba, "a", 1, 0);
	UK_EXPECT(!same(&ab, &ba));
}

UK_TEST(ukrandom, entropy_is_counted_up_to_the_size_of_a_key)
{
	struct random_pool pool = pool_of("", 0);

	UK_EXPECT_EQ(pool.bits, 0);
	random_pool_add(&pool, "1234567890", 10, 80);
	random_pool_add(&pool, "1234567890", 10, 0);
	UK_EXPECT_EQ(pool.bits, 80);
	UK_EXPECT_EQ(pool.fresh, 80);
	pool.fresh = 0;
	random_pool_add(&pool, "1234567890", 10, 200);
	UK_EXPECT_EQ(pool.bits, UK_RANDOM_READY);
	UK_EXPECT_EQ(pool.fresh, 200);
	random_pool_add(&pool, "1234567890", 10, ~0u);
	UK_EXPECT_EQ(pool.bits, UK_RANDOM_READY);
	UK_EXPECT_EQ(pool.fresh, UK_RANDOM_READY);
}

UK_TEST(ukrandom, keys_of_a_pool_differ_and_are_not_its_own)
{
	struct random_pool pool = pool_of("seed", 4);
	uint32_t a[RANDOM_KEY], b[RANDOM_KEY];

	random_pool_key(&pool, a);
	UK_EXPECT(memcmp(a, pool.key, sizeof(a)) != 0);
	random_pool_key(&pool, b);
	UK_EXPECT(memcmp(a, b, sizeof(a)) != 0);
	UK_EXPECT(memcmp(b, pool.key, sizeof(b)) != 0);
}

UK_TEST(ukrandom, bytes_that_are_all_the_same_are_told)
{
	uint8_t data[40] = { 0 };

	for (size_t len = 0; len <= sizeof(data); len++)
		UK_EXPECT(random_is_uniform(data, len));
	for (size_t at = 0; at < sizeof(data); at++) {
		data[at] = 1;
		UK_EXPECT(!random_is_uniform(data, sizeof(data)));
		UK_EXPECT_EQ(random_is_uniform(data, at + 1), at == 0);
		data[at] = 0;
	}
}
