/* SPDX-License-Identifier: BSD-3-Clause */
/* The buddy system over memory of the test's own, at addresses it makes up. */
#include <uk/fallocbuddy.h>

#include <stdbool.h>

#include <uk/compiler.h>
#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/string.h>
#include <uk/test.h>

#define NFRAMES		64u
#define PAGE		UINT64_C(4096)
#define MIB		UINT64_C(0x100000)
#define GIB		UINT64_C(0x40000000)

static char memory[NFRAMES * PAGE] UK_ALIGNED(4096);
static uint64_t metadata[4][64];
static struct uk_fallocbuddy fb;

/* Part @i of the memory, @n frames from @from on, appears at @paddr. */
static int add(unsigned int i, unsigned int from, unsigned int n,
	       uint64_t paddr)
{
	UK_EXPECT(uk_fallocbuddy_metadata_len(n) <= sizeof(metadata[0]));
	return uk_fallocbuddy_addmem(&fb, metadata[i], paddr, n,
				     (uintptr_t)memory + from * PAGE - paddr);
}

static void begin(void)
{
	memset(metadata, 0xff, sizeof(metadata));
	memset(memory, 0xa5, sizeof(memory));
	uk_fallocbuddy_init(&fb);
}

/* All of it, from 1 GiB on. */
static void begin_at_1g(void)
{
	begin();
	UK_EXPECT_EQ(add(0, 0, NFRAMES, GIB), 0);
}

static uint64_t take(unsigned long n, unsigned long flags)
{
	uint64_t paddr = 0;

	return uk_falloc(&fb.fa, &paddr, n, flags) == 0 ? paddr : 0;
}

static uint64_t take_from(unsigned long n, uint64_t min, uint64_t max)
{
	uint64_t paddr = 0;

	return uk_falloc_from_range(&fb.fa, &paddr, n, 0, min, max) == 0 ?
	       paddr : 0;
}

static void give(uint64_t paddr, unsigned long n)
{
	UK_EXPECT_EQ(uk_ffree(&fb.fa, paddr, n), 0);
}

static uint64_t largest(void)
{
	struct uk_falloc_stats st;

	uk_falloc_stats_get(&fb.fa, &st);
	return st.largest_run;
}

UK_TEST(fallocbuddy, every_frame_is_given_once_and_then_there_is_none)
{
	bool seen[NFRAMES] = { false };

	begin_at_1g();
	for (unsigned int i = 0; i < NFRAMES; i++) {
		const uint64_t paddr = take(1, 0);

		UK_EXPECT(paddr >= GIB && paddr < GIB + NFRAMES * PAGE);
		UK_EXPECT(UK_IS_ALIGNED(paddr, PAGE));
		UK_EXPECT(!seen[(paddr - GIB) / PAGE]);
		seen[(paddr - GIB) / PAGE] = true;
	}
	UK_EXPECT_EQ(fb.fa.free_memory, 0);
	UK_EXPECT_EQ(take(1, 0), 0);
	UK_EXPECT_EQ(fb.fa.total_memory, NFRAMES * PAGE);
}

UK_TEST(fallocbuddy, a_run_is_not_rounded_to_a_power_of_two)
{
	begin_at_1g();
	/* Rounded up to 64 each, not even the second would fit. */
	UK_EXPECT(take(33, 0) != 0);
	UK_EXPECT(take(17, 0) != 0);
	UK_EXPECT(take(13, 0) != 0);
	UK_EXPECT_EQ(fb.fa.free_memory, PAGE);
	UK_EXPECT(take(1, 0) != 0);
}

