/* SPDX-License-Identifier: BSD-3-Clause */
/* All CPUs of the machine take and give frames, in interrupts at that. */
#include <uk/falloc.h>

#include <stdbool.h>

#include <uk/arch/cpu.h>
#include <uk/arch/paging.h>
#include <uk/compiler.h>
#include <uk/idle.h>
#include <uk/lcpu.h>
#include <uk/test.h>

#define PAGE		((uint64_t)UKARCH_PAGE_SIZE)
#define NCPUS		8u
#define STEPS		3000u

static struct uk_lcpu_call calls[NCPUS];
static unsigned int ncpus;

/* A frame that the next CPU gives back, or 0; atomic. */
static uint64_t passed[NCPUS];
static uint64_t nfailed[NCPUS], nwrong[NCPUS], nsteps[NCPUS];

static void put(unsigned int cpu, uint64_t paddr, unsigned long n)
{
	nwrong[cpu] += uk_ffree(uk_falloc_get_default(), paddr, n) != 0;
}

static uint64_t take(unsigned int cpu, unsigned long n, unsigned long flags)
{
	uint64_t paddr;

	if (uk_falloc(uk_falloc_get_default(), &paddr, n, flags) < 0) {
		nfailed[cpu]++;
		return 0;
	}
	return paddr;
}

/* A frame says whose it is; others would write something else. */
static void step(unsigned int cpu, unsigned int i)
{
	const uint64_t one = take(cpu, 1, i % 4 ? 0 : UK_FALLOC_ZERO);
	const unsigned long n = 2 + i % 30;
	const uint64_t run = i % 16 ? 0 : take(cpu, n, 0);
	volatile uint64_t *word;
	uint64_t old;

	if (run)
		put(cpu, run, n);
	if (!one)
		return;
	word = uk_phys_to_virt(one);
	if (i % 4 == 0)
		nwrong[cpu] += word[0] != 0 || word[PAGE / 8 - 1] != 0;
	word[0] = one | cpu;
	word[PAGE / 8 - 1] = one;
	nwrong[cpu] += word[0] != (one | cpu);
	/* Pairs with itself on the next CPU. */
	old = __atomic_exchange_n(&passed[(cpu + 1) % ncpus], one,
				  __ATOMIC_ACQ_REL);
	if (!old)
		return;
	word = uk_phys_to_virt(old);
	nwrong[cpu] += (word[0] & ~(PAGE - 1)) != old ||
		       word[PAGE / 8 - 1] != old;
	put(cpu, old, 1);
}

static void work(void *arg UK_UNUSED)
{
	const unsigned int cpu = uk_lcpu_idx();

	for (unsigned int i = 0; i < STEPS; i++, nsteps[cpu]++)
		step(cpu, i);
}

static void begin(void)
{
	ncpus = uk_lcpu_nup() < NCPUS ? uk_lcpu_nup() : NCPUS;
	for (unsigned int i = 0; i < NCPUS; i++)
		nfailed[i] = nwrong[i] = nsteps[i] = 0;
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

UK_TEST(frames, no_frame_is_lost_where_all_cpus_take_and_give)
{
	struct uk_falloc_stats before, st;

	if (uk_lcpu_start_all() < 2)
		UK_TEST_SKIP("this machine has one CPU");
	begin();
	uk_falloc_stats_get(uk_falloc_get_default(), &before);
	work_everywhere();
	for (unsigned int i = 0; i < ncpus; i++) {
		UK_EXPECT_EQ(nwrong[i], 0);
		UK_EXPECT_EQ(nfailed[i], 0);
		UK_EXPECT_EQ(nsteps[i], STEPS);
		if (passed[i])
			put(0, passed[i], 1);
		passed[i] = 0;
	}
	uk_falloc_stats_get(uk_falloc_get_default(), &st);
	/* A CPU that was idle may have given back what the heap had. */
	UK_EXPECT_GE(st.free, before.free);
	UK_EXPECT_EQ(st.total, before.total);
}

UK_TEST(frames, an_idle_cpu_has_zeroes_ready_and_comes_to_an_end)
{
	struct uk_falloc *const fa = uk_falloc_get_default();
	uint64_t before, paddr;
	unsigned int n = 0;

	UK_EXPECT_EQ(uk_falloc(fa, &paddr, 1, UK_FALLOC_ZERO), 0);
	before = fa->free_memory;
	while (n < 1000 && uk_event_raise(uk_idle, NULL) == UK_EVENT_HANDLED)
		n++;
	UK_EXPECT_LT(n, 1000);
	/* They are taken out of blocks, and not lost. */
	UK_EXPECT_LE(fa->free_memory, before);
	UK_EXPECT_EQ(uk_ffree(fa, paddr, 1), 0);
}
