/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * getrusage(2): CPU time, all of it the program's, how often threads left their
 * CPUs, and memory that was mapped on demand. The rest nobody counts. There are
 * no children.
 */
#include <uk/posix_time.h>

#include <stddef.h>

#include <uk/abi/resource.h>
#include <uk/errno.h>
#include <uk/syscall.h>
#include <uk/thread.h>

#include "posix_time_priv.h"

static void put_time(struct uk_abi_rusage *usage, uint64_t ns)
{
	usage->utime.tv_sec = (long)(ns / UK_TIME_NS_PER_SEC);
	usage->utime.tv_usec = (long)(ns % UK_TIME_NS_PER_SEC /
				      UK_TIME_NS_PER_US);
}

static void put_switches(struct uk_abi_rusage *usage,
			 const struct uk_thread_stats *s)
{
	/* Both are read while the thread may run. */
	usage->nvcsw = (long)(s->nswitches > s->npreempted ?
			      s->nswitches - s->npreempted : 0);
	usage->nivcsw = (long)s->npreempted;
}

/* All threads share it. No fault has to wait for a disk. */
static void put_memory(struct uk_abi_rusage *usage, bool faults)
{
	size_t most;
	uint64_t nfaults;

	ptime_memory(&most, &nfaults);
	usage->maxrss = (long)(most / 1024);
	if (faults)
		usage->minflt = (long)nfaults;
}

/* Where nobody counts all is 0, as times(2) has it. */
static void get_process(struct uk_abi_rusage *usage)
{
	struct uk_thread_stats stats;
	uint64_t ns;

	if (ptime_process(&ns) == 0)
		put_time(usage, ns);
	if (uk_thread_stats_all(&stats) == 0)
		put_switches(usage, &stats);
	put_memory(usage, true);
}

static void get_thread(struct uk_abi_rusage *usage)
{
	struct uk_thread_stats stats;
	uint64_t ns;

	if (ptime_thread(&ns) == 0)
		put_time(usage, ns);
	if (uk_thread_stats_get(uk_thread_current(), &stats) == 0)
		put_switches(usage, &stats);
	put_memory(usage, false);
}

UK_SYSCALL_R_DEFINE(int, getrusage, int, who, struct uk_abi_rusage *, to)
{
	struct uk_abi_rusage usage = { .maxrss = 0 };

	switch (who) {
	case UK_ABI_RUSAGE_SELF:
		get_process(&usage);
		break;
	case UK_ABI_RUSAGE_THREAD:
		get_thread(&usage);
		break;
	case UK_ABI_RUSAGE_CHILDREN:
		break;
	default:
		return -EINVAL;
	}
	return ptime_put(to, &usage, sizeof(usage));
}
