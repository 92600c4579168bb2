/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Signals on their way to a thread, or to any thread of the program. What has
 * to be allocated is before the lock is taken; who is asked is woken under it.
 */
#include <uk/signal.h>

#include <uk/abi/resource.h>
#include <uk/alloc.h>
#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/rlimit.h>
#include <uk/signal_take.h>
#include <uk/task.h>
#include <uk/thread.h>

#include "signal_priv.h"

/* The first thread never goes. */
#define MAIN	UK_TASK_PROCESS

/* A signal that is being sent. */
struct letter {
	int sig;
	struct uk_signal_entry *entry;	/* or NULL; if it is kept, NULL then */
	bool process;			/* to any thread */
};

/* An entry for @info, within the limit; NULL: none. */
static struct uk_signal_entry *make_entry(int sig,
					  const struct uk_abi_siginfo *info)
{
	const uint64_t limit = uk_rlimit(UK_ABI_RLIMIT_SIGPENDING);
	struct uk_signal_entry *e;

	if (__atomic_add_fetch(&sig_process.nqueued, 1, __ATOMIC_RELAXED) >
	    limit)
		e = NULL;
	else
		e = uk_malloc(sig_process.heap, sizeof(*e));
	if (!e) {
		__atomic_sub_fetch(&sig_process.nqueued, 1, __ATOMIC_RELAXED);
		return NULL;
	}
	e->taken = NULL;
	e->next = NULL;
	if (info)
		e->info = *info;
	else
		e->info = (struct uk_abi_siginfo){ .code = UK_ABI_SI_KERNEL };
	e->info.signo = sig;
	return e;
}

/* The lock is held. */
static void put(struct sig_set *set, struct letter *l)
{
	const uint64_t bit = UK_ABI_SIGBIT(l->sig);

	/* A sender's own waits, beside others, once. */
	if (l->entry && l->entry->taken) {
		if (!l->entry->set)
			sig_push(set, l->entry);
		l->entry = NULL;
		return;
	}
	/* One that does not queue waits once. */
	if (l->sig < UK_ABI_SIGRTMIN && (set->bits & bit))
		return;
	if (!l->entry) {
		sig_mark(set, l->sig);
		return;
	}
	sig_push(set, l->entry);
	l->entry = NULL;
}

static bool blocks(const struct uk_signals *s, int sig)
{
	return s->mask & ~SIG_FIXED & UK_ABI_SIGBIT(sig);
}

/* It waits in rt_sigtimedwait(), and not for this in vain. */
static bool expects(const struct uk_signals *s, int sig)
{
	return s->waits_for & UK_ABI_SIGBIT(sig);
}

/* The lock is held. */
static void tell(struct uk_task *task, int sig)
{
	if (expects(task->signals, sig))
		uk_thread_wake(task->thread);
	else
		sig_update(task);
}

/*
 * Is it dropped by @task? One that is blocked is not, as it may be waited for,
 * or get a handler; but "main", when it has exited, blocks all for good.
 */
static bool drops(const struct uk_task *task, const struct letter *l)
{
	const bool keeps = blocks(task->signals, l->sig) &&
			   (task->of_program || !l->process);

	return sig_is_ignored(l->sig) && !keeps;
}

/* To @task, or, when it has the number of the process, to that. */
static long deliver(struct uk_task *task, void *arg)
{
	struct letter *const l = arg;
	struct uk_signals *s;
	unsigned long irq;

	irq = uk_spin_lock_irqsave(&sig_process.lock);
	s = task->signals;
	if (s && !drops(task, l)) {
		put(l->process ? &sig_process.waiting : &s->waiting, l);
		if (!l->process)
			tell(task, l->sig);
	}
	uk_spin_unlock_irqrestore(&sig_process.lock, irq);
	/* It is about to be, or not any more. */
	return s ? 0 : -ESRCH;
}

/* The running thread need not be looked for. */
static long deliver_to(int tid, struct letter *l)
{
	struct uk_task *const self = uk_task_current();

	return self && self->tid == tid ? deliver(self, l)
					: uk_task_with(tid, deliver, l);
}

/* As uk_task_each() has it: tells the first who takes it. */
static long offer(struct uk_task *task, void *arg)
{
	const int sig = *(const int *)arg;
	const struct uk_signals *s;
	bool takes;

	uk_spin_lock(&sig_process.lock);
	s = task->signals;
	takes = s && task->of_program && (!blocks(s, sig) || expects(s, sig));
	if (takes)
		tell(task, sig);
	uk_spin_unlock(&sig_process.lock);
	return takes;
}

void sig_offer(int sig)
{
	/* "main" is where a program expects them. */
	if (!uk_task_with(MAIN, offer, &sig))
		(void)uk_task_each(offer, &sig);
}

/* -EAGAIN: what is known about it is lost, and it is one that queues. */
static int send(int tid, int sig, const struct uk_abi_siginfo *info,
		bool process)
{
	struct letter l = { .sig = sig, .process = process };
	long rc;

	if (!sig_valid(sig))
		return -EINVAL;
	/* About one from the core there is nothing to keep. */
	if (info || sig >= UK_ABI_SIGRTMIN)
		l.entry = make_entry(sig, info);
	if (!l.entry && sig >= UK_ABI_SIGRTMIN)
		return -EAGAIN;
	rc = deliver_to(tid, &l);
	sig_free(l.entry);
	if (rc < 0)
		return (int)rc;
	if (process)
		sig_offer(sig);
	(void)uk_event_raise(uk_signal_waits, &sig);
	return 0;
}

int uk_signal_thread(int tid, int sig, const struct uk_abi_siginfo *info)
{
	return send(tid, sig, info, false);
}

int uk_signal_entry_send(struct uk_signal_entry *e, int tid)
{
	struct letter l = {
		.sig = e->info.signo, .entry = e, .process = tid == 0,
	};
	const long rc = deliver_to(tid ? tid : MAIN, &l);

	if (rc < 0)
		return (int)rc;
	if (l.entry)
		return -ECANCELED;
	if (l.process)
		sig_offer(l.sig);
	(void)uk_event_raise(uk_signal_waits, &l.sig);
	return 0;
}

void uk_signal_entry_cancel(struct uk_signal_entry *e)
{
	const unsigned long irq = uk_spin_lock_irqsave(&sig_process.lock);

	/* Who was asked for its sake finds nothing. */
	if (e->set)
		sig_remove(e->set, e);
	uk_spin_unlock_irqrestore(&sig_process.lock, irq);
}

int uk_signal_process(int sig, const struct uk_abi_siginfo *info)
{
	return send(MAIN, sig, info, true);
}
