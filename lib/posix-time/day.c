/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The older calls: seconds and microseconds of wall time, and the time zone,
 * which is a word that whoever sets it may read again. The clock is never
 * moved by it: it is UTC.
 */
#include <uk/posix_time.h>

#include <stddef.h>

#include <uk/errno.h>
#include <uk/syscall.h>

#include "posix_time_priv.h"

#define US_PER_SEC	1000000ul

/* settimeofday(2): so many minutes east and west at most. */
#define ZONE_MOST	(15 * 60)

/* A struct uk_abi_timezone; atomic, relaxed: nothing hangs on it. */
static uint64_t zone;

static int put_zone(struct uk_abi_timezone *to)
{
	const uint64_t tz = __atomic_load_n(&zone, __ATOMIC_RELAXED);

	return ptime_put(to, &tz, sizeof(*to));
}

static void set_zone(const struct uk_abi_timezone *tz)
{
	const uint64_t west = (uint32_t)tz->tz_minuteswest;
	const uint64_t dst = (uint32_t)tz->tz_dsttime;

	__atomic_store_n(&zone, dst << 32 | west, __ATOMIC_RELAXED);
}

UK_SYSCALL_R_DEFINE(int, gettimeofday, struct uk_abi_timeval *, to,
		    struct uk_abi_timezone *, tz)
{
	if (to) {
		const uint64_t ns = uk_time_wall();
		const struct uk_abi_timeval tv = {
			.tv_sec = (long)(ns / UK_TIME_NS_PER_SEC),
			.tv_usec = (long)(ns % UK_TIME_NS_PER_SEC /
					  UK_TIME_NS_PER_US),
		};
		const int rc = ptime_put(to, &tv, sizeof(tv));

		if (rc < 0)
			return rc;
	}
	return tz ? put_zone(tz) : 0;
}

/* All is read and checked before anything is set. */
UK_SYSCALL_R_DEFINE(int, settimeofday, const struct uk_abi_timeval *, from,
		    const struct uk_abi_timezone *, from_zone)
{
	struct uk_abi_timeval tv = { .tv_sec = 0 };
	struct uk_abi_timezone tz = { .tz_minuteswest = 0 };
	int rc;

	if (from) {
		rc = ptime_take(&tv, from, sizeof(tv));
		if (rc < 0)
			return rc;
		if ((unsigned long)tv.tv_usec >= US_PER_SEC)
			return -EINVAL;
	}
	if (from_zone) {
		rc = ptime_take(&tz, from_zone, sizeof(tz));
		if (rc < 0)
			return rc;
		if (tz.tz_minuteswest > ZONE_MOST ||
		    tz.tz_minuteswest < -ZONE_MOST)
			return -EINVAL;
	}
	if (from) {
		rc = ptime_set(tv.tv_sec,
			       tv.tv_usec * (long)UK_TIME_NS_PER_US);
		if (rc < 0)
			return rc;
	}
	if (from_zone)
		set_zone(&tz);
	return 0;
}

UK_SYSCALL_R_DEFINE(long, time, long *, to)
{
	const long sec = (long)(uk_time_wall() / UK_TIME_NS_PER_SEC);
	const int rc = to ? ptime_put(to, &sec, sizeof(sec)) : 0;

	return rc < 0 ? rc : sec;
}

/* All CPU time is the program's: there is no border to the system. */
UK_SYSCALL_R_DEFINE(long, times, struct uk_abi_tms *, to)
{
	const uint64_t tick_ns = UK_TIME_NS_PER_SEC / UK_ABI_CLK_TCK;
	struct uk_abi_tms tms = { .tms_utime = 0 };
	uint64_t ns;

	if (to && ptime_process(&ns) == 0)
		tms.tms_utime = (long)(ns / tick_ns);
	if (to && ptime_put(to, &tms, sizeof(tms)) < 0)
		return -EFAULT;
	return (long)(uk_time_now() / tick_ns);
}
