/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The host asks for the end, by a button or a tool: SIGTERM says so to a
 * program that looks at it. That is one with a handler, or one that blocks the
 * signal in each of its threads, or waits for it, as who reads signals from a
 * file or by rt_sigtimedwait(). Any other is ended by who is asked next.
 */
#include <uk/plat/terminate.h>

#include <uk/signal.h>
#include <uk/task.h>

#include "signal_priv.h"

/* Would @task be ended by it? The lock is held. */
static bool takes(const struct uk_task *task)
{
	const struct uk_signals *const s = task->signals;
	const uint64_t bit = UK_ABI_SIGBIT(UK_ABI_SIGTERM);

	return s && task->of_program && !((s->mask | s->waits_for) & bit);
}

static long ask_task(struct uk_task *task, void *arg UK_UNUSED)
{
	long rc;

	uk_spin_lock(&sig_process.lock);
	rc = takes(task);
	uk_spin_unlock(&sig_process.lock);
	return rc;
}

static bool is_looked_at(void)
{
	const unsigned long irq = uk_spin_lock_irqsave(&sig_process.lock);
	const uint64_t handler = sig_action(UK_ABI_SIGTERM)->handler;

	uk_spin_unlock_irqrestore(&sig_process.lock, irq);
	if (handler == UK_ABI_SIG_DFL)
		return uk_task_count() > 0 && !uk_task_each(ask_task, NULL);
	return handler != UK_ABI_SIG_IGN;
}

enum uk_event_result sig_end_asked(void *data UK_UNUSED)
{
	if (!is_looked_at() || uk_signal_process(UK_ABI_SIGTERM, NULL) < 0)
		return UK_EVENT_NOT_HANDLED;
	return UK_EVENT_HANDLED;
}

/* Behind a program's own, which knows more. */
UK_EVENT_HANDLER_PRIO(ukplat_end_asked, sig_end_asked, 8);
