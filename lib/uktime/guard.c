/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The highest count that anybody has seen is kept in one word. A reading less
 * than half the counter's range ahead of it is later, and moves it on; any
 * other is behind. That makes a narrow counter a wide one and unequal counters
 * one that never goes back, by the same compare-and-swap.
 *
 * A counter of 64 bits is each CPU's own. What one is behind by, because it
 * began later or somebody has set it back, is added to it from then on: so it
 * goes on from the word, whatever the other CPUs' counters do. That time
 * stands still until the counter has caught up was refused: nobody can say
 * when that is.
 *
 * The word is read first: so whatever the counter shows after that is later
 * than the word, unless the counter is behind.
 */
#include "time_priv.h"

void time_guard_init(struct time_guard *guard, const struct uk_clock *clock)
{
	guard->mask = UINT64_MAX >> (64 - clock->bits);
	guard->last = clock->read(clock);
}

uint64_t time_guard_read(struct time_guard *guard, const struct uk_clock *clock,
			 uint64_t *offset)
{
	uint64_t last = __atomic_load_n(&guard->last, __ATOMIC_RELAXED);
	const uint64_t raw = clock->read(clock) + *offset;
	const uint64_t ahead = (raw - last) & guard->mask;
	const uint64_t count = last + ahead;

	if (ahead > guard->mask / 2) {
		if (guard->mask == UINT64_MAX)
			*offset -= ahead;
		return last;
	}
	/* Only ever up; who loses against a later reading returns that. */
	while ((int64_t)(count - last) > 0)
		if (__atomic_compare_exchange_n(&guard->last, &last, count,
						true, __ATOMIC_RELAXED,
						__ATOMIC_RELAXED))
			return count;
	return last;
}
