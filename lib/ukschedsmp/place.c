/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Which CPU a thread waits at. One that becomes runnable goes where it ran last
 * if that has nothing to do; else to one that has nothing to do; else where it
 * runs at once, because what runs there is less urgent; else back to where it
 * ran, or now and then, where it would be one of fewer. A CPU that runs out of
 * threads looks into the queues of all others.
 *
 * A CPU that has nothing to do says so before it looks, and who puts a thread
 * into a queue looks afterwards who has said so: one of the two sees the other.
 * Whoever wakes such a CPU takes its mark away, so that the next one wakes
 * another.
 *
 * Two CPUs' locks are held together only where the second is to be had at once.
 * Else a thread travels from one CPU to the other without a lock, and counts as
 * running meanwhile (on_cpu_), so that nobody touches it.
 */
#include "smp_priv.h"

#include <uk/essentials.h>
#include <uk/sched_impl.h>

/* Of so many threads that become runnable one may go elsewhere. */
#define BALANCE_EVERY	8u

void smp_resched(struct smp_cpu *cpu)
{
	if (cpu == smp_this_cpu()) {
		cpu->running->cur.resched = 1;
	} else if (!cpu->kicked) {
		cpu->kicked = true;
		smp_kick(cpu->idx);
	}
}

void smp_resched_pass_(struct smp_cpu *cpu)
{
	smp_resched(cpu);
	uk_spin_unlock_(&cpu->lock);
}

struct smp_cpu *smp_lock_home_again_(struct smp_cpu *cpu,
				     const struct uk_thread *t)
{
	do {
		uk_spin_unlock_(&cpu->lock);
		cpu = smp_lock_home_once_(t);
	} while (!smp_is_home_(cpu, t));
	return cpu;
}

/* @cpu's lock is held, or both. */
static inline void insert(struct smp_cpu *cpu, struct uk_thread *t)
{
	smp_set_home(t, cpu);
	smp_queue(cpu, t);
	/* Unless it runs here next, somebody else may have it. */
	if (cpu->running != cpu->idle || cpu->queue.nready > 1)
		smp_offer(t);
}

/* How urgent a thread must be to run there at once; a hint without the lock. */
static uint32_t pressure(const struct smp_cpu *cpu)
{
	const uint32_t prios = __atomic_load_n(&cpu->queue.prios,
					       __ATOMIC_RELAXED);
	const uint32_t first = prios ? 32 - (uint32_t)__builtin_clz(prios) : 0;

	return UK_MAX(first, __atomic_load_n(&cpu->urgency,
					     __ATOMIC_RELAXED));
}

/* Of the CPUs that @t may run on, the one with the least pressure. */
static struct smp_cpu *calmest(const struct uk_thread *t)
{
	const unsigned int n = smp_ncpus();
	struct smp_cpu *best = NULL;

	for (unsigned int i = 0; i < n; i++) {
		struct smp_cpu *const cpu = smp_cpu_at(i);

		if (cpu && smp_may_run_on(t, i) &&
		    (!best || pressure(cpu) < pressure(best)))
			best = cpu;
	}
	return best;
}

/*
 * @home, or another CPU with fewer threads. All that are busy are kept equally
 * so by looking at one, in turn, for one thread of several: what is far from
 * even gets even in some rounds, and a thread seldom loses what it has in its
 * caches because one more or less happens to wait.
 */
static inline struct smp_cpu *balance(struct smp_cpu *home,
				      const struct uk_thread *t)
{
	const uint32_t nready = home->queue.nready;
	struct smp_cpu *other;

	if (nready < 2 || ++home->nplaced % BALANCE_EVERY)
		return home;
	other = smp_cpu_at(home->nplaced / BALANCE_EVERY % smp_ncpus());
	/* The difference has to be more than @t itself. */
	if (!other || !smp_may_run_on(t, other->idx) ||
	    __atomic_load_n(&other->queue.nready, __ATOMIC_RELAXED) + 2 >
	    nready)
		return home;
	return other;
}

