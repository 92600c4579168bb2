/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What a thread has of signals: a mask like its creator's, and nothing that
 * waits. A thread of the core has one too; the process's signals are not for
 * it.
 */
#include "signal_priv.h"

#include <uk/alloc.h>
#include <uk/call.h>
#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/init.h>
#include <uk/task.h>
#include <uk/thread.h>

struct sig_process sig_process = { .lock = UK_SPINLOCK_INIT };

static int init(struct uk_thread *child, struct uk_thread *parent)
{
	struct uk_task *const task = child->cur.task;
	struct uk_signals *s;
	unsigned long irq;

	/* "main" comes first, and alone. */
	if (!sig_process.heap)
		sig_process.heap = uk_alloc_get_default();
	s = uk_zalloc(sig_process.heap, sizeof(*s));
	if (!s)
		return -ENOMEM;
	s->alt.flags = UK_ABI_SS_DISABLE;
	/* An idle thread has no task. */
	if (parent && parent->cur.task)
		s->mask = ((struct uk_task *)parent->cur.task)->signals->mask;
	/* Others know of the task by now: they see all of it, or none. */
	irq = uk_spin_lock_irqsave(&sig_process.lock);
	task->signals = s;
	uk_spin_unlock_irqrestore(&sig_process.lock, irq);
	return 0;
}

static void term(struct uk_thread *child)
{
	struct uk_task *const task = child->cur.task;
	struct uk_signals *const s = task->signals;
	const unsigned long irq = uk_spin_lock_irqsave(&sig_process.lock);
	struct uk_signal_entry *const dropped = sig_drop(&s->waiting,
							 ~UINT64_C(0));

	task->signals = NULL;
	uk_spin_unlock_irqrestore(&sig_process.lock, irq);
	sig_free(dropped);
	uk_free(sig_process.heap, s);
}

/* Behind lib/posix-process, which it depends on. */
UK_THREAD_INIT(init, term);

void sig_free(struct uk_signal_entry *e)
{
	while (e) {
		struct uk_signal_entry *const next = e->next;

		uk_free(sig_process.heap, e);
		__atomic_sub_fetch(&sig_process.nqueued, 1, __ATOMIC_RELAXED);
		e = next;
	}
}

static bool is_due(const struct uk_task *task)
{
	const struct uk_signals *const s = task->signals;
	uint64_t waiting = s->waiting.bits;

	if (task->of_program)
		waiting |= sig_process.waiting.bits;
	return waiting & (~s->mask | SIG_FIXED);
}

void sig_update(struct uk_task *task)
{
	struct uk_current *const cur = &task->thread->cur;

	if (is_due(task)) {
		uk_call_ask(cur, UK_CALL_SIGNAL);
		uk_thread_wake(task->thread);
		if (task != uk_task_current())
			uk_thread_interrupt(task->thread);
	} else if (UK_READ_ONCE(cur->pending) & UK_CALL_SIGNAL) {
		uk_call_done(cur, UK_CALL_SIGNAL);
	}
}

void sig_update_self(struct uk_task *self)
{
	const bool asked = UK_READ_ONCE(self->thread->cur.pending) &
			   UK_CALL_SIGNAL;

	/* It runs, so nobody need wake it. */
	if (asked != is_due(self))
		sig_update(self);
}

static int start(const struct uk_boot_ctx *ctx UK_UNUSED)
{
	uk_call_set_exit(sig_exit);
	return 0;
}

UK_INIT(SERVICE, start, NULL);
