/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What time it is, by the slow way: see time_try_now() for the fast one.
 *
 * A base is written once, then published by one pointer; so reading the time
 * takes no lock. A clock whose rate was measured is measured again after 50 ms
 * and after 2 s, over so much longer a time, and each result makes a new base
 * that begins where the old one ends. While that happens the pointer is NULL;
 * a reader looks at it again after it has read the counter, so nobody goes on
 * with the old rate past the new moment.
 *
 * A clock that says it is the same on all CPUs is believed, and looked at all
 * the same: whoever sees it a millisecond past the floor moves that there
 * (move_floor()). A counter further below it than that was set back, by a
 * hypervisor or a debugger; time goes on from the highest that anybody may
 * have seen, and the clock is guarded from then on (set_back()).
 */
#include <stddef.h>

#include <uk/arch/cpu.h>
#include <uk/assert.h>
#include <uk/essentials.h>
#include <uk/percpu.h>
#include <uk/preempt.h>
#include <uk/print.h>
#include <uk/time.h>

#include "time_priv.h"

#define NO_LIMIT	((uint64_t)INT64_MAX)
#define REFINE_TRIES	8

/*
 * How long after its begin a measurement is prolonged. Up to some seconds it
 * can be told how often even a reference of 16 bits has wrapped.
 */
static const uint16_t refine_ms[TIME_NREFINE] = { 50, 2000 };

/*
 * A new base is this much later than the old one at the same count: more than
 * a reader can be off whose CPU looks at the pointer before the counter.
 */
#define REFINE_SLACK_NS	100

/* How far from the floor a reading may be: 1 of so many parts of a second. */
#define WINDOWS_PER_SEC	1000

struct time_state time_main;

/* Of this CPU's counter if it is guarded: guard.c. Interrupts off. */
static UK_PERCPU(uint64_t, clock_offset);

static unsigned long lock(struct time_state *s)
{
	const unsigned long irq = ukarch_irq_save();

	while (__atomic_exchange_n(&s->busy, true, __ATOMIC_ACQUIRE))
		ukarch_spin_wait();
	return irq;
}

static void unlock(struct time_state *s, unsigned long irq)
{
	__atomic_store_n(&s->busy, false, __ATOMIC_RELEASE);
	ukarch_irq_restore(irq);
}

static void publish(struct time_state *s, struct time_base *b)
{
	__atomic_store_n(&s->shown, b, __ATOMIC_RELEASE);
	__atomic_store_n(&s->base, b, __ATOMIC_RELEASE);
}

uint64_t time_guarded(struct time_state *s, const struct time_base *b)
{
	const unsigned long irq = ukarch_irq_save();
	uint64_t *const offset = s->offset ? s->offset :
					     uk_this_cpu_ptr(clock_offset);
	const uint64_t count = time_guard_read(&s->guard, b->clock, offset);

	ukarch_irq_restore(irq);
	return count;
}

static void set_limit(struct time_base *b, uint64_t limit)
{
	const uint64_t window = b->guarded ? limit :
		UK_MIN(limit, b->clock->hz / WINDOWS_PER_SEC);

	__atomic_store_n(&b->limit, limit, __ATOMIC_RELAXED);
	__atomic_store_n(&b->window, window, __ATOMIC_RELAXED);
}

/* @count is a reading; below the floor, time stands still. */
static uint64_t ns_at(const struct time_base *b, uint64_t count)
{
	const uint64_t floor = __atomic_load_n(&b->floor, __ATOMIC_RELAXED);
	uint64_t delta = count - b->count;

	if (delta - floor > NO_LIMIT)
		delta = floor;
	return b->ns + uk_clock_to_ns(&b->scale, delta);
}

uint64_t time_shown(struct time_state *s)
{
	struct time_base *const b = __atomic_load_n(&s->shown,
						    __ATOMIC_ACQUIRE);

	return ns_at(b, time_count(s, b));
}

/* Time since boot by the CPU's counter, 0 if nobody tells how fast it is. */
static uint64_t since_boot(const struct time_state *s)
{
	const uint64_t hz = ukarch_ticks_hz();
	struct uk_clock_scale scale;

	if (hz < UK_CLOCK_MIN_HZ || hz > UK_CLOCK_MAX_HZ)
		return 0;
	uk_clock_scale_set(&scale, hz);
	return uk_clock_to_ns(&scale, ukarch_ticks() - s->boot_ticks);
}

static uint64_t read_nothing(const struct uk_clock *clock UK_UNUSED)
{
	return 0;
}

/* The clock of a machine that has none. */
static struct uk_clock no_clock = {
	.name = "none", .bits = 64, .synchronous = true,
	.hz = UK_TIME_NS_PER_SEC, .read = read_nothing,
};

bool time_stands_still(const struct time_state *s)
{
	return __atomic_load_n(&s->shown, __ATOMIC_ACQUIRE)->clock ==
	       &no_clock;
}

/* When to measure again, in counts from the moment of @b. */
static uint64_t next_limit(const struct time_state *s,
			   const struct time_base *b)
{
	if (!s->m.ref || s->nrefined == TIME_NREFINE)
		return NO_LIMIT;
	return refine_ms[s->nrefined] * (b->clock->hz / 1000);
}

/* The first question for the time. */
static void choose(struct time_state *s)
{
	struct time_base *const b = &s->bases[s->nbases++];

	UK_ASSERT(!uk_in_irq());

	b->clock = time_clock_choose(s);
	if (!b->clock) {
		uk_pr_err("there is no clock: time stands still");
		b->clock = &no_clock;
	}
	b->read = b->clock->read;
	b->guarded = !b->clock->synchronous || b->clock->bits < 64;
	if (b->guarded)
		time_guard_init(&s->guard, b->clock);
	uk_clock_scale_set(&b->scale, b->clock->hz);
	b->count = time_count(s, b);
	b->ns = since_boot(s);
	set_limit(b, next_limit(s, b));
	publish(s, b);
}

