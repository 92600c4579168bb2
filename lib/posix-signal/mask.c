/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What a thread blocks. Whoever blocks a signal that waits for the process,
 * and may have been the one to take it, looks for another taker.
 */
#include <uk/call.h>
#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/event.h>
#include <uk/init.h>
#include <uk/nofault.h>
#include <uk/sched.h>
#include <uk/syscall.h>
#include <uk/task.h>
#include <uk/thread.h>
#include <uk/waitmask.h>

#include "signal_priv.h"

static struct uk_signals *own(void)
{
	return uk_task_current()->signals;
}

void sig_set_mask(uint64_t mask)
{
	struct uk_task *const self = uk_task_current();
	struct uk_signals *const s = self->signals;
	const unsigned long irq = uk_spin_lock_irqsave(&sig_process.lock);
	uint64_t passed = sig_process.waiting.bits & mask & ~s->mask;

	s->mask = mask & ~SIG_FIXED;
	sig_update_self(self);
	uk_spin_unlock_irqrestore(&sig_process.lock, irq);
	for (; passed; passed &= passed - 1)
		sig_offer(__builtin_ctzll(passed) + 1);
}

UK_SYSCALL_R_DEFINE(long, rt_sigprocmask, int, how, const uint64_t *, set,
		    uint64_t *, old, size_t, size)
{
	const uint64_t was = own()->mask;
	uint64_t bits;

	if (size != sizeof(bits))
		return -EINVAL;
	if (set) {
		if (!uk_nofault_try_read(bits, set))
			return -EFAULT;
		switch (how) {
		case UK_ABI_SIG_BLOCK:
			sig_set_mask(was | bits);
			break;
		case UK_ABI_SIG_UNBLOCK:
			sig_set_mask(was & ~bits);
			break;
		case UK_ABI_SIG_SETMASK:
			sig_set_mask(bits);
			break;
		default:
			return -EINVAL;
		}
	}
	if (old && uk_nofault_memcpy(old, &was, sizeof(was), 0) != sizeof(was))
		return -EFAULT;
	return 0;
}

UK_SYSCALL_R_DEFINE(long, rt_sigpending, uint64_t *, set, size_t, size)
{
	const struct uk_signals *const s = own();
	unsigned long irq;
	uint64_t bits;

	if (size > sizeof(bits))
		return -EINVAL;
	irq = uk_spin_lock_irqsave(&sig_process.lock);
	bits = (s->waiting.bits | sig_process.waiting.bits) & s->mask;
	uk_spin_unlock_irqrestore(&sig_process.lock, irq);
	return uk_nofault_memcpy(set, &bits, size, 0) == size ? 0 : -EFAULT;
}

/*
 * Until a signal has been handled. What another thread takes before this one
 * does ends nothing: then the call is made again.
 */
static long wait_for_handler(void)
{
	struct uk_thread *const self = uk_thread_current();

	own()->until_handled = true;
	uk_thread_block(self);
	while (!uk_call_interrupted()) {
		uk_sched_yield();
		uk_thread_block(self);
	}
	uk_thread_wake(self);
	return -UK_CALL_RESTART;
}

void sig_swap_mask(uint64_t mask)
{
	struct uk_signals *const s = own();

	/* If a call is made again it is the first time's. */
	if (!s->has_old_mask)
		s->old_mask = s->mask;
	s->has_old_mask = true;
	sig_set_mask(mask);
}

void sig_restore_mask(void)
{
	struct uk_signals *const s = own();

	if (!s->has_old_mask)
		return;
	s->has_old_mask = false;
	sig_set_mask(s->old_mask);
}

/* Of ppoll(2) and its like. */
static void restore(bool interrupted)
{
	if (!interrupted)
		sig_restore_mask();
	else
		/* Where the call ends, whoever takes the signal before. */
		uk_call_ask(&uk_task_current()->thread->cur, UK_CALL_SIGNAL);
}

static const struct uk_waitmask_ops waitmask = {
	.swap = sig_swap_mask, .restore = restore,
};

static int start(const struct uk_boot_ctx *ctx UK_UNUSED)
{
	(void)uk_waitmask_register(&waitmask);
	return 0;
}

UK_INIT(SERVICE, start, NULL);

UK_SYSCALL_R_DEFINE(long, rt_sigsuspend, const uint64_t *, set, size_t, size)
{
	uint64_t mask;

	if (size != sizeof(mask))
		return -EINVAL;
	if (!uk_nofault_try_read(mask, set))
		return -EFAULT;
	sig_swap_mask(mask);
	return wait_for_handler();
}

/* Not on arm64. */
UK_SYSCALL_R_DEFINE(long, pause)
{
	return wait_for_handler();
}

/* Who exits takes no more of the process's. */
static enum uk_event_result on_exit(void *data UK_UNUSED)
{
	sig_set_mask(~UINT64_C(0));
	return UK_EVENT_HANDLED_CONT;
}

UK_EVENT_HANDLER(uk_task_exits, on_exit);
