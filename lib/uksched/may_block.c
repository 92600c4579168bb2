/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Blocking where one must not is mostly found by chance: when the lock happens
 * to be taken. So it is looked for where one might block, whether or not.
 */
#include <uk/wait.h>

#include <uk/arch/percpu.h>
#include <uk/config.h>
#include <uk/crash.h>

void uk_might_block_(void)
{
	const struct uk_current *const cur = ukarch_current();

	if (cur->irq_depth)
		uk_crash("an interrupt handler, on top of \"%s\", called what "
			 "may block", cur->name);
	if (UK_IS_ENABLED(CONFIG_HAVE_PREEMPT) && cur->preempt_off)
		uk_crash("\"%s\" called what may block, with a spinlock held "
			 "or preemption off", cur->name);
}
