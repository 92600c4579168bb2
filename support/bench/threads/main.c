/* SPDX-License-Identifier: BSD-3-Clause */
/* Runs every piece of work once, between markers. */
#include <stddef.h>
#include <stdio.h>

#include <mark.h>
#include <uk/config.h>

#include "bench.h"

/* ../threads.py divides by it; call and return are lost in the rounding. */
#define REPEAT	1024u

static const struct bench_work *const tables[] = {
#if CONFIG_APPBENCH_SMP
	bench_smp,
#else
	bench_rings,
	bench_sched,
#endif
#if CONFIG_APPBENCH_CPUS
	bench_cpus,
#endif
};

int main(void)
{
	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
		for (const struct bench_work *w = tables[i]; w->name; w++) {
			if (w->prepare)
				w->prepare();
			printf("bench %s\n", w->name);
			MARK(1);
			w->run(w->n ? w->n : REPEAT);
			MARK(2);
		}
	}
	return 0;
}
