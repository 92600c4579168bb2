/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/*
 * FP and SIMD registers that a call preserves: give them values that depend on
 * @seed, 0 to 3, and look whether they have them. 0 is what a program begins
 * with, as far as it begins with anything.
 */
void fp_probe_set(uint64_t seed);
bool fp_probe_is(uint64_t seed);

/* Has the running thread the rounding that a program begins with? */
bool fp_probe_is_fresh(void);
