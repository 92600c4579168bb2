/* SPDX-License-Identifier: BSD-3-Clause */
/* More CPUs than the host has: see suites/kvm.py. */
#include <uk/lcpu.h>

#include <stddef.h>

#include <uk/compiler.h>
#include <uk/percpu.h>
#include <uk/test.h>
#include <uk/time.h>

static UK_PERCPU(uint64_t, lost);

/* In an interrupt. */
static void note_told(void *arg)
{
	uint64_t ns;

	if (uk_time_stolen(&ns) == 0)
		__atomic_fetch_add((unsigned int *)arg, 1, __ATOMIC_RELAXED);
}

UK_TEST(stolen, each_cpu_is_told_of_its_own)
{
	const unsigned int n = uk_lcpu_start_all();
	unsigned int told = 0;
	uint64_t ns;

	if (n < 2)
		UK_TEST_SKIP("this machine has one CPU");
	if (uk_time_stolen(&ns) < 0)
		UK_TEST_SKIP("nobody tells of stolen time here");
	uk_lcpu_run_others(note_told, &told);
	UK_EXPECT_EQ(told, n - 1);
}

/*
 * QEMU on arm64 has the structures of 64 CPUs in a page. Some of so many CPUs
 * may take too long to come up: one is enough.
 */
UK_TEST(on_demand, a_cpu_whose_structure_is_in_another_page_is_told)
{
	const unsigned int n = uk_lcpu_count();
	unsigned int told = 0, i = 64;

	while (i < n && uk_lcpu_state(i) != UK_LCPU_UP && uk_lcpu_start(i) < 0)
		i++;
	if (!UK_EXPECT_LT(i, n))
		return;
	uk_lcpu_run(i, note_told, &told);
	UK_EXPECT_EQ(told, 1);
}

/* In an interrupt, on all CPUs at once. */
static void compute(void *arg UK_UNUSED)
{
	uint64_t first, last;

	if (uk_time_stolen(&first) < 0)
		return;
	uk_time_spin(300 * UK_TIME_NS_PER_MS);
	if (uk_time_stolen(&last) == 0)
		*uk_this_cpu_ptr(lost) = last - first;
}

UK_TEST(on_demand, cpus_that_share_one_see_time_stolen)
{
	const unsigned int n = uk_lcpu_start_all();
	uint64_t sum = 0;

	if (n < 2)
		UK_TEST_SKIP("this machine has one CPU");
	if (uk_time_stolen(&sum) < 0)
		UK_TEST_SKIP("nobody tells of stolen time here");
	uk_lcpu_run_others(compute, NULL);
	sum = 0;
	for (unsigned int i = 1; i < n; i++)
		sum += *uk_percpu_ptr(lost, uk_lcpu_percpu(i));
	/* Three that compute share two: a third is not theirs. */
	UK_EXPECT_GE(sum, 50 * UK_TIME_NS_PER_MS);
}
