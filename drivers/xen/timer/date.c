/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The date in the shared page (public/xen.h): that of system time 0, with a
 * version that is odd while it is written. A host that never comes to an end
 * has no date.
 */
#include "timer_priv.h"

#include <uk/errno.h>
#include <uk/xen_abi.h>

#define NS_PER_SEC	UINT64_C(1000000000)
#define TRIES		1000u

/* 2^63 ns: the year 2262. */
#define SEC_MAX		(UINT64_C(9223372036))

int xen_date(const struct uk_xen_shared *shared, uint64_t ns,
	     uint64_t *wall_ns)
{
	for (unsigned int i = 0; i < TRIES; i++) {
		const uint32_t version = __atomic_load_n(&shared->wall_version,
							 __ATOMIC_ACQUIRE);
		const uint64_t sec =
			(uint64_t)__atomic_load_n(&shared->wall_sec_high,
						  __ATOMIC_RELAXED) << 32 |
			__atomic_load_n(&shared->wall_sec, __ATOMIC_RELAXED);
		const uint32_t nsec = __atomic_load_n(&shared->wall_nsec,
						      __ATOMIC_RELAXED);

		/* All that was read is as old as the version after it. */
		__atomic_thread_fence(__ATOMIC_ACQUIRE);
		if (version & 1 || version != __atomic_load_n(
						      &shared->wall_version,
						      __ATOMIC_RELAXED))
			continue;
		if (sec == 0 || sec > SEC_MAX || nsec >= NS_PER_SEC)
			return -EIO;
		*wall_ns = sec * NS_PER_SEC + nsec + ns;
		return 0;
	}
	return -EIO;
}
