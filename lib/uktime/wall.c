/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The wall clock is the monotonic one and an offset, which is found when it is
 * first asked for. Sources are asked by rating until one knows the date. One
 * that tells it in steps is looked at again by later calls (phase.c); all that
 * the others pay for that is a comparison.
 */
#include <uk/time.h>

#include <stdbool.h>
#include <stddef.h>

#include <uk/arch/cpu.h>
#include <uk/clock.h>
#include <uk/compiler.h>
#include <uk/config.h>
#include <uk/print.h>
#include <uk/spinlock.h>

#include "time_priv.h"

/* For so long after the first look, it is looked again. */
#define LOOKS_NS	(16 * UK_TIME_NS_PER_SEC)

static struct {
	/* Guards what follows, but for readers. Not taken by interrupts. */
	struct uk_spinlock lock;

	/*
	 * The moment from which on somebody has to look: 0 before the first
	 * look, UK_TIME_NEVER after the last one. Release, acquire.
	 */
	uint64_t look_ns;
	uint64_t offset_ns;	/* modulo 2^64; before @look_ns, and relaxed */

	struct uk_wallclock *source;	/* that is looked at again */
	struct time_phase phase;
	uint64_t end_ns;		/* of the looks */
} st;

/* By rating; written at boot. */
static struct uk_wallclock *sources;

void uk_wallclock_register(struct uk_wallclock *source)
{
	struct uk_wallclock **link = &sources;

	while (*link && (*link)->rating >= source->rating)
		link = &(*link)->next_;
	source->next_ = *link;
	*link = source;
}

UK_EVENT(uk_time_wall_moved);

static void tell(uint64_t by_ns, bool was_set)
{
	struct uk_time_wall_move move = { .by_ns = by_ns, .was_set = was_set };

	(void)uk_event_raise(uk_time_wall_moved, &move);
}

static void set(uint64_t offset_ns, uint64_t look_ns)
{
	__atomic_store_n(&st.offset_ns, offset_ns, __ATOMIC_RELAXED);
	__atomic_store_n(&st.look_ns, look_ns, __ATOMIC_RELEASE);
}

static int read_source(struct uk_wallclock *s, struct time_reading *r)
{
	int rc;

	r->before_ns = uk_time_now();
	rc = s->read(s, &r->wall_ns);
	r->after_ns = uk_time_now();
	return rc;
}

/* Wall time by what is known now, and when to look again. */
static void set_by_phase(bool look_again, uint64_t now_ns)
{
	set(st.phase.low, look_again && now_ns < st.end_ns ?
				  time_phase_next(&st.phase, now_ns) :
				  UK_TIME_NEVER);
}

static void look_first(void)
{
	struct time_reading r;

	for (struct uk_wallclock *s = sources; s; s = s->next_) {
		if (read_source(s, &r) < 0)
			continue;
		uk_pr_info("the date is that of %s", s->name);
		st.source = s;
		st.end_ns = r.after_ns + LOOKS_NS;
		set_by_phase(time_phase_begin(&st.phase, s->step_ns, &r),
			     r.after_ns);
		return;
	}
	uk_pr_warn("nothing knows the date: it is 1970");
	set(0, UK_TIME_NEVER);
}

static void look_again(void)
{
	struct time_reading r;
	const bool more = read_source(st.source, &r) == 0 &&
			  time_phase_narrow(&st.phase, &r);

	set_by_phase(more, r.after_ns);
}

/* Interrupt handlers, and who keeps them off. */
static bool is_in_a_hurry(void)
{
	return UK_IS_ENABLED(CONFIG_HAVE_IRQ) && !ukarch_irq_enabled();
}

UK_COLD UK_NOINLINE
static void look(uint64_t look_ns)
{
	uint64_t was_ns, by_ns;

	if (look_ns == 0)
		uk_spin_lock(&st.lock);
	else if (is_in_a_hurry() || !uk_spin_trylock(&st.lock))
		return;	/* it can wait */

	was_ns = st.offset_ns;
	if (st.look_ns == 0) {
		look_first();
		/* Nobody has known it before. */
		was_ns = st.offset_ns;
	} else if (uk_time_now() >= st.look_ns) {
		look_again();
	}
	by_ns = st.offset_ns - was_ns;
	uk_spin_unlock(&st.lock);
	if (by_ns)
		tell(by_ns, false);
}

uint64_t uk_time_wall(void)
{
	const uint64_t look_ns = __atomic_load_n(&st.look_ns,
						 __ATOMIC_ACQUIRE);
	uint64_t now_ns = uk_time_now();

	if (UK_UNLIKELY(now_ns >= look_ns)) {
		look(look_ns);
		now_ns = uk_time_now();
	}
	return now_ns + __atomic_load_n(&st.offset_ns, __ATOMIC_RELAXED);
}

void uk_wallclock_shift(int64_t ns)
{
	bool is_known;

	uk_spin_lock(&st.lock);
	is_known = st.look_ns != 0;
	if (is_known) {
		/* What is read later is of the same date. */
		st.phase.low += (uint64_t)ns;
		st.phase.high += (uint64_t)ns;
		set(st.offset_ns + (uint64_t)ns, st.look_ns);
	}
	uk_spin_unlock(&st.lock);
	if (is_known && ns != 0)
		tell((uint64_t)ns, true);
}

void uk_time_wall_set(uint64_t wall_ns)
{
	uint64_t was_ns, by_ns;

	uk_spin_lock(&st.lock);
	was_ns = st.offset_ns;
	set(wall_ns - uk_time_now(), UK_TIME_NEVER);
	by_ns = st.offset_ns - was_ns;
	uk_spin_unlock(&st.lock);
	tell(by_ns, true);
}
