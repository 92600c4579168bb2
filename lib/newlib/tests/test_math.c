/* SPDX-License-Identifier: BSD-3-Clause */
#include <complex.h>
#include <errno.h>
#include <fenv.h>
#include <math.h>
#include <stdlib.h>

#include <uk/config.h>
#include <uk/test.h>

/* Values that the compiler does not know. */
static volatile double one = 1, two = 2, three = 3;

static bool near(double a, double b)
{
	return fabs(a - b) <= fabs(b) * 0x1p-52;
}

UK_TEST(newlib_math, elementary_functions_have_their_known_values)
{
	UK_EXPECT(near(sqrt(two), 0x1.6a09e667f3bcdp+0));
	UK_EXPECT(near(exp(one), 0x1.5bf0a8b145769p+1));
	UK_EXPECT(near(log(two), 0x1.62e42fefa39efp-1));
	UK_EXPECT(near(sin(one), 0x1.aed548f090ceep-1));
	UK_EXPECT(near(cos(one), 0x1.14a280fb5068cp-1));
	UK_EXPECT(near(atan2(one, two), 0x1.dac670561bb4fp-2));
	UK_EXPECT(near(pow(two, 0.5), 0x1.6a09e667f3bcdp+0));
	UK_EXPECT(fabs(tgamma(6 * one) - 120) < 1e-9);
	UK_EXPECT(fma(two, three, one) == 7);
	UK_EXPECT(hypot(three, 4 * one) == 5);
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

/* arm64: newlib has none of it. */
#ifdef FE_UPWARD
UK_TEST(newlib_math, rounding_follows_the_mode)
{
	UK_EXPECT_EQ(lrint(2.5 * one), 2);
	UK_EXPECT_EQ(fesetround(FE_UPWARD), 0);
	UK_EXPECT_EQ(lrint(2.1 * one), 3);
	UK_EXPECT_EQ(fesetround(FE_TONEAREST), 0);
	UK_EXPECT_EQ(lround(2.5 * one), 3);
}

UK_TEST(newlib_math, exceptions_are_flags_and_no_traps)
{
	feclearexcept(FE_ALL_EXCEPT);
	UK_EXPECT(isinf(one / (two - 2)));
	UK_EXPECT(fetestexcept(FE_DIVBYZERO));
	UK_EXPECT(isnan(sqrt(-one)));
	UK_EXPECT(fetestexcept(FE_INVALID));
	feclearexcept(FE_ALL_EXCEPT);
}
#endif

#if UK_IS_ENABLED(CONFIG_LIBNEWLIB_COMPLEX)
UK_TEST(newlib_math, complex_numbers_multiply_and_have_roots)
{
	const double complex z = (one + two * I) * (three + one * I);

	UK_EXPECT(creal(z) == 1 && cimag(z) == 7);
	UK_EXPECT(near(creal(csqrt(-4 * one + 0 * I)) + 1, 1));
	UK_EXPECT(near(cimag(csqrt(-4 * one + 0 * I)), 2));
	UK_EXPECT(near(cabs(three + 4 * one * I), 5));
}
#endif
