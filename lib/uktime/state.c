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
 */
#include <stddef.h>

#include <uk/arch/cpu.h>
#include <uk/assert.h>
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

struct time_state time_main;

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

/* @count is a reading; before the moment, time stands still. */
static uint64_t ns_at(const struct time_base *b, uint64_t count)
{
	const uint64_t delta = count - b->count;

	return delta > NO_LIMIT ? b->ns :
	       b->ns + uk_clock_to_ns(&b->scale, delta);
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
	struct time_base *const b = &s->bases[0];

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
	b->limit = next_limit(s, b);
	publish(s, b);
}

/* From now on the rate is @hz. */
static void rebase(struct time_state *s, const struct time_base *old,
		   uint64_t hz)
{
	struct time_base *const b = &s->bases[++s->nrefined];

	__atomic_store_n(&s->base, NULL, __ATOMIC_RELAXED);
	/* Pairs with the second look at it in time_try_now(). */
	__atomic_thread_fence(__ATOMIC_SEQ_CST);

	*b = *old;
	b->count = time_count(s, old);
	b->ns = ns_at(old, b->count) + REFINE_SLACK_NS;
	b->clock->hz = hz;
	uk_clock_scale_set(&b->scale, hz);
	b->limit = next_limit(s, b);
	publish(s, b);
}

static void set_limit(struct time_base *b, uint64_t limit)
{
	__atomic_store_n(&b->limit, limit, __ATOMIC_RELAXED);
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
	const unsigned long irq = lock(s);
	const bool first = !s->base;
	uint64_t delta;

	if (first)
		choose(s);
	delta = time_count(s, s->base) - s->base->count;
	if (delta > s->base->limit && delta <= NO_LIMIT)
		refine(s, s->base);
	*now_ns = ns_at(s->base, time_count(s, s->base));
	unlock(s, irq);
	return first;
}
