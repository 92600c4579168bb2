/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

/*
 * What the measures of ../memory.py and ../heap.py run. Each piece of work is
 * a row of a table; main() runs the rows of all tables in order, each between
 * marker 1 and marker 2, and tells its name and how often on a line before.
 */
struct bench_work {
	const char *name;
	void (*prepare)(void);		/* not counted; may be NULL */
	void (*run)(unsigned int n);	/* what is measured, @n times */
	unsigned int n;
};

/* The tables of this program, ended by NULL. */
extern const struct bench_work *const bench_tables[];

/* Tables, each ended by a row without a name. */
extern const struct bench_work bench_paging[], bench_vmem[], bench_calls[];
