/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* What CPUID says that matters here; 0 where there is no such leaf. */
struct lapic_leaves {
	uint32_t features;	/* leaf 1, ecx */
	uint32_t power;		/* leaf 0x80000007, edx */
	uint32_t ratio[3];	/* leaf 0x15: eax, ebx, ecx */
	uint32_t bus_khz;	/* leaf 0x40000010, ebx */
};

/*
 * The rate that the timer counts at, before it is divided; 0: nobody tells.
 * A hypervisor's timer has nothing to do with the crystal of the machine below,
 * whose leaf 0x15 it may pass on; so there its own leaf counts alone.
 */
uint64_t lapic_told_hz(const struct lapic_leaves *leaves);

/* Can it interrupt at a value of a TSC that never changes its rate? */
bool lapic_has_deadline(const struct lapic_leaves *leaves);
