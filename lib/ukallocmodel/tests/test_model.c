/* SPDX-License-Identifier: BSD-3-Clause */
/* The model lets pass what is right, and sees what is not. */
#include <uk/alloc_model.h>

#include <uk/alloc.h>
#include <uk/config.h>
#include <uk/test.h>

#include "toy.h"

#define NSTEPS	3000u

static struct uk_alloc_model_block blocks[128];
static struct uk_alloc_model model;

static const char *run_on(struct uk_alloc *a)
{
	const char *wrong;

	model = (struct uk_alloc_model){
		.a = a,
		.blocks = blocks,
		.nblocks = 128,
		.size_max = 40000,
		.seed = 1,
		.exhausts = true,
		.reuses = true,
	};
	wrong = uk_alloc_model_run(&model, NSTEPS);
	toy_end();
	return wrong;
}

static const char *run(enum toy_fault fault)
{
	return run_on(toy_begin(fault));
}

UK_TEST(alloc_model, an_allocator_that_does_all_right_passes)
{
	UK_EXPECT_STR_EQ(run(TOY_RIGHT), NULL);
	UK_EXPECT_EQ(model.step, NSTEPS);
	/* It was full, too. */
	UK_EXPECT_GT(model.nfailed, 0);
}

UK_TEST(alloc_model, what_is_made_of_malloc_and_free_or_of_pages_passes)
{
	UK_EXPECT_STR_EQ(run_on(toy_begin_ifmalloc()), NULL);
	UK_EXPECT_GT(model.nfailed, 0);
	UK_EXPECT_STR_EQ(run_on(toy_begin_ifpages()), NULL);
	UK_EXPECT_GT(model.nfailed, 0);
}

UK_TEST(alloc_model, blocks_are_as_they_are_to_be_or_it_is_seen)
{
	UK_EXPECT_STR_EQ(run(TOY_UNALIGNED), "a block is not aligned");
	UK_EXPECT_STR_EQ(run(TOY_UNALIGNED_PAGE), "a block is not aligned");
	UK_EXPECT_STR_EQ(run(TOY_TOO_SHORT), "a block overlaps another one");
	UK_EXPECT_STR_EQ(run(TOY_NOT_ZEROED),
			 "a block of calloc is not zeroed");
	UK_EXPECT_STR_EQ(run(TOY_FREE_WRITES), "a block was overwritten");
	UK_EXPECT_LT(model.step, NSTEPS);
}

UK_TEST(alloc_model, realloc_keeps_the_bytes_or_it_is_seen)
{
	UK_EXPECT_STR_EQ(run(TOY_LOSES_BYTES),
			 "a block did not keep its bytes in realloc");
	UK_EXPECT_STR_EQ(run(TOY_REALLOC_SPOILS),
			 "a block was changed by a realloc that failed");
}

UK_TEST(alloc_model, what_is_granted_and_refused_is_looked_at)
{
	UK_EXPECT_STR_EQ(run(TOY_CALLOC_OVERFLOWS),
			 "an absurd request was granted");
	UK_EXPECT_STR_EQ(run(TOY_PROMISES),
			 "a request failed that maxalloc promised");
	UK_EXPECT_STR_EQ(run(TOY_NO_EINVAL),
			 "posix_memalign failed, and not as it is to");
}

UK_TEST(alloc_model, what_the_allocator_says_of_itself_is_looked_at)
{
	UK_EXPECT_STR_EQ(run(TOY_LEAKS), "less memory is there than before");
	if (!UK_IS_ENABLED(CONFIG_LIBUKALLOC_IFSTATS))
		return;
	UK_EXPECT_STR_EQ(run(TOY_COUNTS_TWICE),
			 "statistics count other blocks than there are");
	UK_EXPECT_STR_EQ(run(TOY_COUNTS_SHORT),
			 "statistics count fewer bytes than are in use");
}
