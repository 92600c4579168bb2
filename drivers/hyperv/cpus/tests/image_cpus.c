/* SPDX-License-Identifier: BSD-3-Clause */
/* Calls for other CPUs, where this machine's hypervisor wants them. */
#include "../cpus_priv.h"

#include <stddef.h>

#include <uk/hyperv.h>
#include <uk/lcpu.h>
#include <uk/preempt.h>
#include <uk/test.h>

#define NO_CALL		0x0fffu
#define BAD_CODE	2u	/* HV_STATUS_INVALID_HYPERCALL_CODE */

static bool wants(uint32_t hint)
{
	const struct uk_hyperv *const hv = uk_hyperv_get();

	return hv && (hv->hints & hint) && uk_hyperv_can_call();
}

UK_TEST(hyperv_cpus, a_call_that_does_not_exist_is_refused)
{
	if (!uk_hyperv_get() || !uk_hyperv_can_call())
		UK_TEST_SKIP("no hypercalls here");
	UK_EXPECT_EQ(UK_HYPERV_CALL_STATUS(uk_hyperv_call(NO_CALL, 0, 0)),
		     BAD_CODE);
}

static void count(void *arg)
{
	__atomic_fetch_add((unsigned int *)arg, 1, __ATOMIC_RELAXED);
}

UK_TEST(hyperv_cpus, interrupts_are_sent_by_call)
{
	unsigned int n, calls = 0;
	uint64_t before;

	if (!wants(UK_HYPERV_HINT_IPI))
		UK_TEST_SKIP("no Hyper-V that wants calls here");
	n = uk_lcpu_start_all();
	if (n < 2)
		UK_TEST_SKIP("this machine has one CPU");
	uk_preempt_disable();
	before = hyperv_count()->sent;
	for (unsigned int i = 1; i < n; i++)
		uk_lcpu_run(i, count, &calls);
	UK_EXPECT_GE(hyperv_count()->sent - before, n - 1);
	uk_preempt_enable();
	UK_EXPECT_EQ(calls, n - 1);
}

static bool all(void *arg UK_UNUSED, uintptr_t distance UK_UNUSED)
{
	return true;
}

static bool none(void *arg UK_UNUSED, uintptr_t distance UK_UNUSED)
{
	return false;
}

UK_TEST(hyperv_cpus, tlbs_are_flushed_by_call)
{
	const struct uk_paging_range one = { 0x1000, 0x2000 };
	const struct uk_paging_range many = { 0x1000, 0x10000000000 };
	uint64_t before;

	if (!wants(UK_HYPERV_HINT_FLUSH))
		UK_TEST_SKIP("no Hyper-V that wants calls here");
	if (uk_lcpu_start_all() < 2)
		UK_TEST_SKIP("this machine has one CPU");
	uk_preempt_disable();
	before = hyperv_count()->flushed;
	UK_EXPECT(hyperv_flush(all, NULL, &one, 1));
	UK_EXPECT(hyperv_flush(all, NULL, &many, 1));
	UK_EXPECT_GE(hyperv_count()->flushed - before, 2);
	/* Nobody is meant: nobody is asked. */
	UK_EXPECT(hyperv_flush(none, NULL, &one, 1));
	uk_preempt_enable();
}

/* A CPU whose number is beyond a mask; or 0. */
static unsigned int beyond(void)
{
	const unsigned int n = uk_lcpu_start_all();

	for (unsigned int i = 1; i < n; i++)
		if (hyperv_vp(i) >= (int)HYPERV_BANK)
			return i;
	return 0;
}

UK_TEST(hyperv_cpus, a_cpu_beyond_the_first_64_is_named_by_a_set)
{
	const struct uk_paging_range one = { 0x1000, 0x2000 };
	const struct uk_paging_range many = { 0x1000, 0x10000000000 };
	struct hyperv_count before;
	unsigned int calls = 0, idx;

	if (!wants(UK_HYPERV_HINT_IPI) || !wants(UK_HYPERV_HINT_FLUSH))
		UK_TEST_SKIP("no Hyper-V that wants calls here");
	idx = beyond();
	if (!idx)
		UK_TEST_SKIP("no CPU here has such a number");
	uk_preempt_disable();
	before = *hyperv_count();
	uk_lcpu_run(idx, count, &calls);
	UK_EXPECT_GE(hyperv_count()->sent - before.sent, 1);
	UK_EXPECT(hyperv_flush(all, NULL, &one, 1));
	UK_EXPECT(hyperv_flush(all, NULL, &many, 1));
	UK_EXPECT_GE(hyperv_count()->flushed - before.flushed, 2);
	UK_EXPECT_GE(hyperv_count()->sets - before.sets, 3);
	uk_preempt_enable();
	UK_EXPECT_EQ(calls, 1);
}

UK_TEST(hyperv_cpus, a_cpu_that_is_not_known_is_left_to_the_apic)
{
	if (!wants(UK_HYPERV_HINT_IPI))
		UK_TEST_SKIP("no Hyper-V that wants calls here");
	uk_preempt_disable();
	UK_EXPECT(!hyperv_send(0xe0, 0x7777));
	uk_preempt_enable();
}