/* A copy of @old to be published, which nobody goes on with from here on. */
static struct time_base *replace(struct time_state *s,
				 const struct time_base *old)
{
	struct time_base *const b = &s->bases[s->nbases++];

	UK_ASSERT(s->nbases <= UK_ARRAY_SIZE(s->bases));
	__atomic_store_n(&s->base, NULL, __ATOMIC_RELAXED);
	/* Pairs with the second look at it in time_try_now(). */
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	*b = *old;
	return b;
}

/* From now on the rate is @hz. */
static void rebase(struct time_state *s, const struct time_base *old,
		   uint64_t hz)
{
	struct time_base *const b = replace(s, old);

	s->nrefined++;
	b->count = time_count(s, old);
	b->ns = ns_at(old, b->count) + REFINE_SLACK_NS;
	b->floor = 0;
	b->clock->hz = hz;
	uk_clock_scale_set(&b->scale, hz);
	set_limit(b, next_limit(s, b));
	publish(s, b);
}

/*
 * Each CPU's counter is looked after from now on. The count goes on from the
 * highest that anybody has seen, which is not past the window.
 */
static void guard(struct time_state *s, const struct time_base *old)
{
	struct time_base *const b = replace(s, old);
	const uint64_t floor = __atomic_load_n(&old->floor, __ATOMIC_RELAXED);

	s->guard.mask = UINT64_MAX;
	s->guard.last = old->count + floor + old->window;
	b->guarded = true;
	b->floor = 0;
	/* What it was measured by has no meaning any more. */
	s->m.ref = NULL;
	set_limit(b, NO_LIMIT);
	publish(s, b);
}

/*
 * The counter of this CPU, or of all, was set back; it may happen again, or
 * have happened here only.
 */
static void set_back(struct time_state *s, const struct time_base *old)
{
	uk_pr_warn("%s was set back: its readings are compared from now on",
		   old->clock->name);
	guard(s, old);
}

void time_not_synchronous(struct time_state *s, const struct uk_clock *clock)
{
	const unsigned long irq = lock(s);

	if (s->base && s->base->clock == clock && !s->base->guarded)
		guard(s, s->base);
	unlock(s, irq);
}

/* Has the counter been set back, by more than CPUs may differ? */
static bool was_set_back(struct time_state *s, const struct time_base *b)
{
	const uint64_t floor = __atomic_load_n(&b->floor, __ATOMIC_RELAXED);
	const uint64_t behind = b->guarded ? 0 :
		floor - (time_count(s, b) - b->count);

	return behind <= NO_LIMIT && behind > b->window;
}

/*
 * The usual reason to look: a reading past the window. Returns whether that
 * was all. Who moves the floor looks at the base after it; set_back() takes
 * the base away and looks at the floor after that: one sees the other.
 */
static bool move_floor(struct time_state *s, uint64_t *now_ns)
{
	struct time_base *const b = __atomic_load_n(&s->base,
						    __ATOMIC_ACQUIRE);
	uint64_t floor, delta;

	if (!b || b->guarded)
		return false;
	floor = __atomic_load_n(&b->floor, __ATOMIC_RELAXED);
	delta = time_count(s, b) - b->count;
	if (delta - floor > NO_LIMIT ||
	    delta > __atomic_load_n(&b->limit, __ATOMIC_RELAXED))
		return false;
	while (delta > floor)
		if (__atomic_compare_exchange_n(&b->floor, &floor, delta, true,
						__ATOMIC_SEQ_CST,
						__ATOMIC_RELAXED))
			break;
	if (__atomic_load_n(&s->base, __ATOMIC_SEQ_CST) != b)
		return false;
	*now_ns = b->ns + uk_clock_to_ns(&b->scale, delta);
	return true;
}

/*
 * Prolong the measurement until now. If it is not known how often the
 * reference has wrapped since it began, it begins anew.
 */
static void refine(struct time_state *s, struct time_base *b)
{
	const uint64_t hz = b->clock->hz;
	const uint64_t doubt = hz / s->m.error * 2 + 1;
	struct time_edge last;
	struct time_rate rate;
	uint64_t ns;

	if (time_edge_find(b->clock, s->m.ref, REFINE_TRIES, &last) < 0)
		goto give_up;
	if (time_between(&s->m, &last, &ns) < 0) {
		s->m.first = last;
		set_limit(b, time_count(s, b) - b->count + next_limit(s, b));
		return;
	}
	/* While the guest was stopped, only one of them may have gone on. */
	if (time_rate(&s->m.first, &last, ns, &rate) < 0 ||
	    rate.hz > hz + doubt || rate.hz + doubt < hz)
		goto give_up;
	s->m.error = rate.error;
	rebase(s, b, rate.hz);
	return;

give_up:
	uk_pr_warn("%s and %s do not agree any more, it stays at %lu Hz",
		   b->clock->name, s->m.ref->name, hz);
	set_limit(b, NO_LIMIT);
}

bool time_look_after(struct time_state *s, uint64_t *now_ns)
{
	unsigned long irq;
	uint64_t delta;
	bool first;

	if (move_floor(s, now_ns))
		return false;
	irq = lock(s);
	first = !s->base;
	if (first)
		choose(s);
	if (was_set_back(s, s->base))
		set_back(s, s->base);
	delta = time_count(s, s->base) - s->base->count;
	if (delta > s->base->limit && delta <= NO_LIMIT)
		refine(s, s->base);
	*now_ns = ns_at(s->base, time_count(s, s->base));
	unlock(s, irq);
	return first;
}
