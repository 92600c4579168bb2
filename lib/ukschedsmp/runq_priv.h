/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <uk/assert.h>
#include <uk/compiler.h>
#include <uk/list.h>
#include <uk/thread.h>

#define SMP_NPRIOS	(UK_THREAD_PRIO_MAX + 1)

/*
 * The threads of a CPU that can run and do not, by priority: a queue for each,
 * and a bit for each that is not empty, so that the most urgent is found by
 * one instruction, whatever their number. No priority is passed by for the
 * sake of a lower one: who wants that gives threads the same.
 *
 * The owner serialises. What every switch does is inline, the rest in runq.c.
 */
struct smp_runq {
	/* Written as a whole each, for those who only look. */
	uint32_t prios;		/* bit p: ready[p] is not empty */
	uint32_t nready;
	struct uk_list ready[SMP_NPRIOS];
};

void smp_runq_init(struct smp_runq *q);

/*
 * @t, which is in no queue, is to be in that of its priority, @prio: returns
 * that queue.
 */
static inline struct uk_list *smp_runq_count_(struct smp_runq *q,
					      struct uk_thread *t,
					      unsigned int prio)
{
	t->queued_ = true;
	UK_WRITE_ONCE(q->prios, q->prios | UINT32_C(1) << prio);
	UK_WRITE_ONCE(q->nready, q->nready + 1);
	return &q->ready[prio];
}

/* Put @t, which is in no queue, behind those of its priority, @prio. */
static inline void smp_runq_add_at(struct smp_runq *q, struct uk_thread *t,
				   unsigned int prio)
{
	uk_list_push_back(smp_runq_count_(q, t, prio), &t->queue_);
}

/* The same by who does not know its priority, or before these. */
static inline void smp_runq_add(struct smp_runq *q, struct uk_thread *t)
{
	UK_ASSERT(!t->queued_);

	smp_runq_add_at(q, t, t->prio);
}

static inline void smp_runq_add_front(struct smp_runq *q, struct uk_thread *t)
{
	UK_ASSERT(!t->queued_);

	uk_list_push_front(smp_runq_count_(q, t, t->prio), &t->queue_);
}

static inline void smp_runq_remove(struct smp_runq *q, struct uk_thread *t)
{
	UK_ASSERT(t->queued_);

	t->queued_ = false;
	UK_WRITE_ONCE(q->nready, q->nready - 1);
	uk_list_unlink(&t->queue_);
	if (uk_list_empty(&q->ready[t->prio]))
		UK_WRITE_ONCE(q->prios, q->prios & ~(UINT32_C(1) << t->prio));
}

/* Take out the most urgent one, of equals the one that has waited longest. */
static inline struct uk_thread *smp_runq_pop(struct smp_runq *q)
{
	const uint32_t prios = q->prios;
	struct uk_thread *t;
	struct uk_list *ready;
	unsigned int p;

	if (!prios)
		return NULL;
	p = 31 - (unsigned int)__builtin_clz(prios);
	ready = &q->ready[p];
	t = uk_list_entry(ready->next, struct uk_thread, queue_);
	UK_ASSERT(t->queued_);

	t->queued_ = false;
	UK_WRITE_ONCE(q->nready, q->nready - 1);
	ready->next = t->queue_.next;
	ready->next->prev = ready;
	if (UK_LIKELY(uk_list_empty(ready)))
		UK_WRITE_ONCE(q->prios, prios & ~(UINT32_C(1) << p));
	return t;
}

/* The most urgent one, of equals the one that has waited longest; or NULL. */
static inline struct uk_thread *smp_runq_first(const struct smp_runq *q)
{
	const struct uk_list *ready;

	if (!q->prios)
		return NULL;
	ready = &q->ready[31 - __builtin_clz(q->prios)];
	return uk_list_entry(ready->next, struct uk_thread, queue_);
}

/* Is somebody there that is as urgent as @prio, or more? */
static inline bool smp_runq_has(const struct smp_runq *q, unsigned int prio)
{
	return q->prios >> prio;
}

static inline bool smp_runq_has_above(const struct smp_runq *q,
				      unsigned int prio)
{
	/* In two steps: 32 at once is undefined. */
	return q->prios >> prio >> 1;
}

/* Are there equals, and nobody above? */
static inline bool smp_runq_has_equals_only(const struct smp_runq *q,
					    unsigned int prio)
{
	return q->prios >> prio == 1;
}

/* May @t run where its first equal, of which there is one, may, and no more? */
static inline bool smp_runq_has_same_cpus(const struct smp_runq *q,
					  const struct uk_thread *t)
{
	return uk_list_entry(q->ready[t->prio].next, struct uk_thread,
			     queue_)->cpus_ == t->cpus_;
}

/*
 * smp_runq_add() of @t, and its first equal, of which there is one, out and
 * returned.
 */
static inline struct uk_thread *smp_runq_rotate(struct smp_runq *q,
						struct uk_thread *t)
{
	struct uk_list *const ready = &q->ready[t->prio];
	struct uk_thread *const first = uk_list_entry(
		ready->next, struct uk_thread, queue_);

	UK_ASSERT(!t->queued_ && first->queued_);

	first->queued_ = false;
	uk_list_unlink(&first->queue_);
	t->queued_ = true;
	uk_list_push_back(ready, &t->queue_);
	return first;
}

/* The most urgent one that may run on CPU @idx, or NULL. */
struct uk_thread *smp_runq_first_for(const struct smp_runq *q,
				     unsigned int idx);

/* May @t run on CPU @idx? */
static inline bool smp_may_run_on(const struct uk_thread *t, unsigned int idx)
{
	return t->cpus_ == UK_THREAD_CPU_ANY ||
	       (idx < 64 && (t->cpus_ >> idx & 1));
}
