/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * How threads are scheduled. The scheduler has priorities and among equals
 * time slices; on them POSIX's policies come to lie like this:
 *
 *	SCHED_OTHER, _BATCH	16	nice(2) is kept and told, and changes
 *					nothing
 *	SCHED_IDLE		1
 *	SCHED_FIFO, _RR 1..99	17..31	FIFO has slices as RR has
 *
 * A scheduler without priorities takes SCHED_OTHER only.
 */
#include <uk/abi/sched.h>
#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/nofault.h>
#include <uk/sched.h>
#include <uk/syscall.h>
#include <uk/task.h>
#include <uk/thread.h>

#include "process_priv.h"

#define RT_MAX		99
#define PRIO_IDLE	1u

#define NICE_MIN	(-20)
#define NICE_MAX	19

#define PRIO_PROCESS	0
#define PRIO_PGRP	1
#define PRIO_USER	2

/*
 * The thread @tid, 0: the caller; with @fn as uk_task_with() has it, which
 * keeps others away: they may set what a thread sets of itself.
 */
static long with(int tid, long (*fn)(struct uk_task *task, void *arg),
		 void *arg)
{
	if (tid < 0)
		return -EINVAL;
	return uk_task_with(tid ? tid : uk_task_current()->tid, fn, arg);
}

static bool is_rt(int policy)
{
	return policy == UK_ABI_SCHED_FIFO || policy == UK_ABI_SCHED_RR;
}

static bool is_policy(int policy)
{
	return is_rt(policy) || policy == UK_ABI_SCHED_OTHER ||
	       policy == UK_ABI_SCHED_BATCH || policy == UK_ABI_SCHED_IDLE;
}

/* Of the scheduler, for one of POSIX's. */
static unsigned int prio_of(int policy, int rt_prio)
{
	const unsigned int above = UK_THREAD_PRIO_DEFAULT + 1;

	if (is_rt(policy))
		return above + (unsigned int)(rt_prio - 1) *
		       (UK_THREAD_PRIO_MAX - above) / (RT_MAX - 1);
	return policy == UK_ABI_SCHED_IDLE ? PRIO_IDLE
					   : UK_THREAD_PRIO_DEFAULT;
}

struct wish {
	int policy;		/* -1: as it is */
	int rt_prio;
	bool reset;		/* new threads do not inherit it */
};

static long set(struct uk_task *task, void *arg)
{
	const struct wish *const w = arg;
	const int policy = w->policy < 0 ? task->policy_ : w->policy;
	unsigned int prio;
	int rc = 0;

	if (!is_policy(policy))
		return -EINVAL;
	if (is_rt(policy) ? w->rt_prio < 1 || w->rt_prio > RT_MAX
			  : w->rt_prio != 0)
		return -EINVAL;
	prio = prio_of(policy, w->rt_prio);
	if (prio != prio_of(task->policy_, task->rt_prio_))
		rc = uk_thread_set_prio(task->thread, prio);
	if (rc < 0)
		return rc == -ENOTSUP ? -EPERM : rc;
	task->policy_ = (uint8_t)policy;
	task->rt_prio_ = (uint8_t)w->rt_prio;
	if (w->policy >= 0)
		task->reset_ = w->reset;
	return 0;
}

/* sched(7): only what is more urgent than most is not inherited. */
static long inherit(struct uk_task *parent, void *child)
{
	struct uk_task *const task = child;
	struct wish w = {
		.policy = parent->policy_, .rt_prio = parent->rt_prio_,
	};

	task->nice_ = parent->nice_;
	if (parent->reset_ && is_rt(parent->policy_))
		w = (struct wish){ .policy = UK_ABI_SCHED_OTHER };
	if (parent->reset_)
		task->nice_ = UK_MAX(task->nice_, 0);
	/* What the parent may have the child may. */
	return set(task, &w);
}

void task_sched_inherit(struct uk_task *task)
{
	(void)with(0, inherit, task);
}

/* Read *@param to @prio. */
static int get_param(const int *param, int *prio)
{
	if (!param)
		return -EINVAL;
	return uk_nofault_try_read(*prio, param) ? 0 : -EFAULT;
}

UK_SYSCALL_R_DEFINE(long, sched_setscheduler, int, tid, int, policy,
		    const int *, param)
{
	struct wish w = {
		.policy = policy & ~UK_ABI_SCHED_RESET_ON_FORK,
		.reset = policy & UK_ABI_SCHED_RESET_ON_FORK,
	};
	int rc;

	if (policy < 0 || tid < 0)
		return -EINVAL;
	rc = get_param(param, &w.rt_prio);
	if (rc < 0)
		return rc;
	return with(tid, set, &w);
}

UK_SYSCALL_R_DEFINE(long, sched_setparam, int, tid, const int *, param)
{
	struct wish w = { .policy = -1 };
	int rc;

	if (tid < 0)
		return -EINVAL;
	rc = get_param(param, &w.rt_prio);
	return rc < 0 ? rc : with(tid, set, &w);
}

