/* SPDX-License-Identifier: BSD-3-Clause */
/* What is done with the queue of a CPU more rarely than at every switch. */
#include "runq_priv.h"

void smp_runq_init(struct smp_runq *q)
{
	q->prios = 0;
	q->nready = 0;
	for (unsigned int p = 0; p < SMP_NPRIOS; p++)
		uk_list_init(&q->ready[p]);
}

struct uk_thread *smp_runq_first_for(const struct smp_runq *q,
				     unsigned int idx)
{
	uint32_t prios = q->prios;

	while (prios) {
		const unsigned int p = 31 - (unsigned int)__builtin_clz(prios);
		struct uk_thread *t;

		uk_list_for_each(t, &q->ready[p], queue_)
			if (smp_may_run_on(t, idx))
				return t;
		prios &= ~(UINT32_C(1) << p);
	}
	return NULL;
}
