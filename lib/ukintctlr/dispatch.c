/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * From a number to its handlers: the short path.
 *
 * A line is taken by one CPU at a time (line->busy). What comes although the
 * line is masked, as a message may, is kept for the unmasking. Handlers that
 * all say "not mine" do no harm once: other devices share lines, and an
 * interrupt may be taken back. So many times in a row that nothing else gets
 * done is a storm, and the line is stopped; so is one that is claimed, but
 * more often than any device has reason to. For the second the clock is read
 * once in BURST interrupts.
 */
#include "intctlr_priv.h"

#include <uk/assert.h>
#include <uk/libparam.h>
#include <uk/percpu.h>
#include <uk/print.h>

#define BURST	0x4000u

static uint16_t unclaimed_limit = 1000;
UK_LIBPARAM(unclaimed_limit, u16, &unclaimed_limit,
	    "Interrupts in a row that nobody claims, until the line is "
	    "stopped; 0: no limit");

static uint32_t storm_rate = 1000000;
UK_LIBPARAM(storm_rate, u32, &storm_rate,
	    "Interrupts per second for long, at which a line is stopped; "
	    "0: no limit");

/* It has line->busy; the lock comes after. */
static void stop(unsigned int irq, struct line *line, const char *why)
{
	intctlr_lock(&line->lock);
	line->flags |= LINE_STOPPED;
	if (!line->masks)
		intctlr.ops->mask(irq);
	intctlr_unlock(&line->lock);
	uk_pr_err("irq %u (%s): %s; stopped", irq,
		  line->first ? line->first->name : "no handler", why);
}

/* Is the line masked, or stopped? Then the interrupt is remembered, or not. */
static bool UK_NOINLINE is_held(struct line *line)
{
	bool held;

	intctlr_lock(&line->lock);
	held = line->masks || (line->flags & LINE_STOPPED);
	if (line->masks)
		line->flags |= LINE_PENDING;
	intctlr_unlock(&line->lock);
	return held;
}

static void UK_NOINLINE unclaimed(unsigned int irq, struct line *line)
{
	line->unclaimed++;
	if (line->row < UINT16_MAX)
		line->row++;
	if (unclaimed_limit && line->row == unclaimed_limit)
		stop(irq, line, "nobody claims it, time and again");
}

/* Another BURST is over. */
static void UK_NOINLINE look_at_rate(unsigned int irq, struct line *line)
{
	const uint64_t now = ukarch_ticks();
	const uint64_t took = now - line->window;
	const bool first = line->window == 0;

	line->window = now;
	if (storm_rate && !first && took < intctlr.hz * BURST / storm_rate)
		stop(irq, line, "it does not cease");
}

static void take_line(unsigned int irq)
{
	struct line *const line = intctlr_line(irq);
	bool claimed = false;

	intctlr_lock(&line->busy);
	if (UK_UNLIKELY(UK_READ_ONCE(line->masks) |
			(UK_READ_ONCE(line->flags) & LINE_STOPPED)) &&
	    is_held(line))
		goto out;

	for (const struct slot *slot = line->first; slot; slot = slot->next)
		claimed |= slot->fn(irq, slot->arg) == UK_IRQ_HANDLED;

	line->count++;
	if (UK_LIKELY(claimed))
		line->row = 0;
	else
		unclaimed(irq, line);
	if (UK_UNLIKELY(line->count % BURST == 0))
		look_at_rate(irq, line);
out:
	intctlr_unlock(&line->busy);
}

static void take_local(unsigned int irq)
{
	const struct local *local = &intctlr.locals[irq];
	const uk_irq_fn fn = __atomic_load_n(&local->fn, __ATOMIC_ACQUIRE);

	if (UK_UNLIKELY(!fn)) {
		uk_intctlr_unknown();
		return;
	}
	intctlr_count_local(irq);
	fn(irq, local->arg);
}

void uk_intctlr_dispatch(unsigned int irq)
{
	if (irq < NLOCAL)
		take_local(irq);
	else if (UK_LIKELY(irq < UK_IRQ_MAX))
		take_line(irq);
	else
		uk_intctlr_unknown();
}
