/* SPDX-License-Identifier: BSD-3-Clause */
#include <fenv.h>
#include <math.h>
#include <stdlib.h>

#include <uk/config.h>
#include <uk/test.h>

/* Values that the compiler does not know. */
static volatile double one = 1, two = 2, three = 3;
static volatile long double lone = 1;

static bool near(double a, double b)
{
	return fabs(a - b) <= fabs(b) * 0x1p-52;
}

UK_TEST(musl_math, elementary_functions_have_their_known_values)
{
	UK_EXPECT(near(sqrt(two), 0x1.6a09e667f3bcdp+0));
	UK_EXPECT(near(exp(one), 0x1.5bf0a8b145769p+1));
	UK_EXPECT(near(log(two), 0x1.62e42fefa39efp-1));
	UK_EXPECT(near(sin(one), 0x1.aed548f090ceep-1));
	UK_EXPECT(near(cos(one), 0x1.14a280fb5068cp-1));
	UK_EXPECT(near(atan2(one, two), 0x1.dac670561bb4fp-2));
	UK_EXPECT(near(pow(two, 0.5), 0x1.6a09e667f3bcdp+0));
	UK_EXPECT(near(tgamma(6 * one), 120));
	UK_EXPECT(fma(two, three, one) == 7);
	UK_EXPECT(hypot(three, 4 * one) == 5);
}

UK_TEST(musl_math, long_double_is_wider_than_double)
{
	const long double third = lone / 3;

	UK_EXPECT((long double)(double)third != third);
	UK_EXPECT(fabsl(sqrtl(2 * lone) * sqrtl(2 * lone) - 2) < 1e-18L);
	UK_EXPECT(floorl(-1.5L * lone) == -2.0L);
}

UK_TEST(musl_math, rounding_follows_the_mode)
{
	UK_EXPECT_EQ(lrint(2.5 * one), 2);
	UK_EXPECT_EQ(fesetround(FE_UPWARD), 0);
	UK_EXPECT_EQ(lrint(2.1 * one), 3);
	UK_EXPECT_EQ(fesetround(FE_TONEAREST), 0);
	UK_EXPECT_EQ(lround(2.5 * one), 3);
}

UK_TEST(musl_math, exceptions_are_flags_and_no_traps)
{
	feclearexcept(FE_ALL_EXCEPT);
	UK_EXPECT(isinf(one / (two - 2)));
	UK_EXPECT(fetestexcept(FE_DIVBYZERO));
	UK_EXPECT(isnan(sqrt(-one)));
	UK_EXPECT(fetestexcept(FE_INVALID));
	feclearexcept(FE_ALL_EXCEPT);
}

#if UK_IS_ENABLED(CONFIG_LIBMUSL_COMPLEX)
#endif
