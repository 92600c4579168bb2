/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

/*
 * What the measures of ../threads.py run. Each piece of work is a row of a
 * table; main() runs the rows of all tables in order, each between marker 1
 * and marker 2, and names it on a line "bench NAME" before.
 */
struct bench_work {
	const char *name;
	void (*prepare)(void);		/* not counted; may be NULL */
	void (*run)(unsigned int n);	/* what is measured, @n times */
	unsigned int n;			/* 0: as often as ../threads.py says */
};

/* Tables, each ended by a row without a name. */
extern const struct bench_work bench_rings[];
extern const struct bench_work bench_sched[];
extern const struct bench_work bench_cpus[];	/* CONFIG_APPBENCH_CPUS */
extern const struct bench_work bench_smp[];	/* CONFIG_APPBENCH_SMP */
