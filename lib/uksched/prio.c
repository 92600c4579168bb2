/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * How urgent threads are, with a scheduler that knows that. A thread has a
 * priority of its own, is lent another by those who wait for it, and runs at
 * the higher of the two. Who lends is decided above, by locks that know who
 * waits for whom; they are told of changes by an event.
 */
#include <uk/sched_impl.h>

#include <uk/errno.h>

UK_EVENT(uk_thread_prio);

int uk_thread_set_prio(struct uk_thread *t, unsigned int prio)
{
	struct uk_sched *const s = t->sched;
	struct uk_thread_prio change = { .t = t, .was = t->base_prio_ };
	int rc;

	if (prio > UK_THREAD_PRIO_MAX)
		return -EINVAL;
	if (!s) {
		t->base_prio_ = (uint8_t)prio;
		t->prio = (uint8_t)prio;
		return 0;
	}
	if (!s->ops->set_prio)
		return -ENOTSUP;
	rc = s->ops->set_prio(s, t, prio);
	if (rc == 0)
		(void)uk_event_raise(uk_thread_prio, &change);
	return rc;
}

bool uk_thread_lend_prio(struct uk_thread *t, unsigned int prio)
{
	struct uk_sched *const s = t->sched;

	/* Only who lends changes it, and those take turns. */
	if (t->lent_prio_ == prio || !s || !s->ops->lend_prio)
		return false;
	return s->ops->lend_prio(s, t, prio);
}
