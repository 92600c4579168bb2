/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdint.h>

/* The same numbers each time (Knuth's MMIX constants, upper half). */
static inline uint32_t rng_next(uint64_t *state)
{
	*state = *state * UINT64_C(6364136223846793005) +
		 UINT64_C(1442695040888963407);
	return (uint32_t)(*state >> 32);
}

/* 0 to @below - 1 */
static inline uint32_t rng_below(uint64_t *state, uint32_t below)
{
	return (uint32_t)((uint64_t)rng_next(state) * below >> 32);
}