UK_TEST(fallocbuddy, parts_of_a_run_come_back_in_any_order)
{
	uint64_t run;

	begin_at_1g();
	run = take(NFRAMES, 0);
	UK_EXPECT_EQ(run, GIB);
	/* Six of the first eight; two stay. */
	give(run + 4 * PAGE, 3);
	give(run, 3);
	UK_EXPECT_EQ(fb.fa.free_memory, 6 * PAGE);
	UK_EXPECT_EQ(largest(), 3);
	UK_EXPECT_EQ(take(4, 0), 0);
	give(run + 3 * PAGE, 1);
	UK_EXPECT_EQ(largest(), 7);
	UK_EXPECT_EQ(take(7, 0), run);
	give(run, NFRAMES);
	UK_EXPECT_EQ(largest(), NFRAMES);
	UK_EXPECT_EQ(take(NFRAMES, 0), run);
}

UK_TEST(fallocbuddy, neighbours_come_back_as_one_run)
{
	uint64_t a, b;

	begin_at_1g();
	a = take(8, 0);
	b = take(8, 0);
	UK_EXPECT_EQ(b, a + 8 * PAGE);
	give(a + PAGE, 14);
	give(b + 7 * PAGE, 1);
	give(a, 1);
	UK_EXPECT_EQ(largest(), NFRAMES);
}

UK_TEST(fallocbuddy, frames_that_are_free_again_are_one_block_again)
{
	struct uk_falloc_stats st;

	begin_at_1g();
	for (unsigned int i = 0; i < NFRAMES; i++)
		(void)take(1, 0);
	/* Every second one, then the others. */
	for (unsigned int i = 0; i < NFRAMES; i += 2)
		give(GIB + i * PAGE, 1);
	uk_falloc_stats_get(&fb.fa, &st);
	UK_EXPECT_EQ(st.nblocks[0], NFRAMES / 2);
	UK_EXPECT_EQ(st.largest_run, 1);
	for (unsigned int i = 1; i < NFRAMES; i += 2)
		give(GIB + i * PAGE, 1);
	uk_falloc_stats_get(&fb.fa, &st);
	UK_EXPECT_EQ(st.nblocks[0], 0);
	UK_EXPECT_EQ(st.nblocks[6], 1);
	UK_EXPECT_EQ(st.free, NFRAMES);
	UK_EXPECT_EQ(st.total, NFRAMES);
}

UK_TEST(fallocbuddy, a_run_across_blocks_is_found_though_no_block_has_it)
{
	begin_at_1g();
	UK_EXPECT_EQ(take(NFRAMES, 0), GIB);
	/* 5 to 29: blocks of 1, 2, 8, 8, 4, 2. */
	give(GIB + 5 * PAGE, 25);
	UK_EXPECT_EQ(take(26, 0), 0);
	UK_EXPECT_EQ(take(25, 0), GIB + 5 * PAGE);
}

UK_TEST(fallocbuddy, a_run_may_begin_in_blocks_and_end_in_what_was_never_used)
{
	begin_at_1g();
	UK_EXPECT_EQ(take(40, 0), GIB);
	give(GIB + 10 * PAGE, 30);
	UK_EXPECT_EQ(take(54, 0), GIB + 10 * PAGE);
	UK_EXPECT_EQ(fb.fa.free_memory, 0);
}

UK_TEST(fallocbuddy, a_run_may_reach_from_one_zone_into_the_next)
{
	begin();
	UK_EXPECT_EQ(add(0, 0, NFRAMES, 4 * GIB - 20 * PAGE), 0);
	UK_EXPECT_EQ(largest(), NFRAMES);
	UK_EXPECT_EQ(take(60, 0), 4 * GIB - 20 * PAGE);
	give(4 * GIB - 10 * PAGE, 20);
	UK_EXPECT_EQ(largest(), 20);
	UK_EXPECT_EQ(take(20, 0), 4 * GIB - 10 * PAGE);
	give(4 * GIB - 20 * PAGE, 60);
	UK_EXPECT_EQ(largest(), NFRAMES);
}

