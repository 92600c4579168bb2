/* SPDX-License-Identifier: BSD-3-Clause */
#include <uk/falloc.h>

#include <uk/compiler.h>
#include <uk/errno.h>
#include <uk/test.h>

#include "../falloc_priv.h"

static int give(struct uk_falloc *fa UK_UNUSED, uint64_t *paddr,
		unsigned long nframes UK_UNUSED, unsigned long flags UK_UNUSED)
{
	*paddr = 0x1000;
	return 0;
}

static int give_from(struct uk_falloc *fa, uint64_t *paddr,
		     unsigned long nframes, unsigned long flags,
		     uint64_t min UK_UNUSED, uint64_t max UK_UNUSED)
{
	return give(fa, paddr, nframes, flags);
}

static int ask(void)
{
	static struct uk_falloc fa = {
		.falloc = give, .falloc_from_range = give_from,
	};
	uint64_t paddr = 7;
	const int rc = falloc_fail.count % 2 ?
		       uk_falloc(&fa, &paddr, 1, 0) :
		       uk_falloc_from_range(&fa, &paddr, 1, 0, 0, 0x100000);

	UK_EXPECT_EQ(paddr, rc < 0 ? 7 : 0x1000);
	return rc;
}

UK_TEST(falloc_fail, the_nth_request_fails_and_no_other)
{
	const struct falloc_fail saved = falloc_fail;

	for (uint32_t nth = 1; nth <= 4; nth++) {
		falloc_fail = (struct falloc_fail){ .nth = nth };
		for (uint32_t n = 1; n <= 5; n++)
			UK_EXPECT_EQ(ask(), n == nth ? -ENOMEM : 0);
	}
	falloc_fail = saved;
}

UK_TEST(falloc_fail, all_fail_from_the_nth_on_where_that_is_wanted)
{
	const struct falloc_fail saved = falloc_fail;

	falloc_fail = (struct falloc_fail){ .nth = 2, .persistent = true };
	UK_EXPECT_EQ(ask(), 0);
	for (unsigned int i = 0; i < 4; i++)
		UK_EXPECT_EQ(ask(), -ENOMEM);
	falloc_fail = saved;
}
