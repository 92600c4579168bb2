/* SPDX-License-Identifier: BSD-3-Clause */
/* Runs every piece of work once, between markers. */
#include <stddef.h>
#include <stdio.h>

#include <mark.h>

#include "bench.h"

static const struct bench_work *const tables[] = {
	bench_paging,
	bench_vmem,
};

int main(void)
{
	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
		for (const struct bench_work *w = tables[i]; w->name; w++) {
			if (w->prepare)
				w->prepare();
			printf("bench %s %u\n", w->name, w->n);
			MARK(1);
			w->run(w->n);
			MARK(2);
		}
	}
	return 0;
}
