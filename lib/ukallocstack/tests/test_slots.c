/* SPDX-License-Identifier: BSD-3-Clause */
/* Addresses and what is kept, without memory. */
#include <uk/errno.h>
#include <uk/test.h>

#include "../allocstack_priv.h"

#define NGRANULES	256u
#define FIRST		3u

static struct slot array[NGRANULES];
static uint32_t extended;	/* places that are there */
static uint32_t extend_max;

static int extend(struct slots *s, uint32_t end)
{
	(void)s;
	if (end > extend_max)
		return -ENOMEM;
	extended = end;
	return 0;
}

static struct slots begin(void)
{
	extended = FIRST;
	extend_max = NGRANULES;
	for (uint32_t i = 0; i < NGRANULES; i++)
		array[i] = (struct slot){ .begin = 0xdead };
	return (struct slots){
		.slot = array, .fresh = FIRST, .end = NGRANULES,
		.extend = extend,
	};
}

UK_TEST(stack_slots, each_size_is_in_the_smallest_class_that_holds_it)
{
	for (uint32_t n = 1; n < 20000; n++) {
		const unsigned int class = slots_class(n);

		if (slots_of_class(class) < n ||
		    (class > 0 && slots_of_class(class - 1) >= n) ||
		    class >= SLOT_NCLASSES)
			UK_EXPECT_EQ(n, 0);
		/* At most a quarter is lost. */
		if (slots_of_class(class) * 4 > n * 5)
			UK_EXPECT_EQ(n, 0);
	}
}

UK_TEST(stack_slots, a_block_has_a_guard_and_no_slot_overlaps)
{
	struct slots s = begin();
	uint32_t at[3];

	at[0] = slots_take(&s, 1);
	at[1] = slots_take(&s, PAGES_PER_GRANULE);
	at[2] = slots_take(&s, PAGES_PER_GRANULE + 1);
	UK_EXPECT_EQ(at[0], FIRST);
	UK_EXPECT_EQ(at[1], FIRST + 2);
	UK_EXPECT_EQ(at[2], FIRST + 4);
	UK_EXPECT_EQ(s.fresh, FIRST + 7);
	for (uint32_t i = FIRST; i < s.fresh; i++)
		UK_EXPECT_EQ(array[i].begin, at[i < at[1] ? 0 :
						i < at[2] ? 1 : 2]);
	UK_EXPECT_EQ(array[at[2]].npages, PAGES_PER_GRANULE + 1);
	UK_EXPECT_LE(s.fresh, extended);
}

UK_TEST(stack_slots, an_address_is_used_again_for_its_size)
{
	struct slots s = begin();
	const uint32_t small = slots_take(&s, 2);
	const uint32_t large = slots_take(&s, 40);

	slots_give(&s, small);
	slots_give(&s, large);
	UK_EXPECT_EQ(slots_take(&s, 33), large);
	UK_EXPECT_EQ(slots_take(&s, 16), small);
	UK_EXPECT_EQ(array[small].npages, 16);
	UK_EXPECT_NE(slots_take(&s, 16), small);
}

UK_TEST(stack_slots, a_larger_one_serves_when_there_are_no_fresh_addresses)
{
	struct slots s = begin();
	const uint32_t large = slots_take(&s, 40);
	uint32_t n = 0;

	slots_give(&s, large);
	while (slots_take(&s, 1) && n < NGRANULES)
		n++;
	UK_EXPECT_EQ(n, (NGRANULES - FIRST - 4) / 2 + 1);
	UK_EXPECT_EQ(slots_take(&s, 1), 0);
	/* A larger one is not cut, so its class is as before. */
	slots_give(&s, large);
	UK_EXPECT_EQ(slots_take(&s, 40), large);
}

