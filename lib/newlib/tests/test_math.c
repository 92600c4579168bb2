/* SPDX-License-Identifier: BSD-3-Clause */
#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include <uk/test.h>

/* Values that the compiler does not know. */
static volatile double one = 1, two = 2;

UK_TEST(newlib_math, the_gamma_function_is_near_at_whole_numbers)
{
	UK_EXPECT(fabs(tgamma(6 * one) - 120) < 1e-9);
}

UK_TEST(newlib_math, float_has_its_own_functions)
{
	UK_EXPECT(sqrtf((float)two) == 0x1.6a09e6p+0f);
	UK_EXPECT(fabsf(sinf((float)one) - 0x1.aed548p-1f) < 1e-6f);
	UK_EXPECT(floorf(-1.5f * (float)one) == -2.0f);
}

UK_TEST(newlib_math, what_has_no_value_sets_errno)
{
	errno = 0;
	UK_EXPECT(isnan(sqrt(-one)));
	UK_EXPECT_EQ(errno, EDOM);
	errno = 0;
	UK_EXPECT(isinf(exp(1000 * one)));
	UK_EXPECT_EQ(errno, ERANGE);
}

UK_TEST(newlib_math, numbers_are_taken_apart)
{
	double whole;
	int exponent;

	UK_EXPECT(frexp(12 * one, &exponent) == 0.75 && exponent == 4);
	UK_EXPECT(ldexp(0.75 * one, 4) == 12);
	UK_EXPECT(modf(2.25 * one, &whole) == 0.25 && whole == 2);
	UK_EXPECT(fmod(7 * one, 3) == 1);
	UK_EXPECT_EQ(lround(2.5 * one), 3);
	UK_EXPECT_EQ(lrint(2.5 * one), 2);
	UK_EXPECT(trunc(-2.5 * one) == -2 && ceil(2.1 * one) == 3);
	UK_EXPECT(copysign(two, -one) == -2 && signbit(-one));
}
