/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * One counter measured against another.
 *
 * The two are read in turns. When the reference has changed since it was last
 * read, it did so after the reading of the clock before that one, and before
 * the next one. This holds for a reference that changes once a microsecond as
 * for one that changes ten times between two readings, and whoever takes the
 * CPU away only makes the interval longer. So the error of a rate is known,
 * and waiting ends when it is small enough.
 *
 * A counter that stands still, as all ones from an empty bus do, ends it too.
 */
#include <uk/assert.h>
#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/time.h>

#include "time_priv.h"

/*
 * Readings without a change: at 1 MHz a change is due within 1 us, and no
 * reading of a device takes less than some nanoseconds.
 */
#define PATIENCE	10000u

/* Changes that one measurement looks at; a fast machine sees 10^5 in 10 ms. */
#define MAX_EDGES	500000u
#define MAX_NS		(10 * UK_TIME_NS_PER_MS)

#define FIRST_TRIES	4

/* A step that is so much longer than another one was interrupted. */
#define AWAY_STEPS	64

/* A result that may be more wrong than 1 in so many is none. */
#define LEAST_PRECISION	50

static uint64_t mask_of(const struct uk_clock *clock)
{
	return UINT64_MAX >> (64 - clock->bits);
}

/* The next change of @ref. */
static int next_edge(const struct uk_clock *clock, const struct uk_clock *ref,
		     struct time_edge *edge)
{
	uint64_t before = clock->read(clock);
	const uint64_t old = ref->read(ref);

	for (unsigned int i = 0; i < PATIENCE; i++) {
		const uint64_t between = clock->read(clock);
		const uint64_t now = ref->read(ref);

		if (now != old) {
			edge->ref = now;
			edge->lo = before;
			edge->hi = clock->read(clock);
			return 0;
		}
		before = between;
	}
	return -EIO;
}

static uint64_t width(const struct time_edge *edge)
{
	return edge->hi - edge->lo;
}

int time_edge_find(const struct uk_clock *clock, const struct uk_clock *ref,
		   unsigned int tries, struct time_edge *edge)
{
	struct time_edge one;
	int rc;

	for (unsigned int i = 0; i < tries; i++) {
		rc = next_edge(clock, ref, &one);
		if (rc < 0)
			return rc;
		if (i == 0 || width(&one) < width(edge))
			*edge = one;
	}
	return 0;
}

static uint64_t middle(const struct time_edge *edge)
{
	return edge->lo + width(edge) / 2;
}

/* Without a wrap in between. */
static uint64_t count_between(const struct time_edge *first,
			      const struct time_edge *last,
			      const struct uk_clock *ref)
{
	return (last->ref - first->ref) & mask_of(ref);
}

static uint64_t to_ns(uint64_t hz, uint64_t count)
{
	struct uk_clock_scale scale;

	uk_clock_scale_set(&scale, hz);
	return uk_clock_to_ns(&scale, count);
}

static uint64_t to_count(uint64_t hz, uint64_t ns)
{
	struct uk_clock_scale scale;

	uk_clock_scale_set(&scale, hz);
	return uk_clock_to_count(&scale, ns);
}

int time_between(const struct time_measurement *m, const struct time_edge *last,
		 uint64_t *ns)
{
	const struct uk_clock *const ref = m->ref;
	const uint64_t half = mask_of(ref) / 2;
	uint64_t count = count_between(&m->first, last, ref);

	if (ref->bits < 64) {
		const uint64_t about = to_count(ref->hz, to_ns(m->clock->hz,
				middle(last) - middle(&m->first)));

		if (about / m->error > half / 2)
			return -ERANGE;
		/* The count next to it that ends in those bits. */
		count = about + ((count - about + half) & mask_of(ref)) - half;
	}
	*ns = to_ns(ref->hz, count);
	return 0;
}

int time_rate(const struct time_edge *first, const struct time_edge *last,
	      uint64_t ns, struct time_rate *rate)
{
	uint64_t span = middle(last) - middle(first);
	const uint64_t doubt = UK_MAX((width(first) + width(last)) / 2,
				      UINT64_C(1));

	if (ns == 0 || span == 0)
		return -EIO;

	rate->error = UK_MAX(span / doubt, UINT64_C(1));
	/* 34 bits of both are more than enough, and products fit. */
	while (span >> 34) {
		span >>= 1;
		ns >>= 1;
	}
	if (ns == 0)
		return -ERANGE;
	rate->hz = (span * UK_TIME_NS_PER_SEC + ns / 2) / ns;
	return rate->hz < UK_CLOCK_MIN_HZ || rate->hz > UK_CLOCK_MAX_HZ ?
	       -ERANGE : 0;
}

/*
 * Was the CPU away between two edges? Then a narrow reference may have wrapped
 * meanwhile. Steps between edges are of one size otherwise; @least is the
 * least one so far.
 */
static bool interrupted(uint64_t step, uint64_t *least)
{
	const bool first = *least == UINT64_MAX;
	const bool away = !first && (step / AWAY_STEPS > *least ||
				     *least / AWAY_STEPS > step);

	*least = UK_MIN(*least, step);
	return away;
}

/* What a measurement may still cost: time of the reference, and edges. */
struct budget {
	uint64_t ns;
	uint32_t edges;
};

/*
 * Measure for as long as the CPU is not away. A rate that is better than
 * @best takes its place.
 */
static int measure_run(struct time_measurement *m, unsigned int precision,
		       struct budget *left, struct time_rate *best)
{
	struct time_edge first, last;
	uint64_t least = UINT64_MAX, ns = 0;
	struct time_rate rate;
	int rc;

	rc = time_edge_find(m->clock, m->ref, FIRST_TRIES, &first);
	last = first;
	while (rc == 0 && ns < left->ns && left->edges-- > 0) {
		const uint64_t before = last.hi;
		const bool begin = ns == 0;

		rc = next_edge(m->clock, m->ref, &last);
		if (rc < 0 || interrupted(last.hi - before, &least))
			break;
		ns = to_ns(m->ref->hz, count_between(&first, &last, m->ref));
		/* Two steps at least, or nobody knows which one is usual. */
		if (!begin && time_rate(&first, &last, ns, &rate) == 0 &&
		    rate.error > best->error) {
			*best = rate;
			m->first = first;
			if (rate.error >= precision)
				break;
		}
	}
	left->ns -= UK_MIN(left->ns, ns);
	return rc;
}

int time_measure(struct time_measurement *m, unsigned int precision,
		 struct time_rate *best)
{
	struct budget left = { .ns = MAX_NS, .edges = MAX_EDGES };
	int rc = 0;

	UK_ASSERT(m->ref->hz >= TIME_REF_MIN_HZ);

	best->error = 0;
	while (rc == 0 && best->error < precision && left.ns > 0 &&
	       left.edges > 0)
		rc = measure_run(m, precision, &left, best);
	if (rc == 0 && best->error < LEAST_PRECISION)
		rc = -EIO;
	return rc;
}

int uk_clock_measure(const struct uk_clock *clock, const struct uk_clock *ref,
		     unsigned int precision, uint64_t *hz)
{
	struct time_measurement m = { .clock = clock, .ref = ref };
	struct time_rate rate;
	const int rc = time_measure(&m, precision, &rate);

	if (rc == 0)
		*hz = rate.hz;
	return rc;
}