UK_TEST(fallocbuddy, low_memory_is_kept_for_those_who_ask_for_it)
{
	begin();
	UK_EXPECT_EQ(add(0, 0, 16, 15 * MIB), 0);
	UK_EXPECT_EQ(add(1, 16, 16, 2 * GIB), 0);
	UK_EXPECT_EQ(add(2, 32, 16, 5 * GIB), 0);
	UK_EXPECT_EQ(take(16, 0), 5 * GIB);
	UK_EXPECT_EQ(take(8, UK_FALLOC_BELOW_4G), 2 * GIB);
	UK_EXPECT_EQ(take(8, UK_FALLOC_BELOW_16M), 15 * MIB);
	UK_EXPECT_EQ(take(8, 0), 2 * GIB + 8 * PAGE);
	UK_EXPECT_EQ(take(8, 0), 15 * MIB + 8 * PAGE);
	give(5 * GIB, 16);
	UK_EXPECT_EQ(take(1, UK_FALLOC_BELOW_4G), 0);
	UK_EXPECT_EQ(take(1, UK_FALLOC_BELOW_16M), 0);
	give(2 * GIB, 4);
	UK_EXPECT_EQ(take(1, UK_FALLOC_BELOW_16M), 0);
	UK_EXPECT(take(4, UK_FALLOC_BELOW_4G) == 2 * GIB);
}

UK_TEST(fallocbuddy, a_run_is_aligned_as_asked)
{
	begin();
	UK_EXPECT_EQ(add(0, 0, NFRAMES, GIB + 3 * PAGE), 0);
	UK_EXPECT_EQ(take(3, UK_FALLOC_ALIGN(15)), GIB + 8 * PAGE);
	UK_EXPECT_EQ(take(1, UK_FALLOC_ALIGN(17)), GIB + 32 * PAGE);
	UK_EXPECT_EQ(take(1, UK_FALLOC_ALIGN(17)), GIB + 64 * PAGE);
	UK_EXPECT_EQ(take(1, UK_FALLOC_ALIGN(17)), 0);
	/* What was left out for that is not lost. */
	UK_EXPECT_EQ(take_from(5, 0, GIB + 8 * PAGE), GIB + 3 * PAGE);
	UK_EXPECT_EQ(take(21, UK_FALLOC_ALIGN(12)), GIB + 11 * PAGE);
	UK_EXPECT_EQ(take(1, UK_FALLOC_ALIGN(63)), 0);
}

static bool all_are(unsigned int from, unsigned int n, char byte)
{
	for (unsigned int i = 0; i < n * PAGE; i++)
		if (memory[from * PAGE + i] != byte)
			return false;
	return true;
}

UK_TEST(fallocbuddy, frames_are_zeroed_where_asked_and_no_others)
{
	begin();
	UK_EXPECT_EQ(add(0, 0, 32, 4 * GIB - 32 * PAGE), 0);
	UK_EXPECT_EQ(add(1, 32, 32, 4 * GIB), 0);
	/* Across two areas, which need not be mapped side by side. */
	UK_EXPECT_EQ(take(NFRAMES, 0), 4 * GIB - 32 * PAGE);
	memset(memory, 0xa5, sizeof(memory));
	give(4 * GIB - 4 * PAGE, 9);
	UK_EXPECT_EQ(take(9, UK_FALLOC_ZERO), 4 * GIB - 4 * PAGE);
	UK_EXPECT(all_are(28, 9, 0));
	UK_EXPECT(all_are(0, 28, (char)0xa5));
	UK_EXPECT(all_are(37, NFRAMES - 37, (char)0xa5));
}

UK_TEST(fallocbuddy, a_range_is_kept_to_the_frame)
{
	begin_at_1g();
	UK_EXPECT_EQ(take_from(4, GIB + 10 * PAGE, GIB + 14 * PAGE),
		     GIB + 10 * PAGE);
	UK_EXPECT_EQ(take_from(1, GIB + 10 * PAGE, GIB + 14 * PAGE), 0);
	UK_EXPECT_EQ(take_from(2, GIB + 9 * PAGE, GIB + 15 * PAGE), 0);
	UK_EXPECT_EQ(take_from(2, GIB + 9 * PAGE, GIB + 16 * PAGE),
		     GIB + 14 * PAGE);
	UK_EXPECT_EQ(take_from(1, 0, GIB), 0);
	UK_EXPECT_EQ(take_from(1, GIB + NFRAMES * PAGE, 2 * GIB), 0);
	UK_EXPECT_EQ(take_from(11, 0, GIB + 11 * PAGE), 0);
	UK_EXPECT_EQ(take_from(10, 0, GIB + 11 * PAGE), GIB);
	UK_EXPECT_EQ(fb.fa.free_memory, (NFRAMES - 16) * PAGE);
}

