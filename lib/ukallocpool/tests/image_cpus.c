/* SPDX-License-Identifier: BSD-3-Clause */
/* All CPUs of the machine take and return bursts, in interrupts at that. */
#include <uk/allocpool.h>

#include <stdint.h>

#include <uk/arch/cpu.h>
#include <uk/compiler.h>
#include <uk/lcpu.h>
#include <uk/test.h>

#define NCPUS		8u
#define BURST		32u
#define STEPS		100u

static char memory[64u << 10] UK_ALIGNED(64);
static struct uk_allocpool *pool;
static struct uk_lcpu_call calls[NCPUS];
static unsigned int ncpus;

/* An object that the next CPU returns, or NULL; atomic. */
static uint64_t *passed[NCPUS];
static unsigned int nwrong[NCPUS], nsteps[NCPUS];

/* An object says whose it is; others would write something else. */
static void step(unsigned int cpu)
{
	void *burst[BURST];
	const unsigned int n = uk_allocpool_take_batch(pool, burst, BURST);
	volatile uint64_t *word;

	for (unsigned int i = 0; i < n; i++) {
		word = burst[i];
		*word = (uintptr_t)word ^ cpu;
	}
	for (unsigned int i = 0; i < n; i++) {
		word = burst[i];
		nwrong[cpu] += *word != ((uintptr_t)word ^ cpu);
	}
	nwrong[cpu] += n != BURST;
	if (n == 0)
		return;
	/* Pairs with itself on the next CPU. */
	burst[0] = __atomic_exchange_n(&passed[(cpu + 1) % ncpus], burst[0],
				       __ATOMIC_ACQ_REL);
	if (burst[0])
		uk_allocpool_return(pool, burst[0]);
	uk_allocpool_return_batch(pool, burst + 1, n - 1);
}

static void work(void *arg UK_UNUSED)
{
	const unsigned int cpu = uk_lcpu_idx();

	for (unsigned int i = 0; i < STEPS; i++, nsteps[cpu]++)
		step(cpu);
}

static void work_everywhere(void)
{
	unsigned long irq;

	for (unsigned int i = 1; i < ncpus; i++) {
		calls[i] = (struct uk_lcpu_call){ .fn = work };
		uk_lcpu_post(i, &calls[i]);
	}
	irq = ukarch_irq_save();
	work(NULL);
	ukarch_irq_restore(irq);
	for (unsigned int i = 1; i < ncpus; i++)
		uk_lcpu_wait(i);
}

UK_TEST(allocpool, no_object_is_lost_where_all_cpus_take_and_return_bursts)
{
	unsigned int n;

	if (uk_lcpu_start_all() < 2)
		UK_TEST_SKIP("this machine has one CPU");
	ncpus = uk_lcpu_nup() < NCPUS ? uk_lcpu_nup() : NCPUS;
	pool = uk_allocpool_init(memory, sizeof(memory), 128, 64);
	n = uk_allocpool_maxcount(pool);
	UK_EXPECT_GE(n, NCPUS * (BURST + 1));
	work_everywhere();
	for (unsigned int i = 0; i < ncpus; i++) {
		UK_EXPECT_EQ(nwrong[i], 0);
		UK_EXPECT_EQ(nsteps[i], STEPS);
		if (passed[i])
			uk_allocpool_return(pool, passed[i]);
		passed[i] = NULL;
		nwrong[i] = nsteps[i] = 0;
	}
	UK_EXPECT_EQ(uk_allocpool_availcount(pool), n);
}
