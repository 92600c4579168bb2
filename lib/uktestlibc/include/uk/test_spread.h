/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <uk/errno.h>
#include <uk/sched.h>
#include <uk/test.h>
#include <uk/thread.h>

/*
 * Cases keep to one CPU, and so does what they start. What is started between
 * these two, by a C library too, runs on all CPUs that the scheduler uses.
 * Context: thread; an image with CONFIG_LIBUKTESTLIBC_THREADS.
 */
static inline void uk_test_spread_to_(uint64_t cpus)
{
	const int rc = uk_thread_set_affinity(uk_thread_current(), cpus);

	UK_EXPECT(rc == 0 || rc == -ENOTSUP);
}

static inline void uk_test_spread_begin(void)
{
	uk_test_spread_to_(UK_THREAD_CPU_ANY);
}

static inline void uk_test_spread_end(void)
{
	uk_test_spread_to_(1);
}
