/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <errno.h>

#include <uk/sched.h>
#include <uk/test.h>
#include <uk/thread.h>

/*
 * Cases keep to one CPU; what is started between these two runs on all that
 * the scheduler uses.
 */
static inline void spread_to(uint64_t cpus)
{
	const int rc = uk_thread_set_affinity(uk_thread_current(), cpus);

	UK_EXPECT(rc == 0 || rc == -ENOTSUP);
}

static inline void spread_begin(void)
{
	spread_to(UK_THREAD_CPU_ANY);
}

static inline void spread_end(void)
{
	spread_to(1);
}
