/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdint.h>

/*
 * Between counts of a steady rate and nanoseconds, without a division.
 *
 * Both factors are fixed-point numbers of 64 bits, rounded up, and products
 * have 128. The fractions are as long as 1 kHz to 10 GHz allow: the factors
 * are exact to 1 in 10^12, which is 3 ms in 100 years.
 *
 * Context: any.
 */
#define UK_CLOCK_MIN_HZ		UINT64_C(1000)
#define UK_CLOCK_MAX_HZ		UINT64_C(10000000000)

#define UK_CLOCK_NS_FRACTION	44
#define UK_CLOCK_COUNT_FRACTION	60

struct uk_clock_scale {
	uint64_t ns_per_count;	/* fixed point, UK_CLOCK_NS_FRACTION bits */
	uint64_t counts_per_ns;	/* the same, UK_CLOCK_COUNT_FRACTION bits */
};

/* Set @scale for @hz, UK_CLOCK_MIN_HZ to UK_CLOCK_MAX_HZ. */
void uk_clock_scale_set(struct uk_clock_scale *scale, uint64_t hz);

/* Nanoseconds in @count, rounded down; the result is less than 2^64. */
static inline uint64_t uk_clock_to_ns(const struct uk_clock_scale *scale,
				      uint64_t count)
{
	return (uint64_t)((unsigned __int128)count * scale->ns_per_count >>
			  UK_CLOCK_NS_FRACTION);
}

/*
 * Counts that take @ns at least, and one more at most; the result is less than
 * 2^64. A timer set to it is not early by the conversion above.
 */
static inline uint64_t uk_clock_to_count(const struct uk_clock_scale *scale,
					 uint64_t ns)
{
	return (uint64_t)((unsigned __int128)ns * scale->counts_per_ns >>
			  UK_CLOCK_COUNT_FRACTION) + 1;
}
