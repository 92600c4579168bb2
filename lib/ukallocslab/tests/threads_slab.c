/* SPDX-License-Identifier: BSD-3-Clause */
/* Blocks between CPUs: each allocates, and frees what others allocated. */
#include <uk/alloc.h>

#include <uk/preempt.h>
#include <uk/string.h>
#include <uk/test.h>

#include "hosted_sched.h"
#include "hosted_threads.h"
#include "slab_fixture.h"
#include "slab_priv.h"

#define NCPUS		4u
#define NSLOTS		16u
#define STEPS		4000u

/* Blocks on their way, or NULL; atomic. */
static void *passed[NCPUS][NSLOTS];
static unsigned int nfailed[NCPUS];

/* Every byte that a CPU writes is its own, or this is a race. */
static void work(void *arg, unsigned int cpu)
{
	struct uk_alloc *const a = arg;

	for (unsigned int i = 0; i < STEPS; i++) {
		const size_t size = i % 512 == 0 ? 20000 : 16 + i * 37 % 1500;
		char *ptr = uk_malloc(a, size);

		if (ptr)
			memset(ptr, (int)cpu, size);
		else
			nfailed[cpu]++;
		ptr = __atomic_exchange_n(&passed[(cpu + 1) % NCPUS]
						 [i % NSLOTS], ptr,
					  __ATOMIC_ACQ_REL);
		uk_free(a, ptr);
		if (i % 256 == 0)
			hosted_yield();
	}
	/* What this CPU has in its lists goes while it is there. */
	uk_preempt_disable();
	(void)slab_reclaim_lists(a);
	uk_preempt_enable();
}

UK_TEST(allocslab, four_cpus_free_each_others_blocks_and_none_is_lost)
{
	struct uk_alloc *const a = fixture_begin();

	if (!a)
		return;
	memset(nfailed, 0, sizeof(nfailed));
	hosted_uk_threads(NCPUS, work, a);
	for (unsigned int i = 0; i < NCPUS; i++) {
		UK_EXPECT_EQ(nfailed[i], 0);
		for (unsigned int k = 0; k < NSLOTS; k++)
			uk_free(a, passed[i][k]);
		memset(passed[i], 0, sizeof(passed[i]));
	}
	fixture_end();
}
