/* SPDX-License-Identifier: BSD-3-Clause */
#include <math.h>
#include <stdlib.h>

#include <uk/config.h>
#include <uk/test.h>

/* Values that the compiler does not know. */
static volatile double one = 1;
static volatile long double lone = 1;

UK_TEST(musl_math, the_gamma_function_is_exact_at_whole_numbers)
{
	UK_EXPECT(fabs(tgamma(6 * one) - 120) <= 120 * 0x1p-52);
}

UK_TEST(musl_math, long_double_is_wider_than_double)
{
	const long double third = lone / 3;

	UK_EXPECT((long double)(double)third != third);
	UK_EXPECT(fabsl(sqrtl(2 * lone) * sqrtl(2 * lone) - 2) < 1e-18L);
	UK_EXPECT(floorl(-1.5L * lone) == -2.0L);
}
