/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdint.h>

#include <uk/compiler.h>
#include <uk/time.h>

/*
 * How long a call may wait, as a program says it: nanoseconds, 0 for not at
 * all, UK_TIME_NEVER for as long as it takes, which is also what more than 64
 * bits hold becomes (584 years).
 *
 * Context: thread.
 */

struct uk_abi_timespec;

/*
 * Make *@ns of @sec seconds and @nsec nanoseconds. Returns 0, or
 *   -EINVAL  @sec is negative, or @nsec not below a second
 */
UK_MUST_USE int uk_timeout_of(int64_t sec, int64_t nsec, uint64_t *ns);

/*
 * The same of @ts, a program's; NULL: UK_TIME_NEVER. Returns also
 *   -EFAULT  it cannot be read
 */
UK_MUST_USE int uk_timeout_read(const struct uk_abi_timespec *ts,
				uint64_t *ns);

/* Of milliseconds; below 0: UK_TIME_NEVER. */
static inline uint64_t uk_timeout_of_ms(int ms)
{
	return ms < 0 ? UK_TIME_NEVER : (uint64_t)ms * UK_TIME_NS_PER_MS;
}

/* When @ns from now is, or UK_TIME_NEVER. */
uint64_t uk_timeout_deadline(uint64_t ns);
