/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Blocking and waking, as far as it is the same for all schedulers: see
 * <uk/sched_impl.h> for why no wake is lost.
 *
 * The flag's changes are ordered by being changes of one word: a wake that
 * comes before the block is one that the thread's acquire there sees, with all
 * that was written before; one that comes after sees the flag gone.
 */
#include <uk/sched_impl.h>

#include <uk/arch/cpu.h>
#include <uk/end.h>
#include <uk/errno.h>
#include <uk/preempt.h>
#include <uk/sched.h>

#include "sched_priv.h"

void uk_thread_block(struct uk_thread *t)
{
	uk_thread_block_self(t);
	if (t != uk_thread_self() && t->sched)
		t->sched->ops->block(t->sched, t);
}

void uk_thread_wake(struct uk_thread *t)
{
	unsigned long irq;

	if (!uk_sched_set_going_(t))
		return;
	irq = ukarch_irq_save();
	t->sched->ops->wake(t->sched, t);
	ukarch_irq_restore(irq);
	uk_preempt_point();
}

void uk_thread_wake_irqoff(struct uk_thread *t)
{
	uk_thread_wake_irqoff_(t);
}

void uk_thread_interrupt(struct uk_thread *t)
{
	if (t->sched && t->sched->ops->interrupt)
		t->sched->ops->interrupt(t->sched, t);
}

void uk_sched_wait(void)
{
	sched_block();
}

void uk_sched_yield(void)
{
	sched_block();
	if (UK_UNLIKELY(uk_thread_self()->flags & UK_THREADF_TERMINATE))
		uk_thread_exit();
}

void uk_sched_switch_all_(struct uk_thread *prev, struct uk_thread *next)
{
	ukarch_ectx_save(prev->ectx_);
	ukarch_ctx_switch(&prev->ctx, &next->ctx);
	ukarch_ectx_restore(prev->ectx_);
}

int uk_sched_thread_add(struct uk_sched *s, struct uk_thread *t)
{
	if (t->sched || (t->flags & UK_THREADF_EXITED))
		return -EINVAL;

	if (!t->start_.sp)
		sched_prepare(t);
	t->sched = s;
	/* Release: whoever wakes it from now on sees its scheduler. */
	(void)__atomic_fetch_or(&t->flags, UK_THREADF_QUEUEABLE,
				__ATOMIC_RELEASE);
	s->ops->add(s, t);
	return 0;
}

int uk_sched_thread_remove(struct uk_thread *t)
{
	struct uk_sched *const s = t->sched;
	int rc;

	if (!s)
		return -EINVAL;
	rc = s->ops->remove(s, t);
	if (rc < 0)
		return rc;
	t->sched = NULL;
	return 0;
}

int uk_thread_set_affinity(struct uk_thread *t, uint64_t cpus)
{
	struct uk_sched *const s = t->sched;

	if (!cpus)
		return -EINVAL;
	if (!s) {
		t->cpus_ = cpus;
		return 0;
	}
	return s->ops->set_affinity ? s->ops->set_affinity(s, t, cpus) :
				      -ENOTSUP;
}

uint64_t uk_thread_affinity(const struct uk_thread *t)
{
	struct uk_sched *const s = t->sched;
	const uint64_t all = s && s->ops->cpus ? s->ops->cpus(s) : 1;

	return UK_READ_ONCE(t->cpus_) & all;
}

/* The image ends before this thread is looked at again. */
UK_NORETURN static void block_for_good(void)
{
	for (;;) {
		uk_thread_block(uk_thread_current());
		uk_sched_yield();
	}
}

static enum uk_event_result on_end_awaited(void *data)
{
	(void)data;
	block_for_good();
}

UK_EVENT_HANDLER(uk_end_awaited, on_end_awaited);
