/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Linux's clocks are two of lib/uktime, wall time and monotonic time, by other
 * numbers: this machine never sleeps, so time since boot is monotonic time;
 * nobody adjusts its rate, so the raw one is too; TAI is wall time, as on Linux
 * before somebody has told the number of leap seconds. The coarse ones are not
 * coarse: they would save a reading of the counter, and cost a tick.
 *
 * CPU time is beside them (cpu.c).
 */
#include <uk/posix_time.h>

#include <stdbool.h>
#include <stddef.h>

#include <uk/errno.h>
#include <uk/syscall.h>

#include "posix_time_priv.h"

/* clock_settime(2) of Linux: room for 30 years of uptime below 2^63 ns. */
#define SET_MAX_SEC	(INT64_MAX / (long)UK_TIME_NS_PER_SEC - \
			 30L * 365 * 24 * 60 * 60)

#define BIT(clk)	(1u << (clk))
#define WALL		(BIT(UK_ABI_CLOCK_REALTIME) |			\
			 BIT(UK_ABI_CLOCK_REALTIME_COARSE) |		\
			 BIT(UK_ABI_CLOCK_TAI))
#define MONOTONIC	(BIT(UK_ABI_CLOCK_MONOTONIC) |			\
			 BIT(UK_ABI_CLOCK_MONOTONIC_RAW) |		\
			 BIT(UK_ABI_CLOCK_MONOTONIC_COARSE) |		\
			 BIT(UK_ABI_CLOCK_BOOTTIME))

static inline bool is_in(unsigned int set, int clk)
{
	return (unsigned int)clk <= UK_ABI_CLOCK_MAX && (set >> clk & 1);
}

static int cpu_get(int clk, uint64_t *ns)
{
	if (clk == UK_ABI_CLOCK_PROCESS_CPUTIME_ID)
		return ptime_process(ns);
	if (clk == UK_ABI_CLOCK_THREAD_CPUTIME_ID)
		return ptime_thread(ns);
	return clk < 0 ? ptime_cpu_clock(clk, ns) : -EINVAL;
}

static UK_ALWAYS_INLINE int get(int clk, uint64_t *ns)
{
	if (UK_LIKELY(is_in(MONOTONIC, clk)))
		*ns = uk_time_now();
	else if (UK_LIKELY(is_in(WALL, clk)))
		*ns = uk_time_wall();
	else
		return cpu_get(clk, ns);
	return 0;
}

int uk_posix_clock_get(int clk, uint64_t *ns)
{
	return get(clk, ns);
}

int uk_timespec_get(const struct uk_abi_timespec *from, uint64_t *ns)
{
	struct uk_abi_timespec ts;
	const int rc = ptime_take(&ts, from, sizeof(ts));

	if (rc < 0)
		return rc;
	if (!uk_timespec_is_valid(&ts))
		return -EINVAL;
	*ns = uk_timespec_ns(&ts);
	return 0;
}

/*
 * Wall time is not set to before boot, which then had been before 1970; Linux
 * refuses that too.
 */
int ptime_set(long sec, long nsec)
{
	const struct uk_abi_timespec ts = { .tv_sec = sec, .tv_nsec = nsec };

	if (!uk_timespec_is_valid(&ts) || sec >= SET_MAX_SEC ||
	    uk_timespec_ns(&ts) < uk_time_now())
		return -EINVAL;
	uk_time_wall_set(uk_timespec_ns(&ts));
	return 0;
}

UK_SYSCALL_R_DEFINE(int, clock_gettime, int, clk,
		    struct uk_abi_timespec *, to)
{
	struct uk_abi_timespec ts;
	uint64_t ns;
	const int rc = get(clk, &ns);

	if (UK_UNLIKELY(rc < 0))
		return rc;
	ts = uk_timespec_of(ns);
	return ptime_put(to, &ts, sizeof(ts));
}

UK_SYSCALL_R_DEFINE(int, clock_getres, int, clk, struct uk_abi_timespec *, to)
{
	struct uk_abi_timespec ts;
	uint64_t ns;
	const int rc = get(clk, &ns);

	if (rc < 0 || !to)
		return rc;
	ts = uk_timespec_of(uk_time_resolution());
	return ptime_put(to, &ts, sizeof(ts));
}

/* The order of errors is Linux's: it has functions for each clock. */
UK_SYSCALL_R_DEFINE(int, clock_settime, int, clk,
		    const struct uk_abi_timespec *, from)
{
	struct uk_abi_timespec ts;
	uint64_t ns;
	int rc;

	if (clk > 0)
		return -EINVAL;
	rc = ptime_take(&ts, from, sizeof(ts));
	if (rc < 0)
		return rc;
	if (clk == UK_ABI_CLOCK_REALTIME)
		return ptime_set(ts.tv_sec, ts.tv_nsec);
	rc = cpu_get(clk, &ns);
	return rc < 0 ? rc : -EPERM;
}
