/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdint.h>

#include <uk/compiler.h>

/*
 * What a driver that knows the machine's CPUs does for lib/uklcpu.
 */
struct uk_lcpu_ops {
	const char *name;	/* "psci", … lives forever */

	/*
	 * Report each CPU that may be used by uk_lcpu_add(); the boot CPU is
	 * among them. Returns 0, or a negative errno, with the reason logged:
	 * what was reported counts.
	 */
	int (*find)(void);

	/*
	 * Let the CPU @hwid, the driver's number @cookie, begin at the
	 * physical address @entry. @attempt: 0 the first time; higher after
	 * it did not come within some milliseconds, up to UK_LCPU_ATTEMPTS -
	 * 1: it may run by then, and must not be disturbed. Returns 0, or a
	 * negative errno: it cannot be started.
	 */
	int (*start)(uint64_t hwid, uint64_t cookie, uint64_t entry,
		     unsigned int attempt);
};

#define UK_LCPU_ATTEMPTS	3

/*
 * This machine's CPUs are @ops' business; it lives forever. A later one is
 * asked if those before it found no CPU but the boot CPU.
 * Context: boot, stage CPU.
 */
void uk_lcpu_register(const struct uk_lcpu_ops *ops);

/*
 * From ops->find(): there is a CPU @hwid; @cookie comes back in ops->start().
 * Returns 0, or
 *   -EEXIST  it was reported before
 *   -ENOSPC  there are UK_LCPU_MAX already
 */
UK_MUST_USE
int uk_lcpu_add(uint64_t hwid, uint64_t cookie);
