/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/*
 * Does a CPU with these CPUID values (leaf 0x80000000 eax, 0x80000007 edx) say
 * that its counter never changes its rate?
 */
bool tsc_is_invariant(uint32_t max_leaf, uint32_t power_edx);
