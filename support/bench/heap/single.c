/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * One thread and the default heap. All pieces are run once before the first is
 * measured, so that what a heap sets up on first use is there.
 */
#include <stddef.h>

#include <bench.h>
#include <uk/essentials.h>

#include "heap.h"

#define SMALL	64u
#define NBATCH	100u
#define GROWN	4096u

static struct uk_alloc *heap;
static void *batch[NBATCH], *slots[CHURN_NSLOTS];

static void pairs(size_t size, unsigned int n)
{
	struct uk_alloc *const a = heap;

	for (unsigned int i = 0; i < n; i++)
		uk_free(a, get(a, size));
}

static void run_pair(unsigned int n)
{
	pairs(SMALL, n);
}

static void run_sized(unsigned int n)
{
	struct uk_alloc *const a = heap;

	for (unsigned int i = 0; i < n; i++)
		uk_free_sized(a, get(a, SMALL), SMALL);
}

/* All are out at once, and the oldest goes first. */
static void run_batch(unsigned int n)
{
	struct uk_alloc *const a = heap;

	for (unsigned int i = 0; i < n; i += NBATCH) {
		for (unsigned int k = 0; k < NBATCH; k++)
			batch[k] = get(a, SMALL);
		for (unsigned int k = 0; k < NBATCH; k++)
			uk_free(a, batch[k]);
	}
}

/* Its blocks stay, so that there are some when it is measured. */
static void run_churn(unsigned int n)
{
	churn(heap, slots, n);
}

/* As who appends to a string, 64 bytes each time. */
static void run_realloc(unsigned int n)
{
	struct uk_alloc *const a = heap;
	void *ptr = NULL;
	size_t len = 0;

	for (unsigned int i = 0; i < n; i++) {
		len += SMALL;
		ptr = uk_realloc(a, ptr, len);
		if (!ptr)
			abort();
		if (len == GROWN) {
			uk_free(a, ptr);
			ptr = NULL;
			len = 0;
		}
	}
}

static void run_64k(unsigned int n)
{
	pairs((size_t)64 << 10, n);
}

static void run_1m(unsigned int n)
{
	pairs((size_t)1 << 20, n);
}

static void run_calloc(unsigned int n)
{
	struct uk_alloc *const a = heap;

	for (unsigned int i = 0; i < n; i++) {
		void *const ptr = uk_calloc(a, 1, 4096);

		if (!ptr)
			abort();
		uk_free(a, ptr);
	}
}

static void prepare(void);

static const struct bench_work works[] = {
	{ "pair", prepare, run_pair, 1024 },
	{ "batch", NULL, run_batch, 10 * NBATCH },
	{ "sized", NULL, run_sized, 1024 },
	{ "realloc", NULL, run_realloc, 16 * GROWN / SMALL },
	{ "64k", NULL, run_64k, 256 },
	{ "1m", NULL, run_1m, 256 },
	{ "calloc", NULL, run_calloc, 256 },
	{ "churn", NULL, run_churn, CHURN_NSTEPS },
	{ NULL, NULL, NULL, 0 }
};

static void prepare(void)
{
	heap = uk_alloc_get_default();
	churn_prepare();
	for (const struct bench_work *w = works; w->name; w++) {
		memset(slots, 0, sizeof(slots));
		w->run(w->n);
	}
}

const struct bench_work *const bench_tables[] = { works, NULL };
