/* SPDX-License-Identifier: BSD-3-Clause */
/* Frames that a CPU has at hand, here the one CPU that runs the cases. */
#include <uk/fallocbuddy.h>

#include <stdbool.h>

#include <uk/compiler.h>
#include <uk/config.h>
#include <uk/errno.h>
#include <uk/percpu.h>
#include <uk/string.h>
#include <uk/test.h>

#include "fallocbuddy_priv.h"

#define NFRAMES		64u
#define PAGE		UINT64_C(4096)
#define MIB		UINT64_C(0x100000)
#define GIB		UINT64_C(0x40000000)
#define BATCH		16u

static char memory[NFRAMES * PAGE] UK_ALIGNED(4096);
static uint64_t metadata[2][64];
static struct uk_fallocbuddy fb;
static UK_PERCPU(struct uk_fallocbuddy_cache, at_hand);

static int add(unsigned int i, unsigned int from, unsigned int n,
	       uint64_t paddr)
{
	UK_EXPECT(uk_fallocbuddy_metadata_len(n) <= sizeof(metadata[0]));
	return uk_fallocbuddy_addmem(&fb, metadata[i], paddr, n,
				     (uintptr_t)memory + from * PAGE - paddr);
}

static void begin(void)
{
	memset(memory, 0xa5, sizeof(memory));
	memset(&at_hand, 0, sizeof(at_hand));
	uk_fallocbuddy_init(&fb);
	uk_fallocbuddy_set_cache(&fb, &at_hand);
}

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

static void give(uint64_t paddr)
{
	UK_EXPECT_EQ(uk_ffree(&fb.fa, paddr, 1), 0);
}

/* Frames that are in blocks, and all that are free. */
static uint64_t in_blocks(void)
{
	return fb.fa.free_memory / PAGE;
}

static uint64_t free_now(void)
{
	struct uk_falloc_stats st;

	uk_falloc_stats_get(&fb.fa, &st);
	return st.free;
}

UK_TEST(fallocbuddy_cache, single_frames_come_to_a_cpu_in_batches)
{
	begin_at_1g();
	for (unsigned int i = 0; i < BATCH; i++) {
		UK_EXPECT_EQ(take(1, 0), GIB + i * PAGE);
		UK_EXPECT_EQ(in_blocks(), NFRAMES - BATCH);
	}
	UK_EXPECT_EQ(take(1, 0), GIB + BATCH * PAGE);
	UK_EXPECT_EQ(in_blocks(), NFRAMES - 2 * BATCH);
}

UK_TEST(fallocbuddy_cache, what_came_back_last_goes_out_first)
{
	begin_at_1g();
	UK_EXPECT_EQ(take(8, 0), GIB);
	give(GIB + 5 * PAGE);
	give(GIB + 2 * PAGE);
	UK_EXPECT_EQ(take(1, 0), GIB + 2 * PAGE);
	UK_EXPECT_EQ(take(1, 0), GIB + 5 * PAGE);
}

UK_TEST(fallocbuddy_cache, frames_at_hand_are_counted_as_free)
{
	begin_at_1g();
	UK_EXPECT(take(1, 0) != 0);
	UK_EXPECT_EQ(free_now(), NFRAMES - 1);
	UK_EXPECT_EQ(in_blocks(), NFRAMES - 1);
}

UK_TEST(fallocbuddy_cache, a_cpu_that_has_many_at_hand_gives_some_back)
{
	begin_at_1g();
	UK_EXPECT_EQ(take(NFRAMES, 0), GIB);
	for (unsigned int i = 0; i < NFRAMES; i++) {
		give(GIB + i * PAGE);
		UK_EXPECT_LE(i + 1 - in_blocks(), UK_FALLOCBUDDY_CACHED);
	}
	/* The first ones went. */
	UK_EXPECT_GE(in_blocks(), NFRAMES - UK_FALLOCBUDDY_CACHED);
	UK_EXPECT_EQ(take(BATCH, 0), GIB);
	UK_EXPECT_EQ(take(1, 0), GIB + (NFRAMES - 1) * PAGE);
}

