/* SPDX-License-Identifier: BSD-3-Clause */
#include <complex.h>
#include <math.h>
#include <stdbool.h>

#include <uk/test.h>

/* Values that the compiler does not know. */
static volatile double one = 1, two = 2, three = 3;

static bool near(double a, double b)
{
	return fabs(a - b) <= fabs(b) * 0x1p-52;
}

UK_TEST(libc_complex, complex_numbers_multiply_and_have_roots)
{
	const double complex z = (one + two * I) * (three + one * I);

	UK_EXPECT(creal(z) == 1 && cimag(z) == 7);
	UK_EXPECT(near(creal(csqrt(-4 * one + 0 * I)) + 1, 1));
	UK_EXPECT(near(cimag(csqrt(-4 * one + 0 * I)), 2));
	UK_EXPECT(near(cabs(three + 4 * one * I), 5));
}
