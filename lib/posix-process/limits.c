/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Limits of resources. Those that somebody here can exceed are kept to:
 * threads (clone.c) and descriptors (lib/posix-fdtab); who else asks
 * uk_rlimit(), or is told by an event. The others are kept and told.
 */
#include <uk/rlimit.h>

#include <uk/config.h>
#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/fdtab.h>
#include <uk/nofault.h>
#include <uk/spinlock.h>
#include <uk/syscall.h>
#include <uk/task.h>
#include <uk/thread.h>

#define NONE		UK_ABI_RLIM_INFINITY
#define NOFILE		CONFIG_LIBPOSIX_FDTAB_MAX
#define NTHREADS	(1u << 22)
#define SIGNALS		1024

static struct {
	struct uk_spinlock lock;
	struct uk_abi_rlimit of[UK_ABI_RLIM_NLIMITS];	/* lock */
} limits = {
	.lock = UK_SPINLOCK_INIT,
	.of = {
		[UK_ABI_RLIMIT_CPU] = { NONE, NONE },
		[UK_ABI_RLIMIT_FSIZE] = { NONE, NONE },
		[UK_ABI_RLIMIT_DATA] = { NONE, NONE },
		[UK_ABI_RLIMIT_STACK] = { UK_THREAD_STACK_SIZE, NONE },
		[UK_ABI_RLIMIT_CORE] = { 0, NONE },
		[UK_ABI_RLIMIT_RSS] = { NONE, NONE },
		[UK_ABI_RLIMIT_NPROC] = { NTHREADS, NTHREADS },
		[UK_ABI_RLIMIT_NOFILE] = { NOFILE, NOFILE },
		[UK_ABI_RLIMIT_MEMLOCK] = { NONE, NONE },
		[UK_ABI_RLIMIT_AS] = { NONE, NONE },
		[UK_ABI_RLIMIT_LOCKS] = { NONE, NONE },
		[UK_ABI_RLIMIT_SIGPENDING] = { SIGNALS, SIGNALS },
		[UK_ABI_RLIMIT_MSGQUEUE] = { 819200, 819200 },
		[UK_ABI_RLIMIT_RTTIME] = { NONE, NONE },
	},
};

UK_EVENT(uk_rlimit_set);

uint64_t uk_rlimit(unsigned int resource)
{
	/* One word, which is changed as one. */
	return UK_READ_ONCE(limits.of[resource].cur);
}

uint64_t uk_rlimit_max(unsigned int resource)
{
	return UK_READ_ONCE(limits.of[resource].max);
}

/* @set and @old: or NULL, of ours. */
static long exchange(unsigned int resource, const struct uk_abi_rlimit *set,
		     struct uk_abi_rlimit *old)
{
	struct uk_abi_rlimit *limit;
	unsigned long irq;

	if (resource >= UK_ABI_RLIM_NLIMITS || (set && set->cur > set->max))
		return -EINVAL;
	/* What the table has room for. */
	if (set && resource == UK_ABI_RLIMIT_NOFILE && set->max > NOFILE)
		return -EPERM;
	limit = &limits.of[resource];
	irq = uk_spin_lock_irqsave(&limits.lock);
	if (old)
		*old = *limit;
	if (set)
		*limit = *set;
	if (set && resource == UK_ABI_RLIMIT_NOFILE)
		uk_fd_set_limit((unsigned int)set->cur);
	uk_spin_unlock_irqrestore(&limits.lock, irq);
	if (set)
		(void)uk_event_raise(uk_rlimit_set, &resource);
	return 0;
}

static long put(struct uk_abi_rlimit *to, const struct uk_abi_rlimit *limit)
{
	return uk_nofault_memcpy(to, limit, sizeof(*limit), 0) ==
	       sizeof(*limit) ? 0 : -EFAULT;
}

UK_SYSCALL_R_DEFINE(long, prlimit64, int, pid, unsigned int, resource,
		    const struct uk_abi_rlimit *, set,
		    struct uk_abi_rlimit *, old)
{
	struct uk_abi_rlimit new, was;
	long rc;

	if (set && !uk_nofault_try_read(new, set))
		return -EFAULT;
	if (pid != 0 && !uk_task_exists(pid))
		return -ESRCH;
	rc = exchange(resource, set ? &new : NULL, &was);
	if (rc < 0 || !old)
		return rc;
	return put(old, &was);
}

UK_SYSCALL_R_DEFINE(long, getrlimit, unsigned int, resource,
		    struct uk_abi_rlimit *, old)
{
	struct uk_abi_rlimit was;
	const long rc = exchange(resource, NULL, &was);

	if (rc < 0)
		return rc;
	return put(old, &was);
}

UK_SYSCALL_R_DEFINE(long, setrlimit, unsigned int, resource,
		    const struct uk_abi_rlimit *, set)
{
	struct uk_abi_rlimit new;

	if (!uk_nofault_try_read(new, set))
		return -EFAULT;
	return exchange(resource, &new, NULL);
}