static long get_policy(struct uk_task *task, void *arg UK_UNUSED)
{
	return task->policy_ |
	       (task->reset_ ? UK_ABI_SCHED_RESET_ON_FORK : 0);
}

static long get_prio(struct uk_task *task, void *arg UK_UNUSED)
{
	return task->rt_prio_;
}

UK_SYSCALL_R_DEFINE(long, sched_getscheduler, int, tid)
{
	return with(tid, get_policy, NULL);
}

UK_SYSCALL_R_DEFINE(long, sched_getparam, int, tid, int *, param)
{
	long rc;
	int prio;

	if (!param)
		return -EINVAL;
	rc = with(tid, get_prio, NULL);
	if (rc < 0)
		return rc;
	prio = (int)rc;
	return uk_nofault_memcpy(param, &prio, sizeof(prio), 0) ==
	       sizeof(prio) ? 0 : -EFAULT;
}

UK_SYSCALL_R_DEFINE(long, sched_get_priority_max, int, policy)
{
	if (!is_policy(policy))
		return -EINVAL;
	return is_rt(policy) ? RT_MAX : 0;
}

UK_SYSCALL_R_DEFINE(long, sched_get_priority_min, int, policy)
{
	if (!is_policy(policy))
		return -EINVAL;
	return is_rt(policy) ? 1 : 0;
}

UK_SYSCALL_R_DEFINE(long, sched_yield)
{
	uk_sched_yield();
	return 0;
}

static long set_affinity(struct uk_task *task, void *arg)
{
	const uint64_t cpus = *(const uint64_t *)arg;
	const int rc = uk_thread_set_affinity(task->thread, cpus);

	/* One CPU runs all threads. */
	return rc == -ENOTSUP ? (cpus & 1 ? 0 : -EINVAL) : rc;
}

static long get_affinity(struct uk_task *task, void *arg)
{
	*(uint64_t *)arg = uk_thread_affinity(task->thread);
	return 0;
}

/* CPUs above the 63rd are not in the scheduler's mask, nor in ours. */
UK_SYSCALL_R_DEFINE(long, sched_setaffinity, int, tid, unsigned int, len,
		    const void *, mask)
{
	const size_t n = UK_MIN((size_t)len, sizeof(uint64_t));
	uint64_t cpus = 0;

	if (uk_nofault_memcpy(&cpus, mask, n, 0) != n)
		return -EFAULT;
	return tid < 0 ? -ESRCH : with(tid, set_affinity, &cpus);
}

UK_SYSCALL_R_DEFINE(long, sched_getaffinity, int, tid, unsigned int, len,
		    void *, mask)
{
	uint64_t cpus;
	long rc;

	if (len < sizeof(cpus) || len % sizeof(cpus))
		return -EINVAL;
	rc = tid < 0 ? -ESRCH : with(tid, get_affinity, &cpus);
	if (rc < 0)
		return rc;
	return uk_nofault_memcpy(mask, &cpus, sizeof(cpus), 0) ==
	       sizeof(cpus) ? (long)sizeof(cpus) : -EFAULT;
}

static long set_nice(struct uk_task *task, void *arg)
{
	task->nice_ = (int8_t)*(const int *)arg;
	return 0;
}

/* What getpriority(2) returns: 1 to 40. */
static long get_nice(struct uk_task *task, void *arg)
{
	long *const most = arg;

	*most = UK_MAX(*most, 20L - task->nice_);
	return 0;
}

static long set_nice_of_program(struct uk_task *task, void *arg)
{
	return task->of_program ? set_nice(task, arg) : 0;
}

static long get_nice_of_program(struct uk_task *task, void *arg)
{
	return task->of_program ? get_nice(task, arg) : 0;
}

/* Threads that @which and @who mean: those of the one process and user. */
static long each_of(int which, int who, bool change, void *arg)
{
	switch (which) {
	case PRIO_PROCESS:
		if (who < 0)
			return -ESRCH;
		return with(who, change ? set_nice : get_nice, arg);
	case PRIO_PGRP:
		if (who != 0 && who != UK_TASK_PROCESS)
			return -ESRCH;
		break;
	case PRIO_USER:
		if (who != 0)
			return -ESRCH;
		break;
	default:
		return -EINVAL;
	}
	return uk_task_each(change ? set_nice_of_program : get_nice_of_program,
			    arg);
}

UK_SYSCALL_R_DEFINE(long, setpriority, int, which, int, who, int, nice)
{
	int val = UK_MAX(nice, NICE_MIN);

	val = UK_MIN(val, NICE_MAX);
	return each_of(which, who, true, &val);
}

UK_SYSCALL_R_DEFINE(long, getpriority, int, which, int, who)
{
	long most = 0;
	const long rc = each_of(which, who, false, &most);

	return rc < 0 ? rc : most;
}
