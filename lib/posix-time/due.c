/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Expirations are not counted when they happen but when somebody asks: the
 * number of intervals that have passed since the first one. So a periodic
 * timer is never behind, whatever its interval and however late it is looked
 * at, and costs nothing while nobody does.
 */
#include <uk/itimer.h>

#include <uk/posix_time.h>

uint64_t uk_due_take(struct uk_due *d, uint64_t now_ns)
{
	uint64_t n, pass_ns;

	if (!d->armed || now_ns < d->at_ns)
		return 0;
	if (d->interval_ns == 0) {
		d->armed = false;
		return 1;
	}
	n = (now_ns - d->at_ns) / d->interval_ns + 1;
	if (__builtin_mul_overflow(n, d->interval_ns, &pass_ns))
		pass_ns = UK_TIME_NEVER;
	d->at_ns = uk_time_add(d->at_ns, pass_ns);
	return n;
}

uint64_t uk_due_left(const struct uk_due *d, uint64_t now_ns)
{
	if (!d->armed)
		return 0;
	if (now_ns < d->at_ns)
		return d->at_ns - now_ns;
	if (d->interval_ns == 0)
		return 0;
	return d->interval_ns - (now_ns - d->at_ns) % d->interval_ns;
}
