/* SPDX-License-Identifier: BSD-3-Clause */
#include "../stolen_priv.h"

#include <uk/test.h>

UK_TEST(stolen_page, it_is_offered_apart_from_the_clock)
{
	UK_EXPECT(pvclock_has_stolen(1u << 5));
	UK_EXPECT(!pvclock_has_stolen(~(1u << 5)));
	UK_EXPECT(!pvclock_has_stolen(0));
}

UK_TEST(stolen_page, it_is_what_the_page_says)
{
	const struct pvclock_stolen s = { .ns = UINT64_C(5000000000),
					  .version = 4 };

	UK_EXPECT_EQ(pvclock_stolen_ns(&s), UINT64_C(5000000000));
}
