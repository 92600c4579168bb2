/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Who is who. One process, which leads its group and its session, and has no
 * parent: that is 0, as for the first process of a Linux system.
 */
#include <uk/errno.h>
#include <uk/syscall.h>
#include <uk/task.h>

/* The process of thread @tid, 0: the caller; or -ESRCH. */
static long process_of(int tid)
{
	return tid == 0 || uk_task_exists(tid) ? UK_TASK_PROCESS : -ESRCH;
}

UK_SYSCALL_R_LEAF_DEFINE(int, getpid)
{
	return UK_TASK_PROCESS;
}

UK_SYSCALL_R_LEAF_DEFINE(int, gettid)
{
	return uk_task_current()->tid;
}

UK_SYSCALL_R_LEAF_DEFINE(int, getppid)
{
	return 0;
}

UK_SYSCALL_R_DEFINE(long, getpgid, int, pid)
{
	return process_of(pid);
}

UK_SYSCALL_R_LEAF_DEFINE(int, getpgrp)
{
	return UK_TASK_PROCESS;
}

UK_SYSCALL_R_DEFINE(long, getsid, int, pid)
{
	return process_of(pid);
}

/* Only who leads no group may begin a session. */
UK_SYSCALL_R_DEFINE(long, setsid)
{
	return -EPERM;
}

UK_SYSCALL_R_DEFINE(long, setpgid, int, pid, int, pgid)
{
	const long process = process_of(pid);

	if (pgid < 0)
		return -EINVAL;
	if (process < 0)
		return process;
	/* It takes a process, not one of its threads. */
	if (pid != 0 && pid != UK_TASK_PROCESS)
		return -EINVAL;
	/* A leader of a session stays in its group. */
	return -EPERM;
}

UK_SYSCALL_R_DEFINE(int, set_tid_address, int *, word)
{
	struct uk_task *const task = uk_task_current();

	task->clear_tid = (uint32_t *)(void *)word;
	return task->tid;
}
