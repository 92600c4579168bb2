/* SPDX-License-Identifier: BSD-3-Clause */
/* Random requests, in a heap that is full now and then, and at last empty. */
#include <uk/alloc_model.h>

#include <uk/libparam.h>
#include <uk/test.h>

#include "slab_fixture.h"

static uint32_t nsteps = 10000;
UK_LIBPARAM(model_steps, u32, &nsteps, "random steps of the model test");

static struct uk_alloc_model_block blocks[256];

static void run(uint64_t seed, size_t size_max)
{
	struct uk_alloc_model m = {
		.a = fixture_begin(),
		.blocks = blocks,
		.nblocks = 256,
		.size_max = size_max,
		.seed = seed,
		.cut = 4096,
		.exhausts = true,
	};

	if (!m.a)
		return;
	if (UK_EXPECT_STR_EQ(uk_alloc_model_run(&m, nsteps), NULL)) {
		UK_EXPECT_GT(m.nfailed, 0);
		fixture_end();
	}
}

UK_TEST(allocslab_model, random_requests_are_served_as_a_list_has_them)
{
	run(1, 20000);
	run(2, 2000);
	run(3, 300000);
}
