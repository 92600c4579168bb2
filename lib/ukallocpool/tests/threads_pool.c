/* SPDX-License-Identifier: BSD-3-Clause */
/* Objects between CPUs: taken by one and returned by the next one. */
#include <uk/allocpool.h>

#include <uk/compiler.h>
#include <uk/string.h>
#include <uk/test.h>

#include "hosted_sched.h"
#include "hosted_threads.h"

#define NCPUS		4u
#define BURST		8u
#define STEPS		5000u

static char memory[16384];
static struct uk_allocpool *pool;

/* An object that goes from one CPU to the next, or NULL; atomic. */
static void *passed[NCPUS];
static unsigned int nwrong[NCPUS];

static void work(void *arg UK_UNUSED, unsigned int cpu)
{
	void *burst[BURST];
	unsigned int n;

	for (unsigned int i = 0; i < STEPS; i++) {
		n = uk_allocpool_take_batch(pool, burst, BURST);
		nwrong[cpu] += n != BURST;
		/* Every byte that a CPU writes is its own, or it is a race. */
		for (unsigned int k = 0; k < n; k++)
			memset(burst[k], (int)cpu, 64);
		/* The next CPU returns one of them. */
		if (n)
			burst[0] = __atomic_exchange_n(
				&passed[(cpu + 1) % NCPUS], burst[0],
				__ATOMIC_ACQ_REL);
		if (n && burst[0])
			uk_allocpool_return(pool, burst[0]);
		if (n > 1)
			uk_allocpool_return_batch(pool, burst + 1, n - 1);
		if (i % 256 == 0)
			hosted_yield();
	}
}

UK_TEST(allocpool, four_cpus_take_and_return_bursts_and_no_object_is_lost)
{
	unsigned int n;

	pool = uk_allocpool_init(memory, sizeof(memory), 64, 64);
	n = uk_allocpool_maxcount(pool);
	hosted_uk_threads(NCPUS, work, NULL);
	for (unsigned int i = 0; i < NCPUS; i++) {
		UK_EXPECT_EQ(nwrong[i], 0);
		if (passed[i])
			uk_allocpool_return(pool, passed[i]);
		passed[i] = NULL;
	}
	UK_EXPECT_EQ(uk_allocpool_availcount(pool), n);
}