UK_TEST(fallocbuddy_cache, a_run_gets_frames_that_are_at_hand)
{
	uint64_t paddr;

	begin_at_1g();
	give(take(1, 0));
	UK_EXPECT_EQ(in_blocks(), NFRAMES - BATCH);
	UK_EXPECT_EQ(take(NFRAMES, 0), GIB);
	UK_EXPECT_EQ(uk_ffree(&fb.fa, GIB, NFRAMES), 0);
	give(take(1, 0));
	UK_EXPECT_EQ(uk_falloc_from_range(&fb.fa, &paddr, 2, 0, GIB + PAGE,
					  GIB + 3 * PAGE), 0);
	UK_EXPECT_EQ(paddr, GIB + PAGE);
}

UK_TEST(fallocbuddy_cache, the_last_frames_are_given_one_by_one)
{
	bool seen[NFRAMES] = { false };

	begin_at_1g();
	UK_EXPECT(take(1, UK_FALLOC_ZERO) == GIB);
	while (buddy_cache_idle(&fb))
		;
	for (unsigned int i = 1; i < NFRAMES; i++) {
		const uint64_t paddr = take(1, 0);

		if (!UK_EXPECT(paddr > GIB && paddr < GIB + NFRAMES * PAGE))
			return;
		UK_EXPECT(!seen[(paddr - GIB) / PAGE]);
		seen[(paddr - GIB) / PAGE] = true;
	}
	UK_EXPECT_EQ(take(1, 0), 0);
	UK_EXPECT_EQ(take(1, UK_FALLOC_ZERO), 0);
	UK_EXPECT_EQ(free_now(), 0);
}

UK_TEST(fallocbuddy_cache, low_frames_stay_with_those_who_ask_for_them)
{
	uint64_t low;

	begin();
	UK_EXPECT_EQ(add(0, 0, 32, 15 * MIB), 0);
	UK_EXPECT_EQ(add(1, 32, 32, GIB), 0);
	low = take(1, UK_FALLOC_BELOW_16M);
	UK_EXPECT_EQ(low, 15 * MIB);
	give(low);
	UK_EXPECT_EQ(take(1, 0), GIB);
	/* A machine that has no others is another matter. */
	begin();
	UK_EXPECT_EQ(add(0, 0, 32, 15 * MIB), 0);
	UK_EXPECT_EQ(take(8, 0), 15 * MIB);
	give(15 * MIB + 3 * PAGE);
	UK_EXPECT_EQ(take(1, 0), 15 * MIB + 3 * PAGE);
}

static bool is_zero(uint64_t paddr)
{
	const char *const frame = memory + (paddr - GIB);

	for (unsigned int i = 0; i < PAGE; i++)
		if (frame[i])
			return false;
	return true;
}

UK_TEST(fallocbuddy_cache, an_idle_cpu_makes_zeroes_once_they_are_wanted)
{
	unsigned int n = 0;
	uint64_t paddr;

	begin_at_1g();
	UK_EXPECT(take(1, 0) != 0);
	UK_EXPECT(!buddy_cache_idle(&fb));
	paddr = take(1, UK_FALLOC_ZERO);
	UK_EXPECT(is_zero(paddr));
	while (buddy_cache_idle(&fb))
		n++;
	UK_EXPECT_EQ(n, UK_FALLOCBUDDY_ZEROES);
	for (unsigned int i = 0; i < NFRAMES - 2; i++) {
		paddr = take(1, UK_FALLOC_ZERO);
		if (!UK_EXPECT(paddr != 0))
			break;
		UK_EXPECT(is_zero(paddr));
		memset(memory + (paddr - GIB), 0x5a, PAGE);
	}
	UK_EXPECT_EQ(free_now(), 0);
	UK_EXPECT(!buddy_cache_idle(&fb));
}

UK_TEST(fallocbuddy_cache, frames_that_are_not_its_own_are_refused)
{
	if (UK_IS_ENABLED(CONFIG_LIBUKFALLOC_DEBUG))
		UK_TEST_SKIP("here it crashes");
	begin();
	UK_EXPECT_EQ(add(0, 0, 32, GIB), 0);
	give(take(1, 0));
	UK_EXPECT_EQ(uk_ffree(&fb.fa, GIB - PAGE, 1), -EFAULT);
	UK_EXPECT_EQ(uk_ffree(&fb.fa, GIB + 32 * PAGE, 1), -EFAULT);
	UK_EXPECT_EQ(uk_ffree(&fb.fa, 0, 1), -EFAULT);
	UK_EXPECT_EQ(free_now(), 32);
}
