/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What was counted where threads leave their CPUs (<uk/sched_impl.h>).
 *
 * Of a thread that runs, the time since it came is added to the sum of what it
 * had before. Both are another CPU's to write, without a lock: that clears the
 * beginning, then changes the sum, and here the sum is read first. So whoever
 * sees the new sum does not see the beginning that it counts already.
 */
#include <uk/thread.h>

#include <stdbool.h>

#include <uk/arch/cpu.h>
#include <uk/sched.h>

#include "sched_priv.h"

/* Of threads that are no more; under the registry's lock. */
static struct uk_thread_stats gone;

static struct uk_thread_stats stats_of(const struct uk_thread *t)
{
	/* First: who is preempted in between has what it had before, not what
	 * others have had since. */
	const uint64_t now = ukarch_ticks();
	const uint64_t ran = __atomic_load_n(&t->run_ticks_, __ATOMIC_ACQUIRE);
	const uint64_t since = UK_READ_ONCE(t->since_);

	return (struct uk_thread_stats){
		/* Counters of CPUs may differ a little. */
		.run_ticks = ran + (since && now > since ? now - since : 0),
		.nswitches = UK_READ_ONCE(t->nswitches_),
		.npreempted = UK_READ_ONCE(t->npreempted_),
	};
}

int uk_thread_stats_get(const struct uk_thread *t,
			struct uk_thread_stats *stats)
{
	*stats = stats_of(t);
	return 0;
}

static void add(struct uk_thread_stats *to, const struct uk_thread_stats *s)
{
	to->run_ticks += s->run_ticks;
	to->nswitches += s->nswitches;
	to->npreempted += s->npreempted;
}

static void add_thread(struct uk_thread_stats *to, const struct uk_thread *t)
{
	const uint32_t flags = __atomic_load_n(&t->flags, __ATOMIC_RELAXED);
	struct uk_thread_stats s;

	/* The idle ones are their scheduler's and in no queue. */
	if (t->sched && !(flags & (UK_THREADF_QUEUEABLE | UK_THREADF_EXITED)))
		return;
	s = stats_of(t);
	add(to, &s);
}

void sched_stats_gone(const struct uk_thread *t)
{
	add_thread(&gone, t);
}

struct sum {
	struct uk_thread_stats stats;
	bool begun;
};

/* Under the registry's lock. */
static int add_one(struct uk_thread *t, void *arg)
{
	struct sum *const sum = arg;

	if (!sum->begun)
		sum->stats = gone;
	sum->begun = true;
	add_thread(&sum->stats, t);
	return 0;
}

int uk_thread_stats_all(struct uk_thread_stats *stats)
{
	struct sum sum = { .begun = false };

	/* There is one at least: who asks. */
	(void)uk_sched_foreach_thread(add_one, &sum);
	*stats = sum.stats;
	return 0;
}
