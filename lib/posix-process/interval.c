/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * sched_rr_get_interval(2). All policies have the scheduler's slices, so all
 * tell of them, where Linux has none for SCHED_FIFO. A scheduler without
 * slices tells of 0: a thread runs until it waits.
 */
#include <uk/abi/time.h>
#include <uk/config.h>
#include <uk/errno.h>
#include <uk/nofault.h>
#include <uk/syscall.h>
#include <uk/task.h>

#ifdef CONFIG_LIBUKSCHEDSMP_SLICE_MS
#define SLICE_MS	CONFIG_LIBUKSCHEDSMP_SLICE_MS
#else
#define SLICE_MS	0
#endif

UK_SYSCALL_R_DEFINE(long, sched_rr_get_interval, int, tid,
		    struct uk_abi_timespec *, to)
{
	const struct uk_abi_timespec slice = {
		.tv_sec = SLICE_MS / 1000,
		.tv_nsec = SLICE_MS % 1000 * 1000000L,
	};

	if (tid < 0)
		return -EINVAL;
	if (tid && !uk_task_exists(tid))
		return -ESRCH;
	return uk_nofault_memcpy(to, &slice, sizeof(slice), 0) ==
	       sizeof(slice) ? 0 : -EFAULT;
}
