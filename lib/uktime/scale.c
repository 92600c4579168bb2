/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A quotient with a fraction, by long division in 64 bits: the remainder is
 * below the divisor, so it can be shifted by as many bits as that leaves free.
 */
#include <uk/clock_scale.h>

#include <uk/assert.h>

#define NS_PER_SEC	UINT64_C(1000000000)
#define MAX_DIVISOR_BITS	34	/* of UK_CLOCK_MAX_HZ */
#define STEP	(64 - MAX_DIVISOR_BITS)

/* @num / @den with @fraction bits after the point, rounded up. */
static uint64_t ratio(uint64_t num, uint64_t den, unsigned int fraction)
{
	uint64_t quotient = num / den;
	uint64_t rest = num % den;

	while (fraction > 0) {
		const unsigned int bits = fraction < STEP ? fraction : STEP;

		rest <<= bits;
		quotient = quotient << bits | rest / den;
		rest %= den;
		fraction -= bits;
	}
	return quotient + (rest != 0);
}

void uk_clock_scale_set(struct uk_clock_scale *scale, uint64_t hz)
{
	UK_ASSERT(hz >= UK_CLOCK_MIN_HZ && hz <= UK_CLOCK_MAX_HZ);

	scale->ns_per_count = ratio(NS_PER_SEC, hz, UK_CLOCK_NS_FRACTION);
	scale->counts_per_ns = ratio(hz, NS_PER_SEC, UK_CLOCK_COUNT_FRACTION);
}
