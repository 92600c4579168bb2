/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

/*
 * Clocks that are not there, in a world whose time passes while they are read:
 * so many nanoseconds for each reading, and sometimes the CPU is away.
 */
#include <stdint.h>

#include <uk/essentials.h>

#include "../time_priv.h"
#include "rng.h"

struct world {
	uint64_t now_ns;
	uint64_t nreads;

	/* One reading in @away_one_in takes up to @away_ns more. */
	uint32_t away_one_in;
	uint32_t away_ns;
	uint64_t rng;
};

struct world_clock {
	struct uk_clock clock;
	struct world *world;
	struct uk_clock_scale scale;
	uint64_t true_hz;
	uint32_t read_ns;	/* what a reading takes */
	uint64_t offset;
	int start_rc;
	unsigned int nstarts;
	bool dead;		/* always the same */
};

static inline void world_pass(struct world *w, uint64_t ns)
{
	w->now_ns += ns;
	w->nreads++;
	if (w->away_one_in && rng_below(&w->rng, w->away_one_in) == 0)
		w->now_ns += rng_below(&w->rng, w->away_ns);
}

static inline uint64_t world_read(const struct uk_clock *clock)
{
	struct world_clock *const c =
		UK_CONTAINER_OF(clock, struct world_clock, clock);
	uint64_t count;

	world_pass(c->world, c->read_ns / 2);
	count = c->dead ? UINT64_MAX :
		c->offset + uk_clock_to_count(&c->scale, c->world->now_ns);
	world_pass(c->world, c->read_ns - c->read_ns / 2);
	return count & UINT64_MAX >> (64 - clock->bits);
}

static inline int world_start(struct uk_clock *clock)
{
	struct world_clock *const c =
		UK_CONTAINER_OF(clock, struct world_clock, clock);

	c->nstarts++;
	return c->start_rc;
}

/* A clock at @hz; @told: it says so. */
static inline struct world_clock world_clock(struct world *w, uint64_t hz,
					     unsigned int bits,
					     uint32_t read_ns, bool told)
{
	struct world_clock c = {
		.clock = {
			.name = "world", .bits = bits, .hz = told ? hz : 0,
			.start = world_start, .read = world_read,
			.synchronous = bits == 64,
		},
		.world = w, .true_hz = hz, .read_ns = read_ns,
		.offset = UINT64_C(0xfffffff0fff0),
	};

	uk_clock_scale_set(&c.scale, hz);
	return c;
}

/* |@a - @b| */
static inline uint64_t world_apart(uint64_t a, uint64_t b)
{
	return a > b ? a - b : b - a;
}
