/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * All threads there are, so that one can show them. A thread is in the list
 * from its creation until it is freed, so whoever holds the list's lock may
 * look at all of them.
 */
#include <uk/sched.h>

#include <uk/spinlock.h>

#include "sched_priv.h"

static struct {
	struct uk_spinlock lock;
	struct uk_list threads;	/* under the lock */
} all = {
	.lock = UK_SPINLOCK_INIT,
	.threads = UK_LIST_INIT(all.threads),
};

void sched_register(struct uk_thread *t)
{
	const unsigned long irq = uk_spin_lock_irqsave(&all.lock);

	uk_list_push_back(&all.threads, &t->all_);
	uk_spin_unlock_irqrestore(&all.lock, irq);
}

void sched_unregister(struct uk_thread *t)
{
	const unsigned long irq = uk_spin_lock_irqsave(&all.lock);

	uk_list_remove(&t->all_);
	sched_stats_gone(t);
	uk_spin_unlock_irqrestore(&all.lock, irq);
}

const char *sched_owner_of(uintptr_t block)
{
	struct uk_thread *t;

	if (uk_spin_is_locked(&all.lock))
		return NULL;
	uk_list_for_each(t, &all.threads, all_)
		if ((uintptr_t)t->_mem.block == block)
			return t->cur.name;
	return NULL;
}

int uk_sched_foreach_thread(int (*fn)(struct uk_thread *t, void *arg),
			    void *arg)
{
	const unsigned long irq = uk_spin_lock_irqsave(&all.lock);
	struct uk_thread *t;
	int rc = 0;

	uk_list_for_each(t, &all.threads, all_) {
		rc = fn(t, arg);
		if (rc)
			break;
	}
	uk_spin_unlock_irqrestore(&all.lock, irq);
	return rc;
}
