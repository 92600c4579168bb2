/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/*
 * All FP and SIMD registers of this CPU: give each a value of its own that
 * depends on @seed, 1 to 3, and look later whether they have them still.
 * Nothing of the core touches them meanwhile, so who does is another thread.
 */
void fp_all_set(uint64_t seed);
bool fp_all_are(uint64_t seed);
