/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Random requests. Each region serves some hundred steps and is full for the
 * rest of its run.
 */
#include <uk/allocregion.h>

#include <uk/alloc.h>
#include <uk/alloc_model.h>
#include <uk/compiler.h>
#include <uk/libparam.h>
#include <uk/test.h>

static uint32_t nruns = 20;
UK_LIBPARAM(model_runs, u32, &nruns, "runs of the model test");

static char memory[256 << 10] UK_ALIGNED(16);
static struct uk_alloc_model_block blocks[64];

UK_TEST(allocregion_model, random_requests_are_served_as_a_list_has_them)
{
	struct uk_alloc *const saved = _uk_alloc_head;
	struct uk_alloc_model m = {
		.blocks = blocks,
		.nblocks = 64,
		.size_max = 4096,
		.exhausts = true,
	};

	for (m.seed = 1; m.seed <= nruns; m.seed++) {
		_uk_alloc_head = NULL;
		m.a = uk_allocregion_init(memory, sizeof(memory));
		if (!UK_EXPECT_STR_EQ(uk_alloc_model_run(&m, 1000), NULL))
			break;
		UK_EXPECT_GT(m.nfailed, 0);
	}
	_uk_alloc_head = saved;
}
