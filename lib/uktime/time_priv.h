/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <uk/clock.h>
#include <uk/clock_scale.h>
#include <uk/compiler.h>
#include <uk/timer.h>

/*
 * heap.c: timers as a heap by (deadline, order of start). @root is NULL when
 * it is empty; the caller serialises.
 */
void time_heap_add(struct uk_timer **root, struct uk_timer *timer);
void time_heap_remove(struct uk_timer **root, struct uk_timer *timer);

/*
 * guard.c: a counter that CPUs may read out of order, or that is too narrow,
 * as one of 64 bits that never goes back.
 */
struct time_guard {
	uint64_t mask;

	/*
	 * The highest count so far. Relaxed: who has seen a time and tells
	 * another CPU orders that by himself, and one word has one order.
	 */
	uint64_t last;
};

void time_guard_init(struct time_guard *guard, const struct uk_clock *clock);

/*
 * @offset: what is added to the counter of this CPU, 0 in the beginning; no
 * one else uses it meanwhile.
 */
uint64_t time_guard_read(struct time_guard *guard, const struct uk_clock *clock,
			 uint64_t *offset);

/*
 * measure.c: a moment at which the reference changed to @ref; the clock was
 * above @lo and at most @hi then.
 */
struct time_edge {
	uint64_t ref;
	uint64_t lo, hi;
};

/* A rate that was measured, and may be measured over a longer time. */
struct time_measurement {
	const struct uk_clock *clock;
	const struct uk_clock *ref;	/* NULL: nothing was measured */
	struct time_edge first;	/* where it began */
	uint64_t error;		/* at worst, 1 in so many; at least 1 */
};

struct time_rate {
	uint64_t hz;
	uint64_t error;		/* as above */
};

/* A reference that is slower gives too little in 10 ms. */
#define TIME_REF_MIN_HZ		1000000

/*
 * Time @tries changes of @ref and take the one that is known best. Returns 0,
 * or -EIO: @ref does not move.
 */
UK_MUST_USE
int time_edge_find(const struct uk_clock *clock, const struct uk_clock *ref,
		   unsigned int tries, struct time_edge *edge);

/*
 * The time from m->first to @last, by the reference, which may have wrapped;
 * m->clock->hz is known to 1 in m->error. Returns 0, or -ERANGE: it was too
 * long to say.
 */
UK_MUST_USE
int time_between(const struct time_measurement *m, const struct time_edge *last,
		 uint64_t *ns);

/*
 * The rate of the clock if @ns passed from @first to @last. Returns 0, or
 * -ERANGE: an absurd rate; -EIO: it does not move.
 */
UK_MUST_USE
int time_rate(const struct time_edge *first, const struct time_edge *last,
	      uint64_t ns, struct time_rate *rate);

/* uk_clock_measure() of m->clock with m->ref; sets m->first. */
UK_MUST_USE
int time_measure(struct time_measurement *m, unsigned int precision,
		 struct time_rate *rate);

/* How often a measured rate is measured again: state.c. */
#define TIME_NREFINE	2

/*
 * A moment that is known by the counter and in nanoseconds, and the rate from
 * there on. Not changed any more once it is published, apart from @limit,
 * @floor and @window.
 */
struct time_base {
	uint64_t (*read)(const struct uk_clock *clock);
	struct uk_clock *clock;
	uint64_t count, ns;	/* the moment */
	struct uk_clock_scale scale;
	bool guarded;

	/* So many counts after the moment somebody has to look. Relaxed. */
	uint64_t limit;

	/*
	 * Nobody has seen more counts after the moment than @floor + @window
	 * without moving @floor on to there. So less than @floor is a counter
	 * that was set back, and what all have seen is known without a write
	 * for each reading. Guarded: @floor is 0 and @window is @limit.
	 * Relaxed, but for the order that set_back() wants.
	 */
	uint64_t floor;
	uint64_t window;
};

/*
 * Clocks, which of them is the clock, and what time it is. The image has one;
 * the tests have others.
 */
struct time_state {
	/*
	 * Release by who holds @busy, acquire by readers. NULL: not chosen
	 * yet, or measured again; @shown is the last one that was not.
	 */
	struct time_base *base;
	struct time_base *shown;

	struct time_guard guard;	/* see there */

	/* Of tests: in place of this CPU's own. */
	uint64_t *offset;

	/* A lock: acquire, release; interrupts off. Guards what follows. */
	bool busy;

