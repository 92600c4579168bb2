/* SPDX-License-Identifier: BSD-3-Clause */
/* The default heap of the image, whatever it is. */
#include <uk/alloc_model.h>

#include <uk/alloc.h>
#include <uk/libparam.h>
#include <uk/test.h>

static uint32_t nsteps = 4000;
static uint32_t size_max = 4096;
UK_LIBPARAM(steps, u32, &nsteps, "random steps of the default heap's test");
UK_LIBPARAM(size_max, u32, &size_max, "most bytes of a request in it");

static struct uk_alloc_model_block blocks[256];

UK_TEST(heap_model, the_default_heap_does_what_it_is_asked_for)
{
	struct uk_alloc_model m = {
		.a = uk_alloc_get_default(),
		.blocks = blocks,
		.nblocks = 256,
		.size_max = size_max,
		.seed = 1,
	};

	UK_EXPECT_STR_EQ(uk_alloc_model_run(&m, nsteps), NULL);
	UK_EXPECT_EQ(m.step, nsteps);
}
