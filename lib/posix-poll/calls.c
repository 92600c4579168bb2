/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The four calls: times in, masks, and what is left of a time out again. That
 * is told whatever the result, but for an error in what the call was given for
 * it; and where it cannot be written, the result stands all the same.
 */
#include "poll_priv.h"

#include <stddef.h>

#include <uk/abi/time.h>
#include <uk/errno.h>
#include <uk/nofault.h>
#include <uk/syscall.h>
#include <uk/time.h>
#include <uk/timeout.h>
#include <uk/waitmask.h>

/* A time that is written back. */
struct span {
	struct uk_abi_timespec ts;
	uint64_t ns;
	uint64_t start_ns;
};

/* Returns 0, or -EINVAL. */
static int begin(struct span *s, int64_t sec, int64_t nsec)
{
	const int rc = uk_timeout_of(sec, nsec, &s->ns);

	if (rc < 0)
		return rc;
	s->ts = (struct uk_abi_timespec){ sec, nsec };
	/* Of none nothing is left, and nobody asks what time it is. */
	s->start_ns = s->ns ? uk_time_now() : 0;
	return 0;
}

/* @s becomes what is left of it. False: there is nothing to write. */
static bool take_left(struct span *s)
{
	const int64_t ns_per_sec = (int64_t)UK_TIME_NS_PER_SEC;
	uint64_t gone_ns;

	if (s->ns == 0)
		return false;
	gone_ns = uk_time_now() - s->start_ns;
	s->ts.tv_sec -= (int64_t)(gone_ns / UK_TIME_NS_PER_SEC);
	s->ts.tv_nsec -= (int64_t)(gone_ns % UK_TIME_NS_PER_SEC);
	if (s->ts.tv_nsec < 0) {
		s->ts.tv_nsec += ns_per_sec;
		s->ts.tv_sec--;
	}
	if (s->ts.tv_sec < 0)
		s->ts = (struct uk_abi_timespec){ 0, 0 };
	return true;
}

static int begin_ts(struct span *s, const struct uk_abi_timespec *ts)
{
	struct uk_abi_timespec t;

	s->ns = UK_TIME_NEVER;
	if (!ts)
		return 0;
	if (!uk_nofault_try_read(t, ts))
		return -EFAULT;
	return begin(s, t.tv_sec, t.tv_nsec);
}

static void end_ts(struct span *s, struct uk_abi_timespec *ts)
{
	if (ts && take_left(s))
		(void)!uk_nofault_memcpy(ts, &s->ts, sizeof(s->ts), 0);
}

UK_SYSCALL_R_DEFINE(int, poll, struct uk_abi_pollfd *, fds,
		    unsigned int, nfds, int, timeout_ms)
{
	return poll_files(fds, nfds, uk_timeout_of_ms(timeout_ms));
}

UK_SYSCALL_R_DEFINE(int, ppoll, struct uk_abi_pollfd *, fds,
		    unsigned int, nfds, struct uk_abi_timespec *, ts,
		    const void *, mask, size_t, len)
{
	struct span s;
	int rc;

	rc = begin_ts(&s, ts);
	if (rc < 0)
		return rc;
	rc = uk_waitmask_begin(mask, len);
	if (rc < 0)
		return rc;
	rc = poll_files(fds, nfds, s.ns);
	uk_waitmask_end(mask, rc);
	end_ts(&s, ts);
	return rc;
}

/* More than a second of microseconds is carried, as on Linux. */
static int begin_tv(struct span *s, const struct uk_abi_timeval *tv)
{
	const int64_t us_per_sec = 1000000;
	struct uk_abi_timeval t;
	int64_t sec;

	s->ns = UK_TIME_NEVER;
	if (!tv)
		return 0;
	if (!uk_nofault_try_read(t, tv))
		return -EFAULT;
	if (__builtin_add_overflow(t.tv_sec, t.tv_usec / us_per_sec, &sec))
		return -EINVAL;
	return begin(s, sec, t.tv_usec % us_per_sec * 1000);
}

UK_SYSCALL_R_DEFINE(int, select, int, nfds, void *, in, void *, out,
		    void *, ex, struct uk_abi_timeval *, tv)
{
	struct span s;
	int rc;

	rc = begin_tv(&s, tv);
	if (rc < 0)
		return rc;
	rc = poll_select(nfds, in, out, ex, s.ns);
	if (tv && take_left(&s)) {
		const struct uk_abi_timeval left = {
			s.ts.tv_sec, s.ts.tv_nsec / 1000,
		};

		(void)!uk_nofault_memcpy(tv, &left, sizeof(left), 0);
	}
	return rc;
}

UK_SYSCALL_R_DEFINE(int, pselect6, int, nfds, void *, in, void *, out,
		    void *, ex, struct uk_abi_timespec *, ts,
		    const struct uk_abi_sigset_arg *, sig)
{
	struct uk_abi_sigset_arg arg = { NULL, 0 };
	struct span s;
	int rc;

	if (sig && !uk_nofault_try_read(arg, sig))
		return -EFAULT;
	rc = begin_ts(&s, ts);
	if (rc < 0)
		return rc;
	rc = uk_waitmask_begin(arg.mask, arg.len);
	if (rc < 0)
		return rc;
	rc = poll_select(nfds, in, out, ex, s.ns);
	uk_waitmask_end(arg.mask, rc);
	end_ts(&s, ts);
	return rc;
}
