/* SPDX-License-Identifier: BSD-3-Clause */
#include "musl_priv.h"

#include <uk/task.h>
#include <uk/thread.h>

/* Every thread that programs can see has a task by now. */
int musl_system_tid(const struct uk_thread *t)
{
	const struct uk_task *const task = t->cur.task;

	return task ? task->tid : 0;
}
