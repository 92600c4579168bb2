/* SPDX-License-Identifier: BSD-3-Clause */
/* Memory that comes when it is touched. */
#include "frames.h"

#include <uk/alloc.h>
#include <uk/config.h>
#include <uk/string.h>

#define NPAGES	96u
#define LEN	(NPAGES * PAGE)
#define EAGER	(CONFIG_LIBUKALLOCSTACK_EAGER * PAGE)
#define LAZY	(LEN - EAGER)

static void write_byte(void *at)
{
	*(volatile char *)at = 1;
}

static char *take(void)
{
	char *block;

	(void)uk_allocstack_trim(0);
	block = uk_allocstack_take(LEN, 0);
	(void)UK_EXPECT_NOT_NULL(block);
	return block;
}

static void give(char *block)
{
	uk_free(uk_allocstack_get(), block);
	(void)uk_allocstack_trim(0);
}

static size_t used(void)
{
	struct uk_allocstack_stats stats;

	uk_allocstack_stats_get(&stats);
	return stats.used;
}

static uint64_t nfaults(void)
{
	struct uk_allocstack_stats stats;

	uk_allocstack_stats_get(&stats);
	return stats.nfaults;
}

/* The pages of @block that are mapped are those from @first to @end, of all. */
static void expect_mapped(const char *block, size_t first, size_t end)
{
	for (size_t i = 0; i < NPAGES; i++)
		if (is_mapped((uintptr_t)block + i * PAGE) !=
		    (i >= first && i < end))
			UK_EXPECT_EQ(i, -1);
}

UK_TEST(allocstack_demand, at_first_the_upper_end_has_memory_and_nothing_else)
{
	char *block = take();

	if (!block)
		return;
	UK_EXPECT_EQ(uk_allocstack_lazy_len(block), LAZY);
	expect_mapped(block, LAZY / PAGE, NPAGES);
	give(block);
	/* Who does not ask for that has a whole one. */
	block = uk_malloc(uk_allocstack_get(), LEN);
	UK_EXPECT_EQ(uk_allocstack_lazy_len(block), 0);
	expect_mapped(block, 0, NPAGES);
	give(block);
}

UK_TEST(allocstack_demand, small_stacks_have_all_of_it)
{
	char *const block = uk_allocstack_take(EAGER, 0);

	if (!UK_EXPECT_NOT_NULL(block))
		return;
	UK_EXPECT_EQ(uk_allocstack_lazy_len(block), 0);
	for (size_t i = 0; i < EAGER; i += PAGE)
		UK_EXPECT(is_mapped((uintptr_t)block + i));
	give(block);
}

UK_TEST(allocstack_demand, as_much_as_was_asked_for_is_there_at_once)
{
	char *const block = uk_allocstack_take(LEN, EAGER + PAGE + 1);

	if (!UK_EXPECT_NOT_NULL(block))
		return;
	UK_EXPECT_EQ(uk_allocstack_lazy_len(block), LAZY - 2 * PAGE);
	expect_mapped(block, LAZY / PAGE - 2, NPAGES);
	give(block);
}

UK_TEST(allocstack_demand, page_by_page_each_one_comes_when_its_edge_is_touched)
{
	char *const block = take();
	const uint64_t before = nfaults();

	if (!block)
		return;
	for (size_t i = LAZY / PAGE; i-- > 0;) {
		/* The last byte of a page and the first. */
		char *const at = block + (i + (i & 1)) * PAGE - (i & 1);

		*(volatile char *)at = 1;
		expect_mapped(block, i, NPAGES);
	}
	UK_EXPECT_EQ(nfaults() - before, LAZY / PAGE);
	UK_EXPECT_CRASH(write_byte, block - 1);
	give(block);
}

UK_TEST(allocstack_demand, a_touch_brings_what_lies_up_to_8_kib_above)
{
	char *const block = take();
	const size_t before = used();

	if (!block)
		return;
	*(volatile char *)(block + 10 * PAGE + 5) = 1;
	for (size_t i = 0; i < LAZY / PAGE; i++)
		UK_EXPECT_EQ(is_mapped((uintptr_t)block + i * PAGE),
			     i >= 10 && i <= 12);
	/* There is one above already, and none is left above the last. */
	*(volatile char *)(block + 9 * PAGE) = 1;
	*(volatile char *)(block + LAZY - 1) = 1;
	UK_EXPECT(is_mapped((uintptr_t)block + 9 * PAGE));
	UK_EXPECT(!is_mapped((uintptr_t)block + 13 * PAGE));
	UK_EXPECT(!is_mapped((uintptr_t)block + LAZY - 2 * PAGE));
	UK_EXPECT_EQ(used() - before, 5 * PAGE);
	give(block);
}

/* A jump there is an error of another kind, and brings nothing. */
static void jump(void *at)
{
	((void (*)(void))at)();
}

UK_TEST(allocstack_demand, guards_and_jumps_bring_nothing)
{
	char *const block = take();

	if (!block)
		return;
	UK_EXPECT_CRASH(write_byte, block - UK_ALLOCSTACK_GUARD_LEN);
	UK_EXPECT_CRASH(write_byte, block - 1);
	UK_EXPECT_CRASH(write_byte, block + LEN);
	UK_EXPECT_CRASH(jump, block);
	expect_mapped(block, LAZY / PAGE, NPAGES);
	give(block);
	/* Nor does what is free. */
	UK_EXPECT_CRASH(write_byte, block);
}

UK_TEST(allocstack_demand, all_that_came_is_given_back)
{
	uint64_t before = 0;

	for (unsigned int round = 0; round < 2; round++) {
		char *const block = take();

		if (!block)
			return;
		for (size_t i = 0; i < LAZY / PAGE; i += 5)
			block[i * PAGE] = 1;
		give(block);
		if (round == 0)
			before = frames_free();
		else
			UK_EXPECT_EQ(frames_free(), before);
	}
}

UK_TEST(allocstack_demand, what_came_stays_when_the_stack_is_kept)
{
	char *const block = take();
	uint64_t before;

	if (!block)
		return;
	block[0] = 1;
	uk_free(uk_allocstack_get(), block);
	UK_EXPECT_EQ(uk_allocstack_take(LEN, 0), block);
	before = nfaults();
	block[0] = 2;
	block[LAZY - PAGE] = 2;
	UK_EXPECT_EQ(nfaults() - before, 1);
	give(block);
}

UK_TEST(allocstack_demand, whichever_frame_or_table_is_lacking_nothing_is_lost)
{
	unsigned int nfailed = 0;
	uint64_t before = 0;

	for (unsigned int n = 1; n < 20; n++) {
		char *const block = take();
		bool failed;

		if (!block)
			return;
		frames_fail(n, true);
		/* It takes a frame, two above it, and maybe a table. */
		if (n == 1)
			UK_EXPECT_CRASH(write_byte, block + PAGE);
		else
			write_byte(block + PAGE);
		failed = frames_fail(0, false);
		nfailed += failed;
		/* It has memory now, or gets it. */
		write_byte(block + PAGE);
		give(block);
		if (n > 1)
			UK_EXPECT_EQ(frames_free(), before);
		before = frames_free();
		if (!failed)
			break;
	}
	/* For a table there is a reserve. */
	UK_EXPECT_GE(nfailed, 3);
	UK_EXPECT_LE(nfailed, 4);
}
