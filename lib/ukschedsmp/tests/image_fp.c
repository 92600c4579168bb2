/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Threads that lose their CPU while they have something in every FP and SIMD
 * register. They call nothing meanwhile, not even for the time: a call may end
 * in another thread and need not keep these registers, and the clock of some
 * hypervisors is one with preemption off in between.
 */
#include "fp_all.h"

#include <uk/alloc.h>
#include <uk/arch/cpu.h>
#include <uk/config.h>
#include <uk/sched.h>
#include <uk/test.h>
#include <uk/thread.h>
#include <uk/time.h>

#define STACK		16384
#define NTHREADS	3u
#define NROUNDS		4u
#define ROUND_NS	(3 * CONFIG_LIBUKSCHEDSMP_SLICE_MS * UK_TIME_NS_PER_MS)

static unsigned int nlost[NTHREADS];

static void hold_registers(void *arg)
{
	const uintptr_t i = (uintptr_t)arg;

	for (unsigned int round = 0; round < NROUNDS; round++) {
		const uint64_t begin = ukarch_ticks();
		uint64_t ticks;

		uk_time_spin(ROUND_NS);
		ticks = ukarch_ticks() - begin;
		fp_all_set(i + 1);
		while (ukarch_ticks() - begin < 2 * ticks)
			;
		nlost[i] += !fp_all_are(i + 1);
	}
}

static void run(uint64_t cpus)
{
	struct uk_alloc *const a = uk_alloc_get_default();
	struct uk_thread *t[NTHREADS];

	for (uintptr_t i = 0; i < NTHREADS; i++) {
		nlost[i] = 0;
		t[i] = uk_thread_create_fn1(a, hold_registers, (void *)i, a,
					    STACK, NULL, 0, NULL, false,
					    "holder", NULL, NULL);
		if (!UK_EXPECT_NOT_NULL(t[i]))
			return;
		UK_EXPECT_EQ(uk_thread_set_affinity(t[i], cpus), 0);
		UK_EXPECT_EQ(uk_sched_thread_add(uk_sched_current(), t[i]), 0);
	}
	for (unsigned int i = 0; i < NTHREADS; i++) {
		uk_thread_join(t[i]);
		UK_EXPECT_EQ(nlost[i], 0);
	}
}

UK_TEST(preempt_fp, what_was_set_is_seen)
{
	fp_all_set(1);
	UK_EXPECT(fp_all_are(1));
	UK_EXPECT(!fp_all_are(2));
	fp_all_set(2);
	UK_EXPECT(fp_all_are(2));
}

UK_TEST(preempt_fp, a_preempted_thread_keeps_all_its_registers)
{
	run(1);
}

UK_TEST(preempt_fp, and_takes_them_along_to_another_cpu)
{
	struct uk_thread *const me = uk_thread_current();

	run(UK_THREAD_CPU_ANY);
	UK_EXPECT_EQ(uk_thread_set_affinity(me, 1), 0);
}
