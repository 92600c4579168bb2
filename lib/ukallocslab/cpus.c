/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The lists of other CPUs, which are emptied there, in an interrupt.
 *
 * That may come on top of who moves batches, or holds a lock of the heap. Both
 * keep preemption off, so a CPU where it is off is left alone, and asked again
 * a few times: what it does is mostly short. Whoever was about to take or put a
 * single block begins again after the interrupt. Where threads are never
 * preempted nothing would tell; there other CPUs have no threads, and their
 * lists are empty.
 */
#include "slab_priv.h"

#include <uk/lcpu.h>
#include <uk/preempt.h>

#define ROUNDS		8u

struct round {
	struct uk_alloc *a;
	uint32_t nleft;		/* CPUs that were left alone; atomic */
};

static void empty_here(void *arg)
{
	struct round *const r = arg;

	if (!UK_IS_ENABLED(CONFIG_HAVE_PREEMPT))
		return;
	if (ukarch_current()->preempt_off)
		__atomic_fetch_add(&r->nleft, 1, __ATOMIC_RELAXED);
	else
		(void)slab_reclaim_lists(r->a);
}

void slab_reclaim_others(struct uk_alloc *a)
{
	struct round r;

	if (uk_lcpu_nup() < 2)
		return;
	for (unsigned int i = 0; i < ROUNDS; i++) {
		r = (struct round){ .a = a };
		uk_lcpu_run_others(empty_here, &r);
		if (r.nleft == 0)
			break;
	}
}
