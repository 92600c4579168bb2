/* SPDX-License-Identifier: BSD-3-Clause */
#include <sys/time.h>
#include <sys/times.h>
#include <time.h>

#include "newlib_priv.h"

#define NSEC_PER_CLOCK	(1000000000 / CLOCKS_PER_SEC)

int _gettimeofday_r(struct _reent *r, struct timeval *tv, void *tz)
{
	return newlib_result(r, uk_syscall_r_gettimeofday((long)tv, (long)tz));
}

clock_t _times_r(struct _reent *r, struct tms *t)
{
	return newlib_result(r, uk_syscall_r_times((long)t));
}

int clock_gettime(clockid_t id, struct timespec *ts)
{
	return newlib_result(_REENT, uk_syscall_r_clock_gettime(
		(long)id, (long)ts));
}

int clock_getres(clockid_t id, struct timespec *ts)
{
	return newlib_result(_REENT, uk_syscall_r_clock_getres(
		(long)id, (long)ts));
}

int clock_settime(clockid_t id, const struct timespec *ts)
{
	return newlib_result(_REENT, uk_syscall_r_clock_settime(
		(long)id, (long)ts));
}

/* Its result is the error. */
int clock_nanosleep(clockid_t id, int flags, const struct timespec *ts,
		    struct timespec *left)
{
	return (int)-uk_syscall_r_clock_nanosleep((long)id, flags, (long)ts,
						  (long)left);
}

int nanosleep(const struct timespec *ts, struct timespec *left)
{
	return newlib_result(_REENT, uk_syscall_r_nanosleep(
		(long)ts, (long)left));
}

/* CPU time of the program; newlib's counts in the hundredths of times(). */
clock_t clock(void)
{
	struct timespec ts;

	if (clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts) < 0)
		return (clock_t)-1;
	return (clock_t)(ts.tv_sec * CLOCKS_PER_SEC +
			 ts.tv_nsec / NSEC_PER_CLOCK);
}
