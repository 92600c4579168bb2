/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Where between two of its steps a source of the date is.
 *
 * A clock that counts seconds is up to one second behind the time, and to wait
 * for its next tick would cost that second. So the first reading only bounds
 * the time from both sides, and each further one, made at any moment, moves a
 * bound: if the clock has ticked, the lower one up, else the upper one down.
 * A reading half way between the bounds halves what is between them; eight of
 * them leave 4 ms of a second.
 *
 * Wall time is shown by the lower bound. That never goes back, and is not ahead
 * of the source unless the two run apart, which a host that corrects its clock
 * may cause by some us. Bounds are offsets, modulo 2^64; differences are small.
 */
#include "time_priv.h"

bool time_phase_begin(struct time_phase *phase, uint64_t step_ns,
		      const struct time_reading *r)
{
	phase->step_ns = step_ns;
	phase->low = r->wall_ns - r->after_ns;
	phase->high = r->wall_ns + step_ns - r->before_ns;
	return step_ns && time_phase_width(phase) > TIME_PHASE_ENOUGH_NS;
}

uint64_t time_phase_next(const struct time_phase *phase, uint64_t now_ns)
{
	const uint64_t middle = phase->low + time_phase_width(phase) / 2;

	/* The next moment at which the time by @middle is a whole step. */
	return now_ns + (phase->step_ns - (now_ns + middle) % phase->step_ns);
}

bool time_phase_narrow(struct time_phase *phase, const struct time_reading *r)
{
	const uint64_t low = r->wall_ns - r->after_ns;
	const uint64_t high = r->wall_ns + phase->step_ns - r->before_ns;
	struct time_phase next = *phase;

	if ((int64_t)(low - next.low) > 0)
		next.low = low;
	if ((int64_t)(next.high - high) > 0)
		next.high = high;

	/* It was set, or the two do not go at the same rate: believe it not. */
	if ((int64_t)(next.high - next.low) < 0)
		return false;
	*phase = next;
	return time_phase_width(phase) > TIME_PHASE_ENOUGH_NS;
}
