/* SPDX-License-Identifier: BSD-3-Clause */
/* Times to wait: checked as Linux checks them, and never wrapping. */
#include <uk/timeout.h>

#include <uk/abi/time.h>
#include <uk/errno.h>
#include <uk/nofault.h>

int uk_timeout_of(int64_t sec, int64_t nsec, uint64_t *ns)
{
	if (sec < 0 || nsec < 0 || nsec >= (int64_t)UK_TIME_NS_PER_SEC)
		return -EINVAL;
	if ((uint64_t)sec >= UK_TIME_NEVER / UK_TIME_NS_PER_SEC)
		*ns = UK_TIME_NEVER;
	else
		*ns = (uint64_t)sec * UK_TIME_NS_PER_SEC + (uint64_t)nsec;
	return 0;
}

int uk_timeout_read(const struct uk_abi_timespec *ts, uint64_t *ns)
{
	struct uk_abi_timespec t;

	if (!ts) {
		*ns = UK_TIME_NEVER;
		return 0;
	}
	if (!uk_nofault_try_read(t, ts))
		return -EFAULT;
	return uk_timeout_of(t.tv_sec, t.tv_nsec, ns);
}

uint64_t uk_timeout_deadline(uint64_t ns)
{
	uint64_t now;

	if (ns == UK_TIME_NEVER)
		return UK_TIME_NEVER;
	now = uk_time_now();
	return ns > UK_TIME_NEVER - now ? UK_TIME_NEVER : now + ns;
}
