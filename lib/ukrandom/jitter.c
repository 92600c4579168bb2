/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The jitter of a counter, the last resort: how long the same work takes
 * differs by caches, buses and interrupts.
 *
 * A sample counts only if it differs from what the last ones lead to expect:
 * its step is not 0, and changed by more than the least change ever seen and by
 * another amount than the last one did. Four such samples are credited with
 * one bit, a quarter of what measurements of the like are usually credited
 * with. So a counter of instructions (emulation) gets no credit, nor does the
 * rounding of a coarse counter, whose steps differ by one tick in a pattern;
 * all samples are mixed in just the same.
 */
#include "random_priv.h"

#include <stdbool.h>

#include <uk/random.h>

#define PER_BIT		4u	/* samples that count, for one bit */
#define AT_A_TIME	32u	/* samples that are mixed in together */
#define MAX_SAMPLES	(8u * PER_BIT * UK_RANDOM_READY)
#define WORK		64u	/* words of memory that a sample walks over */

struct history {
	uint64_t step, change;
	uint64_t least;		/* change that there was, but for 0 */
};

/* Work whose way depends on the last sample. */
static void work(uint64_t seed)
{
	volatile uint32_t mem[WORK] = { 0 };

	for (unsigned int i = 0; i < WORK; i++) {
		seed = seed * UINT64_C(6364136223846793005) + 1;
		mem[seed >> 58] += (uint32_t)seed;
	}
	_Static_assert(WORK == 1u << (64 - 58), "an index is six bits");
}

/*
 * Take a sample; could it not be foreseen? Between the readings there is the
 * work and nothing else: what follows takes longer if it could not, and by that
 * would make itself news.
 */
static bool sample(struct history *h, uint64_t (*ticks)(void))
{
	const struct history old = *h;
	const uint64_t begin = ticks();

	work(old.step);
	h->step = ticks() - begin;
	h->change = h->step > old.step ? h->step - old.step
				       : old.step - h->step;
	if (h->change && h->change < h->least)
		h->least = h->change;
	return h->step && h->change > h->least && h->change != old.change;
}

unsigned int random_jitter(struct random_pool *pool, uint64_t (*ticks)(void))
{
	struct history h = { .least = UINT64_MAX };
	uint64_t steps[AT_A_TIME];
	const unsigned int before = pool->bits;
	unsigned int good = 0;

	for (unsigned int n = 0; n < MAX_SAMPLES; n += AT_A_TIME) {
		if (pool->bits >= UK_RANDOM_READY)
			break;
		for (unsigned int i = 0; i < AT_A_TIME; i++) {
			/* The first two have no history. */
			if (sample(&h, ticks) && n + i >= 2)
				good++;
			steps[i] = h.step;
		}
		random_pool_add(pool, steps, sizeof(steps), good / PER_BIT);
		good %= PER_BIT;
	}
	random_erase(steps, sizeof(steps));
	return pool->bits - before;
}