UK_TEST(stack_slots, without_memory_for_the_array_nothing_is_dealt_out)
{
	struct slots s = begin();

	extend_max = FIRST + 3;
	UK_EXPECT_EQ(slots_take(&s, 40), 0);
	UK_EXPECT_EQ(s.fresh, FIRST);
	UK_EXPECT_EQ(slots_take(&s, 1), FIRST);
	UK_EXPECT_EQ(slots_take(&s, 1), 0);
	extend_max = NGRANULES;
	UK_EXPECT_EQ(slots_take(&s, 1), FIRST + 2);
}

/* A slot of @npages with all its memory but @nlazy. */
static uint32_t made(struct slots *s, uint32_t npages, uint32_t nlazy)
{
	const uint32_t at = slots_take(s, npages);

	array[at].nlazy = nlazy;
	array[at].nframes = npages - nlazy;
	return at;
}

UK_TEST(stack_cache, who_comes_last_goes_first_and_only_for_its_size)
{
	struct slots s = begin();
	struct cache c = { .limit = 100 };
	const uint32_t a = made(&s, 4, 0), b = made(&s, 4, 0);
	const uint32_t lazy = made(&s, 4, 2);

	UK_EXPECT(cache_put(&c, &s, a));
	UK_EXPECT(cache_put(&c, &s, b));
	UK_EXPECT(cache_put(&c, &s, lazy));
	UK_EXPECT_EQ(c.nslots, 3);
	UK_EXPECT_EQ(c.nframes, 10);
	UK_EXPECT_EQ(cache_get(&c, &s, 5, 0), 0);
	UK_EXPECT_EQ(cache_get(&c, &s, 4, 0), b);
	UK_EXPECT_EQ(cache_get(&c, &s, 4, 2), lazy);
	UK_EXPECT_EQ(cache_get(&c, &s, 4, 0), a);
	UK_EXPECT_EQ(cache_get(&c, &s, 4, 0), 0);
	UK_EXPECT_EQ(c.nslots, 0);
	UK_EXPECT_EQ(c.nframes, 0);
}

UK_TEST(stack_cache, no_more_frames_are_kept_than_the_limit_says)
{
	struct slots s = begin();
	struct cache c = { .limit = 10 };
	const uint32_t a = made(&s, 4, 0), b = made(&s, 7, 0);
	const uint32_t grown = made(&s, 20, 16), d = made(&s, 6, 0);

	array[grown].nframes = 11;
	UK_EXPECT(!cache_put(&c, &s, grown));
	UK_EXPECT(cache_put(&c, &s, a));
	UK_EXPECT(!cache_put(&c, &s, b));
	UK_EXPECT(cache_put(&c, &s, d));
	UK_EXPECT_EQ(c.nframes, 10);
	c = (struct cache){ .limit = 0 };
	UK_EXPECT(!cache_put(&c, &s, a));
}

UK_TEST(stack_cache, a_size_too_many_is_kept_when_another_has_become_empty)
{
	struct slots s = begin();
	struct cache c = { .limit = 1000 };
	uint32_t at[CACHE_NKINDS], more;

	for (uint32_t i = 0; i < CACHE_NKINDS; i++) {
		at[i] = made(&s, i + 1, 0);
		UK_EXPECT(cache_put(&c, &s, at[i]));
	}
	more = made(&s, 30, 0);
	UK_EXPECT(!cache_put(&c, &s, more));
	UK_EXPECT_EQ(cache_get(&c, &s, 3, 0), at[2]);
	UK_EXPECT(cache_put(&c, &s, more));
	UK_EXPECT_EQ(cache_get(&c, &s, 3, 0), 0);
	UK_EXPECT_EQ(cache_get(&c, &s, 30, 0), more);
}

UK_TEST(stack_cache, all_of_it_can_be_dropped)
{
	struct slots s = begin();
	struct cache c = { .limit = 1000 };
	uint32_t n = 0;

	for (uint32_t i = 0; i < 12; i++)
		UK_EXPECT(cache_put(&c, &s, made(&s, i % 3 + 1, 0)));
	while (cache_drop(&c, &s))
		n++;
	UK_EXPECT_EQ(n, 12);
	UK_EXPECT_EQ(c.nslots, 0);
	UK_EXPECT_EQ(c.nframes, 0);
}
