/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Frames of the default allocator: each piece of work once to warm up, and once
 * between two markers.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <mark.h>
#include <uk/falloc.h>

/* As ../frames.py has them. */
#define REPEAT	1024u
#define NBATCH	1000u

static uint64_t frames[NBATCH];

static void pairs(unsigned long nframes, unsigned long flags)
{
	struct uk_falloc *const fa = uk_falloc_get_default();
	uint64_t paddr;

	for (unsigned int i = 0; i < REPEAT; i++)
		if (uk_falloc(fa, &paddr, nframes, flags) < 0 ||
		    uk_ffree(fa, paddr, nframes) < 0)
			abort();
}

static void run_single(void)
{
	pairs(1, 0);
}

/* All are out at once, so that they come from blocks, and go back there. */
static void run_batch(void)
{
	struct uk_falloc *const fa = uk_falloc_get_default();

	for (unsigned int i = 0; i < NBATCH; i++)
		if (uk_falloc(fa, &frames[i], 1, 0) < 0)
			abort();
	for (unsigned int i = 0; i < NBATCH; i++)
		if (uk_ffree(fa, frames[i], 1) < 0)
			abort();
}

static void run_16(void)
{
	pairs(16, 0);
}

/* Not a power of two. */
static void run_21(void)
{
	pairs(21, 0);
}

/* Not from what the CPU has at hand. */
static void run_low(void)
{
	pairs(1, UK_FALLOC_BELOW_4G);
}

static void measure(const char *name, void (*run)(void))
{
	run();
	printf("bench %s\n", name);
	MARK(1);
	run();
	MARK(2);
}

int main(void)
{
	measure("single", run_single);
	measure("batch", run_batch);
	measure("run-16", run_16);
	measure("run-21", run_21);
	measure("below-4g", run_low);
	return 0;
}
