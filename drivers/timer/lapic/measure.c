/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A lower bound of a rate. Each moment is a count between two readings of the
 * clock, so what lies between two moments took at most from the first clock
 * reading of the one to the second of the other. Whoever takes the CPU away
 * makes that longer, and the bound lower; of several moments the one is taken
 * that was held up least.
 */
#include "lapic_priv.h"

#include <uk/errno.h>

#define NS_PER_SEC	UINT64_C(1000000000)
#define LEAST_NS	UINT64_C(1000000)
#define MOST_NS		UINT64_C(10000000)
#define PRECISION	256u

/* Moments to choose from; and until time must have moved. */
#define TRIES		4u
#define PATIENCE	1000000u

struct moment {
	uint64_t before_ns, count, after_ns;
};

static uint64_t width(const struct moment *m)
{
	return m->after_ns - m->before_ns;
}

static void look(uint64_t (*count)(void), uint64_t (*now)(void),
		 struct moment *best)
{
	for (unsigned int i = 0; i < TRIES; i++) {
		struct moment m;

		m.before_ns = now();
		m.count = count();
		m.after_ns = now();
		if (i == 0 || width(&m) < width(best))
			*best = m;
	}
}

/* Is the time in between long enough, for what is not known of it? */
static bool is_enough(const struct moment *first, const struct moment *last)
{
	const uint64_t ns = last->before_ns - first->after_ns;

	return ns >= MOST_NS ||
	       (ns >= LEAST_NS &&
		(width(first) + width(last)) * PRECISION <= ns);
}

int lapic_measure(uint64_t (*count)(void), uint64_t (*now)(void), uint64_t *hz)
{
	struct moment first, last;
	unsigned int patience = PATIENCE;
	uint64_t counts, ns;

	look(count, now, &first);
	do {
		if (patience-- == 0)
			return -EIO;
		look(count, now, &last);
	} while (!is_enough(&first, &last));
	/* The first and the last of them may be parts. */
	counts = last.count - first.count;
	if (counts < 2)
		return -EIO;
	counts--;
	ns = last.after_ns - first.before_ns;
	/* Of both, 32 bits are enough, and the product fits. */
	while (counts >> 32) {
		counts >>= 1;
		ns = (ns + 1) >> 1;
	}
	*hz = counts * NS_PER_SEC / ns;
	return 0;
}
