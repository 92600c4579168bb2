/* SPDX-License-Identifier: BSD-3-Clause */
/* More CPUs than the host has: see suites/kvm.py. */
#include <uk/lcpu.h>

#include <stddef.h>

#include <uk/compiler.h>
#include <uk/percpu.h>
#include <uk/test.h>
#include <uk/time.h>

static UK_PERCPU(uint64_t, lost);

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
