/* SPDX-License-Identifier: BSD-3-Clause */
#include <uk/signal_take.h>

#include <uk/task.h>

#include "signal_priv.h"

UK_EVENT(uk_signal_waits);

uint64_t uk_signal_waiting(void)
{
	const struct uk_task *const task = uk_task_current();
	const unsigned long irq = uk_spin_lock_irqsave(&sig_process.lock);
	uint64_t bits = task->signals->waiting.bits;

	if (task->of_program)
		bits |= sig_process.waiting.bits;
	uk_spin_unlock_irqrestore(&sig_process.lock, irq);
	return bits;
}

int uk_signal_take(uint64_t set, struct uk_abi_siginfo *info)
{
	return sig_take_any(set, info);
}
