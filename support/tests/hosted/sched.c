/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A scheduler whose threads are the host's: each has a CPU of its own. One that
 * has to wait looks at its flag again and again, so a wake that was lost shows
 * as a case that does not end, and a wake of one that is gone as a race. There
 * are no interrupts, so it also runs the timers that are due.
 */
#include <hosted_sched.h>
#include <hosted_threads.h>

#include <uk/assert.h>
#include <uk/crash.h>
#include <uk/sched_impl.h>
#include <uk/spinlock.h>
#include <uk/time.h>

#include "../../../lib/uksched/sched_priv.h"

#define MOST	16u

/* steps.c has that room for the context that a thread begins with. */
_Static_assert(sizeof(struct uk_current) <= 64, "size");

static void yield(struct uk_sched *s UK_UNUSED)
{
	const struct uk_thread *const me = uk_thread_current();

	/* Acquire, with the release in uk_thread_wake(). */
	do {
		hosted_yield();
		uk_time_idle();
	} while (!(__atomic_load_n(&me->flags, __ATOMIC_ACQUIRE) &
		   UK_THREADF_RUNNABLE));
}

static void wake(struct uk_sched *s UK_UNUSED, struct uk_thread *t UK_UNUSED)
{
}

/* All are as urgent as it gets, having a CPU each; so it is only noted. */
static struct uk_spinlock prio_lock = UK_SPINLOCK_INIT;

static bool update_prio(struct uk_thread *t, uint8_t *which, unsigned int prio)
{
	bool changed;

	uk_spin_lock(&prio_lock);
	__atomic_store_n(which, (uint8_t)prio, __ATOMIC_RELAXED);
	changed = t->prio != uk_sched_prio(t);
	__atomic_store_n(&t->prio, uk_sched_prio(t), __ATOMIC_RELAXED);
	uk_spin_unlock(&prio_lock);
	return changed;
}

static int set_prio(struct uk_sched *s UK_UNUSED, struct uk_thread *t,
		    unsigned int prio)
{
	(void)update_prio(t, &t->base_prio_, prio);
	return 0;
}

static bool lend_prio(struct uk_sched *s UK_UNUSED, struct uk_thread *t,
		      unsigned int prio)
{
	return update_prio(t, &t->lent_prio_, prio);
}

static const struct uk_sched_ops ops = {
	.name = "hosted", .yield = yield, .wake = wake,
	.set_prio = set_prio, .lend_prio = lend_prio,
};

/* Nobody is preempted: there are no interrupts to mark one. */
void uk_preempt_switch(void)
{
	uk_crash("preempted");
}

static struct uk_sched sched = { .ops = &ops };

struct run {
	void (*fn)(void *arg, unsigned int i);
	void *arg;
};

/* What belongs to each CPU; it is zero when the CPU starts. */
#define PERCPU_MAX	8192u

static char blocks[MOST][PERCPU_MAX] UK_ALIGNED(64);

static void begin_cpu(unsigned int i)
{
	const size_t len = (size_t)(uk_percpu_end - uk_percpu_start);

	UK_ASSERT(len <= PERCPU_MAX);
	__builtin_memset(blocks[i], 0, len);
	ukarch_percpu_set((uintptr_t)blocks[i] - (uintptr_t)uk_percpu_start);
}

static void begin(void *run_, unsigned int i)
{
	const struct run *const run = run_;
	struct uk_current *const before = ukarch_current();
	struct uk_thread t = {
		.cur = { .is_thread = 1, .name = "hosted" },
		.flags = UK_THREADF_RUNNABLE | UK_THREADF_QUEUEABLE,
		.prio = UK_THREAD_PRIO_DEFAULT,
		.base_prio_ = UK_THREAD_PRIO_DEFAULT,
		.sched = &sched,
	};

	begin_cpu(i);
	ukarch_current_set(&t.cur);
	sched_register(&t);
	run->fn(run->arg, i);
	sched_unregister(&t);
	UK_ASSERT(uk_thread_is_runnable(&t));
	ukarch_current_set(before);
	ukarch_percpu_set(0);
}

void hosted_uk_threads(unsigned int n, void (*fn)(void *arg, unsigned int i),
		       void *arg)
{
	struct run run = { .fn = fn, .arg = arg };

	UK_ASSERT(n <= MOST);
	hosted_threads(n, begin, &run);
}
