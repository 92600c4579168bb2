/* SPDX-License-Identifier: BSD-3-Clause */
#include "../tsc_priv.h"

#include <uk/test.h>

UK_TEST(timer_tsc, a_steady_counter_is_one_that_the_cpu_calls_so)
{
	UK_EXPECT(tsc_is_invariant(0x80000008, 0x100));
	UK_EXPECT(tsc_is_invariant(0x80000007, 0x1ff));
	UK_EXPECT(!tsc_is_invariant(0x80000008, 0));
	UK_EXPECT(!tsc_is_invariant(0x80000008, ~0x100u));
	/* A leaf beyond the last one says anything. */
	UK_EXPECT(!tsc_is_invariant(0x80000006, 0x100));
	UK_EXPECT(!tsc_is_invariant(0, 0x100));
}
