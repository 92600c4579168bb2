/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <uk/abi/time.h>
#include <uk/compiler.h>
#include <uk/time.h>

/*
 * For libraries whose system calls take times: from the structures of Linux's
 * ABI to nanoseconds (<uk/time.h>) and back, and Linux's clocks by number.
 *
 * 64 bits of nanoseconds hold 584 years; what is longer is UK_TIME_NEVER, which
 * comes to the same.
 *
 * Context: thread; any, where nothing is copied.
 */

/* Is it a time or how long: not negative, nanoseconds below a second? */
static inline bool uk_timespec_is_valid(const struct uk_abi_timespec *ts)
{
	return ts->tv_sec >= 0 &&
	       (unsigned long)ts->tv_nsec < UK_TIME_NS_PER_SEC;
}

/* In nanoseconds; @ts is valid. */
static inline uint64_t uk_timespec_ns(const struct uk_abi_timespec *ts)
{
	uint64_t ns;

	if (__builtin_mul_overflow((uint64_t)ts->tv_sec, UK_TIME_NS_PER_SEC,
				   &ns) ||
	    __builtin_add_overflow(ns, (uint64_t)ts->tv_nsec, &ns))
		return UK_TIME_NEVER;
	return ns;
}

static inline struct uk_abi_timespec uk_timespec_of(uint64_t ns)
{
	return (struct uk_abi_timespec){
		.tv_sec = (long)(ns / UK_TIME_NS_PER_SEC),
		.tv_nsec = (long)(ns % UK_TIME_NS_PER_SEC),
	};
}

/* @a + @b; where that would wrap, UK_TIME_NEVER. */
static inline uint64_t uk_time_add(uint64_t a, uint64_t b)
{
	return a > UK_TIME_NEVER - b ? UK_TIME_NEVER : a + b;
}

/*
 * Read a caller's time at @from. Returns 0, or
 *   -EFAULT  it cannot be read
 *   -EINVAL  it is none
 */
UK_MUST_USE int uk_timespec_get(const struct uk_abi_timespec *from,
				uint64_t *ns);

/*
 * CPU time of @t, which is alive. Returns 0, or
 *   -EINVAL  nobody counts
 * Context: any but NMI, after the first call of a thread's.
 */
struct uk_thread;
UK_MUST_USE int uk_posix_clock_of(const struct uk_thread *t, uint64_t *ns);

/*
 * What clock @clk (UK_ABI_CLOCK_…) shows. Returns 0, or
 *   -EINVAL  there is none of that number, or it counts CPU time and nobody
 *            does (CONFIG_LIBUKSCHED_STATS), or that of another
 */
UK_MUST_USE int uk_posix_clock_get(int clk, uint64_t *ns);
