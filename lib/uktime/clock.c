/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The clocks that drivers have registered, and the choice among them: the
 * first one by rating that is there and whose rate is told or can be measured.
 * Nothing is started that the choice does not come to.
 */
#include <uk/clock.h>

#include <stddef.h>

#include <uk/assert.h>
#include <uk/errno.h>
#include <uk/print.h>

#include "time_priv.h"

/* At first; a longer measurement follows (now.c). */
#define PRECISION	2000

enum {
	CLOCK_NEW,
	CLOCK_STARTED,
	CLOCK_ABSENT,
};

void time_clock_add(struct time_state *s, struct uk_clock *clock)
{
	struct uk_clock **link = &s->clocks;

	while (*link && (*link)->rating >= clock->rating)
		link = &(*link)->next_;
	clock->next_ = *link;
	*link = clock;
}

void uk_clock_register(struct uk_clock *clock)
{
	time_clock_add(&time_main, clock);
}

/* Start @clock unless that was done. Is it there? */
static bool started(struct uk_clock *clock)
{
	if (clock->state_ == CLOCK_NEW) {
		int rc = clock->start(clock);

		UK_ASSERT(rc < 0 || (clock->bits >= 8 && clock->bits <= 64));
		if (rc == 0 && clock->hz != 0 &&
		    (clock->hz < UK_CLOCK_MIN_HZ ||
		     clock->hz > UK_CLOCK_MAX_HZ)) {
			uk_pr_err("%s: a rate of %lu Hz is not usable",
				  clock->name, clock->hz);
			rc = -ERANGE;
		}
		clock->state_ = rc == 0 ? CLOCK_STARTED : CLOCK_ABSENT;
	}
	return clock->state_ == CLOCK_STARTED;
}

static const struct uk_clock *reference(struct time_state *s)
{
	if (s->shown && s->shown->clock->hz >= TIME_REF_MIN_HZ)
		return s->shown->clock;
	for (struct uk_clock *c = s->clocks; c; c = c->next_)
		if (started(c) && c->hz >= TIME_REF_MIN_HZ)
			return c;
	return NULL;
}

const struct uk_clock *uk_clock_reference(void)
{
	return reference(&time_main);
}

/* Find out the rate of @clock, which nobody has told. */
static bool measured(struct time_state *s, struct uk_clock *clock)
{
	struct time_measurement m = { .clock = clock, .ref = reference(s) };
	struct time_rate rate;
	int rc;

	if (!m.ref) {
		uk_pr_warn("%s: its rate is not told, and there is nothing to "
			   "measure it with", clock->name);
		return false;
	}
	rc = time_measure(&m, PRECISION, &rate);
	if (rc < 0) {
		uk_pr_warn("%s: cannot be measured with %s (%d)", clock->name,
			   m.ref->name, rc);
		return false;
	}
	m.error = rate.error;
	clock->hz = rate.hz;
	s->m = m;
	return true;
}

struct uk_clock *time_clock_choose(struct time_state *s)
{
	for (struct uk_clock *c = s->clocks; c; c = c->next_) {
		if (!started(c)) {
			uk_pr_debug("clock %s: not there", c->name);
			continue;
		}
		if (c->hz != 0 || measured(s, c)) {
			uk_pr_info("clock %s, %lu kHz%s%s", c->name,
				   (unsigned long)(c->hz / 1000),
				   s->m.ref ? ", measured with " : "",
				   s->m.ref ? s->m.ref->name : "");
			return c;
		}
		c->state_ = CLOCK_ABSENT;
	}
	return NULL;
}
