/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The rate of the TSC that QEMU's emulation hands to its guests, in kHz: on x86
 * the rate of the CPU's own, elsewhere that of a clock of nanoseconds. A guest
 * would measure it, and find a tenth on a machine that is busy meanwhile.
 *
 * A moment is the counter between two readings of the clock; of several the
 * one is taken that is known best.
 */
#include <stdint.h>
#include <stdio.h>
#include <time.h>

#if defined(__x86_64__)
#include <x86intrin.h>
#endif

#define NS_PER_SEC	1000000000
#define NS_PER_MS	1000000
#define LENGTH_NS	(300 * NS_PER_MS)
#define TRIES		1000

struct moment {
	int64_t ns, width_ns;
	uint64_t count;
};

static int64_t now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * NS_PER_SEC + t.tv_nsec;
}

#if defined(__x86_64__)
static uint64_t count(void)
{
	return __rdtsc();
}
#else
static uint64_t count(void)
{
	return (uint64_t)now();
}
#endif

static struct moment look(void)
{
	struct moment best = { .width_ns = INT64_MAX };

	for (unsigned int i = 0; i < TRIES; i++) {
		struct moment m = { .ns = now(), .count = count() };

		m.width_ns = now() - m.ns;
		if (m.width_ns < best.width_ns)
			best = m;
	}
	return best;
}

int main(void)
{
	const struct timespec length = { .tv_nsec = LENGTH_NS };
	struct moment first = look(), last;

	nanosleep(&length, NULL);
	last = look();
	printf("%.0f\n", (double)(last.count - first.count) * NS_PER_MS /
	       (double)(last.ns - first.ns));
	return 0;
}
