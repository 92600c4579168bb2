/* SPDX-License-Identifier: BSD-3-Clause */
/* Whose CPU time a clock counts, by the numbers of lib/posix-process. */
#include <uk/posix_time.h>

#include <uk/errno.h>
#include <uk/task.h>

#include "posix_time_priv.h"

static long get(struct uk_task *task, void *ns)
{
	return uk_posix_clock_of(task->thread, ns);
}

int ptime_by_number(int id, bool is_thread, uint64_t *ns)
{
	if (is_thread)
		return uk_task_with(id, get, ns) == 0 ? 0 : -EINVAL;
	return id == UK_TASK_PROCESS ? ptime_process(ns) : -EINVAL;
}
