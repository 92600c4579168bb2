/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdint.h>

/*
 * The next of the numbers that follow from *@state, which is not 0 and is
 * changed: the same ones each time, for cases that try many things. They are
 * Marsaglia's xorshift64 (Journal of Statistical Software 8, 14), of which the
 * upper bits are the better ones; each but 0 comes once in 2^64 - 1. Context:
 * any, one user of @state at a time.
 */
static inline uint64_t uk_test_draw(uint64_t *state)
{
	uint64_t x = *state;

	x ^= x << 13;
	x ^= x >> 7;
	x ^= x << 17;
	return *state = x;
}
