/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * kill(2) and its like. There is one process, whose number all its threads
 * know; a number of a thread stands for its process, as there.
 */
#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/nofault.h>
#include <uk/signal.h>
#include <uk/syscall.h>
#include <uk/task.h>

#include "signal_priv.h"

/* To the process, or, if @tid is not 0, to that thread. Signal 0 only asks. */
static long send(int tid, int sig, const struct uk_abi_siginfo *info)
{
	if (sig == 0)
		return 0;
	return tid ? uk_signal_thread(tid, sig, info)
		   : uk_signal_process(sig, info);
}

/* What is told of a sender: there is but this process. */
static const struct uk_abi_siginfo by_kill = {
	.code = UK_ABI_SI_USER, .from = { .pid = UK_TASK_PROCESS },
};

static const struct uk_abi_siginfo by_tkill = {
	.code = UK_ABI_SI_TKILL, .from = { .pid = UK_TASK_PROCESS },
};

/* That it is not there comes before all else that may be wrong. */
static long send_to_thread(int tid, int sig)
{
	const bool only_that = sig > 0 && sig < UK_ABI_SIGRTMIN;

	if (!only_that && !uk_task_exists(tid))
		return -ESRCH;
	return send(tid, sig, &by_tkill);
}

UK_SYSCALL_R_DEFINE(long, kill, int, pid, int, sig)
{
	/* 0: the own group, of which the process is all. */
	if (pid < -1 || (pid > 0 && !uk_task_exists(pid)))
		return -ESRCH;
	if (sig < 0 || sig > UK_ABI_NSIG)
		return -EINVAL;
	/* -1: all others. */
	return pid < 0 ? -ESRCH : send(0, sig, &by_kill);
}

UK_SYSCALL_R_DEFINE(long, tkill, int, tid, int, sig)
{
	return tid > 0 ? send_to_thread(tid, sig) : -EINVAL;
}

UK_SYSCALL_R_DEFINE(long, tgkill, int, pid, int, tid, int, sig)
{
	if (pid <= 0 || tid <= 0)
		return -EINVAL;
	return pid == UK_TASK_PROCESS ? send_to_thread(tid, sig) : -ESRCH;
}

/* To oneself any reason may be given. */
static long queue(int tid, int sig, const struct uk_abi_siginfo *from)
{
	struct uk_abi_siginfo info;

	if (!uk_nofault_try_read(info, from))
		return -EFAULT;
	if (sig < 0 || sig > UK_ABI_NSIG)
		return -EINVAL;
	return send(tid, sig, &info);
}

UK_SYSCALL_R_DEFINE(long, rt_sigqueueinfo, int, pid, int, sig,
		    const struct uk_abi_siginfo *, info)
{
	if (pid <= 0 || !uk_task_exists(pid))
		return -ESRCH;
	return queue(0, sig, info);
}

UK_SYSCALL_R_DEFINE(long, rt_tgsigqueueinfo, int, pid, int, tid, int, sig,
		    const struct uk_abi_siginfo *, info)
{
	if (pid <= 0 || tid <= 0)
		return -EINVAL;
	if (pid != UK_TASK_PROCESS || !uk_task_exists(tid))
		return -ESRCH;
	return queue(tid, sig, info);
}
