/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <uk/compiler.h>

/* What is said of it, mostly by CPUID; 0 where there is no such leaf. */
struct lapic_leaves {
	uint32_t features;	/* leaf 1, ecx */
	uint32_t power;		/* leaf 0x80000007, edx */
	uint32_t ratio[3];	/* leaf 0x15: eax, ebx, ecx */
	uint32_t bus_khz;	/* leaf 0x40000010, ebx */
	uint64_t host_hz;	/* a hypervisor's driver says so */
};

/*
 * The rate that the timer counts at, before it is divided; 0: nobody tells.
 * A hypervisor's timer has nothing to do with the crystal of the machine below,
 * whose leaf 0x15 it may pass on; so there its own leaf counts alone.
 */
uint64_t lapic_told_hz(const struct lapic_leaves *leaves);

/*
 * How fast @count goes up, in nanoseconds of @now: at least *@hz, and no more
 * than 1 in 256 faster if the CPU is not away all the time. It takes 1 ms, or
 * 10 ms where reading is slow. Whatever holds the CPU up makes *@hz smaller,
 * never larger. Returns 0, or -EIO: one of them does not move.
 */
UK_MUST_USE int lapic_measure(uint64_t (*count)(void), uint64_t (*now)(void),
			      uint64_t *hz);

/*
 * Can it interrupt at a value of the TSC, and is the rate of that known
 * whenever it is set: because it never changes, or as it @is_followed?
 */
bool lapic_has_deadline(const struct lapic_leaves *leaves, bool is_followed);
