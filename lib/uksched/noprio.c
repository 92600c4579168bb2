/* SPDX-License-Identifier: BSD-3-Clause */
/* How urgent threads are, with a scheduler that does not know that. */
#include <uk/sched_impl.h>

#include <uk/errno.h>

int uk_thread_set_prio(struct uk_thread *t, unsigned int prio)
{
	if (prio > UK_THREAD_PRIO_MAX)
		return -EINVAL;
	if (t->sched)
		return -ENOTSUP;
	t->prio = (uint8_t)prio;
	return 0;
}

bool uk_thread_lend_prio(struct uk_thread *t UK_UNUSED,
			 unsigned int prio UK_UNUSED)
{
	return false;
}
