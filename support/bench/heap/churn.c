/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The steps are made beforehand, so that what is counted is the heap and not a
 * generator of numbers.
 */
#include "heap.h"

struct churn_step churn_steps[CHURN_NSTEPS];

void churn_prepare(void)
{
	uint64_t state = 1;

	for (unsigned int i = 0; i < CHURN_NSTEPS; i++) {
		/* Knuth's MMIX generator; its high bits are the good ones. */
		state = state * UINT64_C(6364136223846793005) +
			UINT64_C(1442695040888963407);
		churn_steps[i] = (struct churn_step){
			.slot = (uint16_t)((state >> 48) % CHURN_NSLOTS),
			.size = (uint16_t)(16 + (state >> 32) % 1009),
		};
	}
}

void churn(struct uk_alloc *a, void **slots, unsigned int nsteps)
{
	for (unsigned int i = 0; i < nsteps; i++) {
		const struct churn_step s = churn_steps[i % CHURN_NSTEPS];

		uk_free(a, slots[s.slot]);
		slots[s.slot] = get(a, s.size);
	}
}
