/* SPDX-License-Identifier: BSD-3-Clause */
#include "../boot_priv.h"

#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/string.h>
#include <uk/test.h>

/* What ran, one letter each; small ones are term functions. */
static char ran[16];
static unsigned int nran;
static int result, seen_status;
static struct boot_stages st;

static void note(char c)
{
	ran[nran++ % (sizeof(ran) - 1)] = c;
}

#define ENTRY(c, small)							\
	static int up_##c(const struct uk_boot_ctx *ctx)		\
	{								\
		note(#c[0]);						\
		return ctx ? result : 0;				\
	}								\
	static void down_##c(int status)				\
	{								\
		seen_status = status;					\
		note(small);						\
	}

ENTRY(A, 'a')
ENTRY(B, 'b')
ENTRY(C, 'c')

static int fails(const struct uk_boot_ctx *ctx UK_UNUSED)
{
	note('F');
	return -EIO;
}

/* As a term function that calls uk_exit(). */
static void goes_down_again(int status)
{
	note('x');
	boot_down(&st, status + 1);
	note('X');
}

static void begin(const struct uk_init_entry *first, size_t n)
{
	memset(ran, 0, sizeof(ran));
	nran = 0;
	result = 0;
	st = (struct boot_stages){
		.first = first, .end = first + n, .next = first,
	};
}

UK_TEST(boot, stages_run_up_to_the_one_asked_for_and_down_in_reverse)
{
	static const struct uk_init_entry table[] = {
		{ up_A, down_A, "t:A", UK_INIT_STAGE_EARLY, 0 },
		{ up_B, down_B, "t:B", UK_INIT_STAGE_EARLY, 0 },
		{ up_C, down_C, "t:C", UK_INIT_STAGE_LATE, 0 },
	};

	begin(table, UK_ARRAY_SIZE(table));
	UK_EXPECT_EQ(boot_up(&st, UK_INIT_STAGE_EARLY, NULL), 0);
	UK_EXPECT_STR_EQ(ran, "AB");
	UK_EXPECT_EQ(boot_up(&st, UK_INIT_STAGE_LATE, NULL), 0);
	UK_EXPECT_STR_EQ(ran, "ABC");
	boot_down(&st, 7);
	UK_EXPECT_STR_EQ(ran, "ABCcba");
	UK_EXPECT_EQ(seen_status, 7);
	boot_down(&st, 8);
	UK_EXPECT_STR_EQ(ran, "ABCcba");
}

UK_TEST(boot, an_entry_that_fails_ends_the_way_up_and_is_not_undone)
{
	static const struct uk_init_entry table[] = {
		{ up_A, down_A, "t:A", UK_INIT_STAGE_EARLY, 0 },
		{ fails, down_B, "t:fails", UK_INIT_STAGE_MEM, 0 },
		{ up_C, down_C, "t:C", UK_INIT_STAGE_MEM, 0 },
	};

	begin(table, UK_ARRAY_SIZE(table));
	UK_EXPECT_EQ(boot_up(&st, UK_INIT_STAGE_LATE, NULL), -EIO);
	UK_EXPECT_STR_EQ(st.next->name, "t:fails");
	boot_down(&st, 0);
	UK_EXPECT_STR_EQ(ran, "AFa");
}

UK_TEST(boot, either_function_of_an_entry_may_be_missing)
{
	static const struct uk_init_entry table[] = {
		{ NULL, down_A, "t:A", UK_INIT_STAGE_CPU, 0 },
		{ up_B, NULL, "t:B", UK_INIT_STAGE_CPU, 0 },
	};

	begin(table, UK_ARRAY_SIZE(table));
	UK_EXPECT_EQ(boot_up(&st, UK_INIT_STAGE_LATE, NULL), 0);
	boot_down(&st, 0);
	UK_EXPECT_STR_EQ(ran, "Ba");
}

UK_TEST(boot, a_positive_result_is_no_failure)
{
	static const struct uk_init_entry table[] = {
		{ up_A, NULL, "t:A", UK_INIT_STAGE_CPU, 0 },
		{ up_B, NULL, "t:B", UK_INIT_STAGE_CPU, 0 },
	};
	const struct uk_boot_ctx ctx = { .argc = 0 };

	begin(table, UK_ARRAY_SIZE(table));
	result = 1;
	UK_EXPECT_EQ(boot_up(&st, UK_INIT_STAGE_LATE, &ctx), 0);
	UK_EXPECT_STR_EQ(ran, "AB");
}

UK_TEST(boot, a_term_function_that_ends_the_program_goes_on_with_the_rest)
{
	static const struct uk_init_entry table[] = {
		{ NULL, down_A, "t:A", UK_INIT_STAGE_DEV, 0 },
		{ NULL, goes_down_again, "t:x", UK_INIT_STAGE_DEV, 0 },
		{ NULL, down_C, "t:C", UK_INIT_STAGE_DEV, 0 },
	};

	begin(table, UK_ARRAY_SIZE(table));
	UK_EXPECT_EQ(boot_up(&st, UK_INIT_STAGE_LATE, NULL), 0);
	boot_down(&st, 1);
	UK_EXPECT_STR_EQ(ran, "cxaX");
	UK_EXPECT_EQ(seen_status, 2);
}

UK_TEST(boot, no_entries_are_fine)
{
	begin(NULL, 0);
	UK_EXPECT_EQ(boot_up(&st, UK_INIT_STAGE_LATE, NULL), 0);
	boot_down(&st, 0);
	UK_EXPECT_EQ(nran, 0);
}
