/* SPDX-License-Identifier: BSD-3-Clause */
/* Frames between CPUs: each takes and gives, own ones and those of others. */
#include <uk/fallocbuddy.h>

#include <uk/compiler.h>
#include <uk/essentials.h>
#include <uk/percpu.h>
#include <uk/string.h>
#include <uk/test.h>

#include "hosted_sched.h"
#include "hosted_threads.h"

#define NCPUS		4u
#define NFRAMES		256u
#define PAGE		UINT64_C(4096)
#define GIB		UINT64_C(0x40000000)
#define STEPS		20000u

static char memory[NFRAMES * PAGE] UK_ALIGNED(4096);
static uint64_t metadata[128];
static struct uk_fallocbuddy fb;
static UK_PERCPU(struct uk_fallocbuddy_cache, at_hand);

/* A frame that goes from one CPU to the next, or 0; atomic. */
static uint64_t passed[NCPUS];
static unsigned int nwrong[NCPUS];

static void begin(void)
{
	uk_fallocbuddy_init(&fb);
	uk_fallocbuddy_set_cache(&fb, &at_hand);
	memset(nwrong, 0, sizeof(nwrong));
	UK_EXPECT_EQ(uk_fallocbuddy_addmem(&fb, metadata, GIB, NFRAMES,
					   (uintptr_t)memory - GIB), 0);
}

static char *at(uint64_t paddr)
{
	return memory + (paddr - GIB);
}

/* Every byte that a CPU writes is its own, or this is a race. */
static uint64_t take(unsigned int cpu, unsigned long n, unsigned long flags)
{
	uint64_t paddr;

	if (uk_falloc(&fb.fa, &paddr, n, flags) < 0)
		return 0;
	if ((flags & UK_FALLOC_ZERO) && (at(paddr)[0] || at(paddr)[PAGE - 1]))
		nwrong[cpu]++;
	for (unsigned long i = 0; i < n; i++)
		memset(at(paddr + i * PAGE), (int)cpu + 1, 64);
	return paddr;
}

static void give(unsigned int cpu, uint64_t paddr, unsigned long n)
{
	nwrong[cpu] += uk_ffree(&fb.fa, paddr, n) != 0;
}

static void work(void *arg UK_UNUSED, unsigned int cpu)
{
	struct uk_falloc_stats st;
	uint64_t one, run;

	for (unsigned int i = 0; i < STEPS; i++) {
		one = take(cpu, 1, i % 3 ? 0 : UK_FALLOC_ZERO);
		if (!one)
			continue;
		/* The next CPU frees it. */
		one = __atomic_exchange_n(&passed[(cpu + 1) % NCPUS], one,
					  __ATOMIC_ACQ_REL);
		if (one)
			give(cpu, one, 1);
		run = i % 16 ? 0 : take(cpu, 1 + i % 50, 0);
		if (run)
			give(cpu, run, 1 + i % 50);
		if (i % 512 == 0) {
			uk_falloc_stats_get(&fb.fa, &st);
			nwrong[cpu] += st.free > NFRAMES ||
				       st.free < NFRAMES - 60 * NCPUS;
			hosted_yield();
		}
	}
}

UK_TEST(fallocbuddy, four_cpus_take_and_give_frames_and_none_is_lost)
{
	struct uk_falloc_stats st;

	begin();
	hosted_uk_threads(NCPUS, work, NULL);
	for (unsigned int i = 0; i < NCPUS; i++) {
		UK_EXPECT_EQ(nwrong[i], 0);
		if (passed[i])
			UK_EXPECT_EQ(uk_ffree(&fb.fa, passed[i], 1), 0);
		passed[i] = 0;
	}
	uk_falloc_stats_get(&fb.fa, &st);
	UK_EXPECT_EQ(st.free, NFRAMES);
	UK_EXPECT_EQ(st.largest_run, NFRAMES);
}
