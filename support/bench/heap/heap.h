/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <uk/alloc.h>

/* What a program does that mixes sizes: the same on every machine. */
#define CHURN_NSLOTS	1000u
#define CHURN_NSTEPS	4096u

struct churn_step {
	uint16_t slot;
	uint16_t size;		/* bytes, 16 to 1024 */
};

extern struct churn_step churn_steps[CHURN_NSTEPS];

/* Make the steps, once. */
void churn_prepare(void);

/*
 * Replace the blocks at @slots, CHURN_NSLOTS of them, step by step, @nsteps
 * times.
 */
void churn(struct uk_alloc *a, void **slots, unsigned int nsteps);

static inline void *get(struct uk_alloc *a, size_t size)
{
	void *const ptr = uk_malloc(a, size);

	if (!ptr)
		abort();
	return ptr;
}