/* Where @t is to wait, if that is not seen at a glance. */
UK_NOINLINE static struct smp_cpu *choose_other(struct smp_cpu *home,
						const struct uk_thread *t)
{
	const bool may_stay = smp_may_run_on(t, home->idx);
	struct smp_cpu *cpu;
	int idle;

	if (may_stay && pressure(home) == 0)
		return home;
	idle = smp_idle_claim(t);
	if (idle >= 0)
		return smp_cpu_at((unsigned int)idle);
	if (may_stay && pressure(home) < smp_urgency(t))
		return home;
	cpu = calmest(t);
	if (!cpu || (may_stay && pressure(cpu) >= smp_urgency(t)))
		return balance(home, t);
	return cpu;
}

/*
 * Where @t is to wait; @home's lock is held. Mostly all have something to do;
 * and where nobody has ever been less urgent nobody gives way.
 */
static inline struct smp_cpu *choose(struct smp_cpu *home,
				     const struct uk_thread *t)
{
	if (UK_LIKELY(smp_none_idle() && !smp_prio_above_any(t->prio) &&
		      smp_may_run_on(t, home->idx)))
		return balance(home, t);
	return choose_other(home, t);
}

/*
 * Let @t, which is in no queue, go from @from, whose lock is held and given
 * back, to @to, whose lock is taken.
 */
static void travel(struct uk_thread *t, struct smp_cpu *from,
		   struct smp_cpu *to)
{
	t->on_cpu_ = true;
	smp_set_home(t, to);
	uk_spin_unlock_(&from->lock);
	uk_spin_lock_(&to->lock);
	t->on_cpu_ = false;
}

/* smp_place() where @cpu, not @home, has been chosen, and claimed if idle. */
UK_NOINLINE static void place_at(struct smp_cpu *cpu, struct smp_cpu *home,
				 struct uk_thread *t)
{
	if (uk_spin_trylock_(&cpu->lock)) {
		insert(cpu, t);
		uk_spin_unlock_(&cpu->lock);
		uk_spin_unlock_(&home->lock);
		return;
	}
	/* Where it may not stay, it goes on; there, things may have changed. */
	while (cpu != home && !smp_may_run_on(t, home->idx)) {
		travel(t, home, cpu);
		home = cpu;
		cpu = choose_other(home, t);
	}
	insert(home, t);
	uk_spin_unlock_(&home->lock);
	/* If it was idle it has been claimed, so it is to come for it. */
	if (cpu != home && !__atomic_load_n(&cpu->urgency, __ATOMIC_RELAXED))
		smp_kick(cpu->idx);
}

void smp_place_among_(struct smp_cpu *home, struct uk_thread *t)
{
	struct smp_cpu *const cpu = choose(home, t);

	if (UK_UNLIKELY(cpu != home)) {
		place_at(cpu, home, t);
		return;
	}
	insert(home, t);
	uk_spin_unlock_(&home->lock);
}

/* Take what @cpu may run out of @from's queue. */
static bool steal_from(struct smp_cpu *from, struct smp_cpu *cpu)
{
	struct uk_thread *t;

	if (!__atomic_load_n(&from->queue.nready, __ATOMIC_RELAXED))
		return false;
	uk_spin_lock_(&from->lock);
	t = smp_runq_first_for(&from->queue, cpu->idx);
	if (!t) {
		uk_spin_unlock_(&from->lock);
		return false;
	}
	smp_runq_remove(&from->queue, t);
	travel(t, from, cpu);
	/* While nobody had it, it may have been told to go elsewhere. */
	if (UK_LIKELY(smp_may_run_on(t, cpu->idx))) {
		smp_runq_add(&cpu->queue, t);
		uk_spin_unlock_(&cpu->lock);
	} else {
		smp_place(cpu, t);
	}
	return true;
}

void smp_steal(struct smp_cpu *cpu)
{
	const unsigned int n = smp_ncpus();

	if (n == 1)
		return;
	smp_idle_set(cpu);
	/* Pairs with the one in smp_offer(). */
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	for (unsigned int i = 1; i < n; i++) {
		struct smp_cpu *const from = smp_cpu_at((cpu->idx + i) % n);

		if (from && steal_from(from, cpu))
			return;
	}
}
