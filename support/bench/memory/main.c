/* SPDX-License-Identifier: BSD-3-Clause */
/* Runs every piece of work once, between markers. */
#include <stdio.h>

#include <mark.h>

#include "bench.h"

int main(void)
{
	for (const struct bench_work *const *t = bench_tables; *t; t++) {
		for (const struct bench_work *w = *t; w->name; w++) {
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
