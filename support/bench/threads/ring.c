/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Rings of pointers, one element in and out again: neither full nor empty is
 * met but by the first. A burst is 32 in and 32 out, and counts as 32.
 */
#include <stddef.h>
#include <stdlib.h>

#include <uk/ring.h>
#include <uk/ring_mpmc.h>
#include <uk/ring_spsc.h>

#include "bench.h"

#define NSLOTS	64
#define BURST	32u

UK_RING_SPSC_DEFINE(spsc, void *)
UK_RING_MPMC_DEFINE(mpmc, void *)

static struct spsc_slot spsc_slots[NSLOTS];
static struct spsc spsc_ring = UK_RING_INIT(spsc_slots);
static struct mpmc_slot mpmc_slots[NSLOTS];
static struct mpmc mpmc_ring = UK_RING_INIT(mpmc_slots);

static void *burst[BURST];

static void check(int rc)
{
	if (rc < 0)
		abort();
}

static void run_spsc(unsigned int n)
{
	void *val = &spsc_ring;

	for (unsigned int i = 0; i < n; i++) {
		check(spsc_enqueue(&spsc_ring, &val));
		check(spsc_dequeue(&spsc_ring, &val));
	}
}

static void run_spsc_burst(unsigned int n)
{
	for (unsigned int i = 0; i < n; i += BURST)
		if (spsc_enqueue_burst(&spsc_ring, burst, BURST) != BURST ||
		    spsc_dequeue_burst(&spsc_ring, burst, BURST) != BURST)
			abort();
}

static void run_mpmc(unsigned int n)
{
	void *val = &mpmc_ring;

	for (unsigned int i = 0; i < n; i++) {
		check(mpmc_enqueue(&mpmc_ring, &val));
		check(mpmc_dequeue(&mpmc_ring, &val));
	}
}

static void run_mpmc_single(unsigned int n)
{
	void *val = &mpmc_ring;

	for (unsigned int i = 0; i < n; i++) {
		check(mpmc_enqueue(&mpmc_ring, &val));
		check(mpmc_dequeue_sc(&mpmc_ring, &val));
	}
}

static void run_mpmc_burst(unsigned int n)
{
	for (unsigned int i = 0; i < n; i += BURST)
		if (mpmc_enqueue_burst(&mpmc_ring, burst, BURST) != BURST ||
		    mpmc_dequeue_burst(&mpmc_ring, burst, BURST) != BURST)
			abort();
}

const struct bench_work bench_rings[] = {
	{ .name = "ring-spsc", .run = run_spsc },
	{ .name = "ring-spsc-burst", .run = run_spsc_burst },
	{ .name = "ring-mpmc", .run = run_mpmc },
	{ .name = "ring-mpmc-single", .run = run_mpmc_single },
	{ .name = "ring-mpmc-burst", .run = run_mpmc_burst },
	{ .name = NULL },
};
