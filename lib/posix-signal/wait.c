/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Signals that are taken as results, not by handlers.
 */
#include <uk/abi/time.h>
#include <uk/call.h>
#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/nofault.h>
#include <uk/sched.h>
#include <uk/syscall.h>
#include <uk/task.h>
#include <uk/thread.h>
#include <uk/time.h>

#include "signal_priv.h"

#define NSEC	((long)UK_TIME_NS_PER_SEC)

/* Be woken, from now on or no more, by signals of @set that are blocked too. */
static void expect(uint64_t set)
{
	const unsigned long irq = uk_spin_lock_irqsave(&sig_process.lock);

	uk_task_current()->signals->waits_for = set;
	uk_spin_unlock_irqrestore(&sig_process.lock, irq);
}

static long wait(uint64_t set, uint64_t deadline_ns,
		 struct uk_abi_siginfo *info)
{
	struct uk_thread *const self = uk_thread_current();
	bool late = deadline_ns == 0;

	for (;;) {
		int sig;

		uk_thread_block_until(self, deadline_ns);
		sig = sig_take_any(set, info);
		if (sig)
			return sig;
		if (late)
			return -EAGAIN;
		if (uk_call_interrupted())
			return -EINTR;
		uk_sched_yield();
		late = deadline_ns != UK_TIME_NEVER &&
		       uk_time_now() >= deadline_ns;
	}
}

/* 0: do not wait at all. */
static int get_deadline(const struct uk_abi_timespec *ts, uint64_t *deadline)
{
	struct uk_abi_timespec t;
	uint64_t ns;

	*deadline = UK_TIME_NEVER;
	if (!ts)
		return 0;
	if (!uk_nofault_try_read(t, ts))
		return -EFAULT;
	if (t.tv_sec < 0 || t.tv_nsec < 0 || t.tv_nsec >= NSEC)
		return -EINVAL;
	if (__builtin_mul_overflow((uint64_t)t.tv_sec, UK_TIME_NS_PER_SEC,
				   &ns) ||
	    __builtin_add_overflow(ns, (uint64_t)t.tv_nsec, &ns))
		return 0;
	if (ns == 0)
		*deadline = 0;
	else if (__builtin_add_overflow(ns, uk_time_now(), deadline))
		*deadline = UK_TIME_NEVER;
	return 0;
}

UK_SYSCALL_R_DEFINE(long, rt_sigtimedwait, const uint64_t *, set,
		    struct uk_abi_siginfo *, to,
		    const struct uk_abi_timespec *, ts, size_t, size)
{
	struct uk_abi_siginfo info;
	uint64_t bits, deadline_ns;
	long rc;

	if (size != sizeof(bits))
		return -EINVAL;
	if (!uk_nofault_try_read(bits, set))
		return -EFAULT;
	rc = get_deadline(ts, &deadline_ns);
	if (rc < 0)
		return rc;
	bits &= ~SIG_FIXED;
	expect(bits);
	rc = wait(bits, deadline_ns, &info);
	/* It does not wait any more, whoever woke it. */
	uk_thread_wake(uk_thread_current());
	expect(0);
	if (rc > 0 && to &&
	    uk_nofault_memcpy(to, &info, sizeof(info), 0) != sizeof(info))
		return -EFAULT;
	return rc;
}
