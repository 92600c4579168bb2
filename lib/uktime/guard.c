/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The highest count that anybody has seen is kept in one word. A reading less
 * than half the counter's range ahead of it is later, and moves it on; any
 * other is of a CPU whose counter is behind, and gives the time of the word.
 * That makes a narrow counter a wide one and unequal counters one that never
 * goes back, by the same compare-and-swap.
 *
 * The word is read first: so whatever the counter shows after that is later
 * than the word, unless the counter is behind.
 */
#include "time_priv.h"

void time_guard_init(struct time_guard *guard, const struct uk_clock *clock)
{
	guard->mask = UINT64_MAX >> (64 - clock->bits);
	guard->last = clock->read(clock);
	guard->offset = 0;
}

/*
 * Somebody has set the counter back. With other CPUs one cannot tell that from
 * a counter that is behind, and time stands still until it has caught up.
 */
static void set_back(struct time_guard *guard, uint64_t behind)
{
	const uint64_t old = __atomic_load_n(&guard->offset, __ATOMIC_RELAXED);

	__atomic_store_n(&guard->offset, old + behind, __ATOMIC_RELAXED);
}

uint64_t time_guard_read(struct time_guard *guard, const struct uk_clock *clock,
			 bool one_cpu)
{
	uint64_t last = __atomic_load_n(&guard->last, __ATOMIC_RELAXED);
	const uint64_t raw = clock->read(clock) +
		__atomic_load_n(&guard->offset, __ATOMIC_RELAXED);
	const uint64_t ahead = (raw - last) & guard->mask;
	const uint64_t count = last + ahead;

	if (ahead > guard->mask / 2) {
		if (one_cpu && guard->mask == UINT64_MAX)
			set_back(guard, -ahead);
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