	/* By rating. Written at boot, then by who chooses. */
	struct uk_clock *clocks;

	/* The first, a better rate, and after a counter was set back. */
	struct time_base bases[1 + TIME_NREFINE + 1];
	unsigned int nbases;
	struct time_measurement m;
	unsigned int nrefined;
	uint64_t boot_ticks;
};

extern struct time_state time_main;

/*
 * clock.c: the best clock that can be used, started, or NULL; if its rate had
 * to be measured s->m is how, else s->m.ref is NULL.
 */
void time_clock_add(struct time_state *s, struct uk_clock *clock);
struct uk_clock *time_clock_choose(struct time_state *s);

/*
 * state.c: what time it is, by the slow way: the clock may be chosen or
 * measured. Returns whether it was chosen.
 */
bool time_look_after(struct time_state *s, uint64_t *now_ns);

/* As uk_clock_not_synchronous(). */
void time_not_synchronous(struct time_state *s, const struct uk_clock *clock);

/* The same by the last base there was, which must be there. Takes no lock. */
uint64_t time_shown(struct time_state *s);

/* Is there no clock at all? Time has been asked for before. */
bool time_stands_still(const struct time_state *s);

/* The count where @b is guarded. */
uint64_t time_guarded(struct time_state *s, const struct time_base *b);

static inline uint64_t time_count(struct time_state *s,
				  const struct time_base *b)
{
	return b->guarded ? time_guarded(s, b) : b->read(b->clock);
}

/*
 * What time it is, unless somebody has to look first. The floor is read before
 * the counter, the second look at the base is after it: see state.c.
 */
static UK_ALWAYS_INLINE bool time_try_now(struct time_state *s,
					  uint64_t *now_ns)
{
	struct time_base *const b = __atomic_load_n(&s->base,
						    __ATOMIC_ACQUIRE);
	uint64_t floor, delta;

	if (UK_UNLIKELY(!b))
		return false;
	floor = __atomic_load_n(&b->floor, __ATOMIC_RELAXED);
	delta = time_count(s, b) - b->count;
	if (UK_UNLIKELY(delta - floor > __atomic_load_n(&b->window,
							__ATOMIC_RELAXED) ||
			__atomic_load_n(&s->base, __ATOMIC_RELAXED) != b))
		return false;
	*now_ns = b->ns + uk_clock_to_ns(&b->scale, delta);
	return true;
}

/* keep.c: have @clock, if it is narrow, read before it wraps. */
void time_keep(const struct uk_clock *clock);

/*
 * queue.c: the timers of a CPU. Functions are called with interrupts off.
 */
struct uk_timer_queue {
	/* A lock: acquire, release. Guards what follows. */
	bool busy;
	uint32_t next_seq;
	struct uk_timer *root;	/* heap.c */
	struct uk_timer *running;
};

/* Returns whether @timer is the first that is due now. */
bool time_queue_add(struct uk_timer_queue *q, struct uk_timer *timer,
		    uint64_t deadline_ns);
enum uk_timer_state time_queue_stop(struct uk_timer_queue *q,
				    struct uk_timer *timer);
/* UK_TIME_NEVER: it is empty. */
uint64_t time_queue_next(struct uk_timer_queue *q);
/* Call what is due at @now_ns; on the queue's CPU. */
void time_queue_run(struct uk_timer_queue *q, uint64_t now_ns);

/*
 * phase.c: a source of the date that tells it in steps, and what is known of
 * where between two of them it is. A moment is its reading by uk_time_now().
 */
struct time_reading {
	uint64_t wall_ns;		/* what it said */
	uint64_t before_ns, after_ns;	/* the moments around */
};

struct time_phase {
	uint64_t step_ns;
	uint64_t low, high;	/* bounds of wall time minus a moment */
};

/* The bounds are close enough. */
#define TIME_PHASE_ENOUGH_NS	UINT64_C(4000000)

static inline uint64_t time_phase_width(const struct time_phase *phase)
{
	return phase->high - phase->low;
}

/* Both: from a reading. Returns whether further readings are of any use. */
bool time_phase_begin(struct time_phase *phase, uint64_t step_ns,
		      const struct time_reading *r);
bool time_phase_narrow(struct time_phase *phase, const struct time_reading *r);

/* When to read it next, after @now_ns; if that is of use. */
uint64_t time_phase_next(const struct time_phase *phase, uint64_t now_ns);
