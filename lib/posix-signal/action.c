/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What a signal does: rt_sigaction(2).
 */
#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/nofault.h>
#include <uk/syscall.h>
#include <uk/task.h>

#include "signal_priv.h"

/* Entries that are to be freed when no lock is held. */
struct waste {
	int sig;
	struct uk_signal_entry *first;
};

static void throw(struct waste *w, struct sig_set *set)
{
	struct uk_signal_entry *e = sig_drop(set, UK_ABI_SIGBIT(w->sig));

	while (e) {
		struct uk_signal_entry *const next = e->next;

		e->next = w->first;
		w->first = e;
		e = next;
	}
}

static long forget(struct uk_task *task, void *arg)
{
	uk_spin_lock(&sig_process.lock);
	if (task->signals) {
		throw(arg, &task->signals->waiting);
		sig_update(task);
	}
	uk_spin_unlock(&sig_process.lock);
	return 0;
}

/* Who ignores a signal has not got those either that wait. */
static void forget_all(int sig)
{
	struct waste w = { .sig = sig };
	const unsigned long irq = uk_spin_lock_irqsave(&sig_process.lock);

	throw(&w, &sig_process.waiting);
	uk_spin_unlock_irqrestore(&sig_process.lock, irq);
	(void)uk_task_each(forget, &w);
	sig_free(w.first);
}

UK_EVENT(uk_signal_heard);

/* What @sig was, and is now. */
struct change {
	bool was_ignored, is_ignored;
};

static struct change change(int sig, const struct uk_abi_sigaction *set,
		   struct uk_abi_sigaction *old)
{
	const unsigned long irq = uk_spin_lock_irqsave(&sig_process.lock);
	struct change c = { .was_ignored = sig_is_ignored(sig) };

	*old = *sig_action(sig);
	if (set) {
		*sig_action(sig) = *set;
		sig_action(sig)->mask &= ~SIG_FIXED;
	}
	c.is_ignored = sig_is_ignored(sig);
	uk_spin_unlock_irqrestore(&sig_process.lock, irq);
	return c;
}

UK_SYSCALL_R_DEFINE(long, rt_sigaction, int, sig,
		    const struct uk_abi_sigaction *, set,
		    struct uk_abi_sigaction *, old, size_t, size)
{
	struct uk_abi_sigaction new, was;
	struct change c;

	if (size != sizeof(new.mask))
		return -EINVAL;
	if (set && !uk_nofault_try_read(new, set))
		return -EFAULT;
	if (!sig_valid(sig) || (set && (SIG_FIXED & UK_ABI_SIGBIT(sig))))
		return -EINVAL;
	c = change(sig, set ? &new : NULL, &was);
	if (set && c.is_ignored)
		forget_all(sig);
	if (c.was_ignored && !c.is_ignored)
		(void)uk_event_raise(uk_signal_heard, &sig);
	if (old && uk_nofault_memcpy(old, &was, sizeof(was), 0) != sizeof(was))
		return -EFAULT;
	return 0;
}
