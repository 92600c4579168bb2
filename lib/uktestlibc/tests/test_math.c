/* SPDX-License-Identifier: BSD-3-Clause */
#include <fenv.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include <uk/config.h>
#include <uk/test.h>

/* Values that the compiler does not know. */
static volatile double one = 1, two = 2, three = 3;

static bool near(double a, double b)
{
	return fabs(a - b) <= fabs(b) * 0x1p-52;
}

UK_TEST(libc_math, elementary_functions_have_their_known_values)
{
	UK_EXPECT(near(sqrt(two), 0x1.6a09e667f3bcdp+0));
	UK_EXPECT(near(exp(one), 0x1.5bf0a8b145769p+1));
	UK_EXPECT(near(log(two), 0x1.62e42fefa39efp-1));
	UK_EXPECT(near(sin(one), 0x1.aed548f090ceep-1));
	UK_EXPECT(near(cos(one), 0x1.14a280fb5068cp-1));
	UK_EXPECT(near(atan2(one, two), 0x1.dac670561bb4fp-2));
	UK_EXPECT(near(pow(two, 0.5), 0x1.6a09e667f3bcdp+0));
	UK_EXPECT(fma(two, three, one) == 7);
	UK_EXPECT(hypot(three, 4 * one) == 5);
}

/* newlib on arm64 has none of it. */
#ifdef FE_UPWARD
UK_TEST(libc_math, rounding_follows_the_mode)
{
	UK_EXPECT_EQ(lrint(2.5 * one), 2);
	UK_EXPECT_EQ(fesetround(FE_UPWARD), 0);
	UK_EXPECT_EQ(lrint(2.1 * one), 3);
	UK_EXPECT_EQ(fesetround(FE_TONEAREST), 0);
	UK_EXPECT_EQ(lround(2.5 * one), 3);
}

UK_TEST(libc_math, exceptions_are_flags_and_no_traps)
{
	feclearexcept(FE_ALL_EXCEPT);
	UK_EXPECT(isinf(one / (two - 2)));
	UK_EXPECT(fetestexcept(FE_DIVBYZERO));
	UK_EXPECT(isnan(sqrt(-one)));
	UK_EXPECT(fetestexcept(FE_INVALID));
	feclearexcept(FE_ALL_EXCEPT);
}
#endif
