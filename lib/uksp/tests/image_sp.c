/* SPDX-License-Identifier: BSD-3-Clause */
#include <uk/sp.h>

#include <uk/string.h>
#include <uk/test.h>

UK_TEST(uksp, the_canary_was_seeded_and_begins_with_a_zero_byte)
{
	unsigned char first;

	memcpy(&first, &__stack_chk_guard, 1);
	UK_EXPECT_EQ(first, 0);
	UK_EXPECT_NE(__stack_chk_guard >> 8, 0);
	UK_EXPECT_NE(__stack_chk_guard, UINT64_C(0x5bd1e995c3a1ff00));
}

/* Writes @len bytes into an array of 16. */
UK_NOINLINE static unsigned char fill(const size_t *len)
{
	volatile unsigned char array[16];

	for (size_t i = 0; i < *len; i++)
		array[i] = 0x41;
	return array[3];
}

static void fill_past_the_end(void *arg)
{
	const size_t len = 40;

	*(unsigned char *)arg = fill(&len);
}

UK_TEST(uksp, a_function_that_writes_past_its_array_crashes)
{
	const size_t len = 16;
	unsigned char seen;

	UK_EXPECT_EQ(fill(&len), 0x41);
	UK_EXPECT_CRASH(fill_past_the_end, &seen);
	UK_EXPECT(uk_strprefix(uk_test_crash_cause(), "stack smashed"));
}