UK_TEST(fallocbuddy, frames_that_are_not_its_own_are_refused)
{
	begin();
	UK_EXPECT_EQ(add(0, 0, 32, GIB), 0);
	UK_EXPECT_EQ(add(1, 32, 32, GIB + 40 * PAGE), 0);
	if (UK_IS_ENABLED(CONFIG_LIBUKFALLOC_DEBUG))
		UK_TEST_SKIP("here it crashes");
	UK_EXPECT_EQ(take(32, 0), GIB);
	UK_EXPECT_EQ(take(32, 0), GIB + 40 * PAGE);
	UK_EXPECT_EQ(uk_ffree(&fb.fa, GIB - PAGE, 2), -EFAULT);
	UK_EXPECT_EQ(uk_ffree(&fb.fa, GIB + 31 * PAGE, 2), -EFAULT);
	UK_EXPECT_EQ(uk_ffree(&fb.fa, GIB, 72), -EFAULT);
	UK_EXPECT_EQ(uk_ffree(&fb.fa, GIB + 71 * PAGE, 2), -EFAULT);
	UK_EXPECT_EQ(uk_ffree(&fb.fa, GIB + PAGE, UINT64_MAX), -EFAULT);
	UK_EXPECT_EQ(fb.fa.free_memory, 0);
}

UK_TEST(fallocbuddy, memory_that_it_has_is_not_added_again)
{
	begin_at_1g();
	UK_EXPECT_EQ(add(1, 0, 1, GIB), -EEXIST);
	UK_EXPECT_EQ(add(1, 0, 2, GIB - PAGE), -EEXIST);
	UK_EXPECT_EQ(add(1, 0, 9, GIB + 63 * PAGE), -EEXIST);
	UK_EXPECT_EQ(add(1, 0, 0, 2 * GIB), -EINVAL);
	UK_EXPECT_EQ(add(1, 0, 1, 2 * GIB + 1), -EINVAL);
	UK_EXPECT_EQ(fb.fa.total_memory, NFRAMES * PAGE);
}

UK_TEST(fallocbuddy, memory_that_is_added_joins_its_neighbours)
{
	begin();
	UK_EXPECT_EQ(add(0, 16, 16, GIB + 16 * PAGE), 0);
	UK_EXPECT_EQ(take(16, 0), GIB + 16 * PAGE);
	UK_EXPECT_EQ(add(1, 32, 16, GIB + 32 * PAGE), 0);
	UK_EXPECT_EQ(add(2, 0, 16, GIB), 0);
	give(GIB + 16 * PAGE, 16);
	UK_EXPECT_EQ(largest(), 48);
	UK_EXPECT_EQ(take(48, 0), GIB);
}

UK_TEST(fallocbuddy, a_frame_at_address_0_is_a_frame)
{
	uint64_t paddr = 1;

	begin();
	UK_EXPECT_EQ(add(0, 0, 3, 0), 0);
	UK_EXPECT_EQ(uk_falloc_from_range(&fb.fa, &paddr, 1, 0, 0, PAGE), 0);
	UK_EXPECT_EQ(paddr, 0);
	give(0, 1);
	UK_EXPECT_EQ(uk_falloc(&fb.fa, &paddr, 3, 0), 0);
	UK_EXPECT_EQ(paddr, 0);
	give(0, 3);
	UK_EXPECT_EQ(largest(), 3);
}
