/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Four threads and the default heap: ../heap.py compares how long one CPU and
 * four take for them.
 *
 * Private: each replaces blocks of its own, as a server does whose connections
 * share nothing.
 *
 * Remote: each block is freed by another thread than allocated it, while that
 * one allocates more. In a round a thread takes a pile of blocks and gives back
 * the pile that its neighbour took the round before, in turn, block by block,
 * in another order, so that what it frees is not what it wants next.
 * Between rounds they wait for each other, which is less than a hundredth of
 * the work; a queue would cost as much as what is measured.
 */
#include <stddef.h>

#include <bench.h>
#include <uk/sched.h>
#include <uk/thread.h>

#include "heap.h"

#define NTHREADS	4u
#define STACK_LEN	16384
#define NPILE		1024u
#define STRIDE		389u	/* odd: no block is left out */
#define APART		__attribute__((aligned(64)))

static struct worker {
	void *slots[CHURN_NSLOTS];
	void *piles[2][NPILE];	/* of this round and of the last one */
	unsigned int index, n;	/* steps or rounds */
	struct uk_thread *thread;
} APART workers[NTHREADS];

static struct uk_alloc *heap;

/* How many have come to the end of the round; its number. Both atomic. */
static unsigned int narrived APART, nround APART;

static void meet(void)
{
	const unsigned int now = __atomic_load_n(&nround, __ATOMIC_ACQUIRE);

	if (__atomic_add_fetch(&narrived, 1, __ATOMIC_ACQ_REL) == NTHREADS) {
		__atomic_store_n(&narrived, 0, __ATOMIC_RELAXED);
		__atomic_store_n(&nround, now + 1, __ATOMIC_RELEASE);
		return;
	}
	while (__atomic_load_n(&nround, __ATOMIC_ACQUIRE) == now)
		uk_sched_yield();
}

static void work_alone(void *arg)
{
	struct worker *const w = arg;

	churn(heap, w->slots, w->n);
	for (unsigned int i = 0; i < CHURN_NSLOTS; i++) {
		uk_free(heap, w->slots[i]);
		w->slots[i] = NULL;
	}
}

static void work_remote(void *arg)
{
	struct worker *const w = arg;
	struct worker *const from = &workers[(w->index + 1) % NTHREADS];

	for (unsigned int round = 0; round < w->n; round++) {
		void **const pile = w->piles[round % 2];
		void **const old = from->piles[(round + 1) % 2];

		for (unsigned int i = 0; i < NPILE; i++) {
			const unsigned int k = i * STRIDE % NPILE;

			pile[i] = get(heap, churn_steps[i].size);
			uk_free(heap, old[k]);
			old[k] = NULL;
		}
		meet();
	}
}

static void run(uk_thread_fn1_t fn, unsigned int n)
{
	for (unsigned int i = 0; i < NTHREADS; i++) {
		struct worker *const w = &workers[i];

		w->index = i;
		w->n = n;
		w->thread = uk_thread_create_fn1(heap, fn, w, heap, STACK_LEN,
						 NULL, 0, heap, false, "bench",
						 NULL, NULL);
		if (!w->thread ||
		    uk_sched_thread_add(uk_sched_current(), w->thread) < 0)
			abort();
	}
	for (unsigned int i = 0; i < NTHREADS; i++)
		uk_thread_join(workers[i].thread);
}

static void run_private(unsigned int n)
{
	run(work_alone, n);
}

static void run_remote(unsigned int n)
{
	run(work_remote, n);
}

static void prepare(void)
{
	heap = uk_alloc_get_default();
	churn_prepare();
}

static const struct bench_work works[] = {
	/* The first time slice of all chooses a timer. */
	{ "warm-up", prepare, run_private, CHURN_NSTEPS },
	{ "private", NULL, run_private, 4 * CHURN_NSTEPS },
	{ "warm-up-remote", NULL, run_remote, 2 },
	{ "remote", NULL, run_remote, 32 },
	{ NULL, NULL, NULL, 0 }
};

const struct bench_work *const bench_tables[] = { works, NULL };
