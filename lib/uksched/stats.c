/* SPDX-License-Identifier: BSD-3-Clause */
/* What was counted where threads leave their CPUs (<uk/sched_impl.h>). */
#include <uk/thread.h>

int uk_thread_stats_get(const struct uk_thread *t,
			struct uk_thread_stats *stats)
{
	*stats = (struct uk_thread_stats){
		.run_ticks = UK_READ_ONCE(t->run_ticks_),
		.nswitches = UK_READ_ONCE(t->nswitches_),
		.npreempted = UK_READ_ONCE(t->npreempted_),
	};
	return 0;
}
