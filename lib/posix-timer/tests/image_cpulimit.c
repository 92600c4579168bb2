/* SPDX-License-Identifier: BSD-3-Clause */
#include "timer_fixture.h"

#include <uk/abi/resource.h>
#include <uk/call.h>
#include <uk/print.h>

#define XCPU	UK_ABI_SIGXCPU

static uint64_t cpu_time(void)
{
	uint64_t ns = 0;

	UK_EXPECT_EQ(uk_posix_clock_get(UK_ABI_CLOCK_PROCESS_CPUTIME_ID, &ns),
		     0);
	return ns;
}

static void limit(uint64_t soft, uint64_t hard)
{
	const struct uk_abi_rlimit to = { soft, hard };

	UK_EXPECT_EQ(uk_syscall_r_setrlimit(UK_ABI_RLIMIT_CPU, (long)&to), 0);
}

static void no_limit(void)
{
	limit(UK_ABI_RLIM_INFINITY, UK_ABI_RLIM_INFINITY);
}

/* CPU time when the signal waits. */
static uint64_t burn_until_told(void)
{
	while (!(uk_test_pending_now() & BIT(XCPU)))
		;
	return cpu_time();
}

UK_TEST(rlimit_cpu, its_soft_limit_is_told_of_after_each_second)
{
	struct uk_abi_siginfo info;
	uint64_t sec, now;

	if (!UK_IS_ENABLED(CONFIG_LIBUKSCHED_STATS)) {
		limit(0, 0);
		no_limit();
		UK_TEST_SKIP("nobody counts");
	}
	uk_test_set_mask(BIT(XCPU));
	sec = cpu_time() / SEC + 1;
	/* A little is left of this second, or else of the next one. */
	limit(sec, UK_ABI_RLIM_INFINITY);
	now = burn_until_told();
	UK_EXPECT_GE(now, sec * SEC);
	UK_EXPECT_EQ(take(BIT(XCPU), SEC, &info), XCPU);
	UK_EXPECT_EQ(info.code, UK_ABI_SI_KERNEL);
	now = burn_until_told();
	UK_EXPECT_GE(now, (sec + 1) * SEC);
	/* Setting it takes back what waits; and it has been exceeded by now. */
	no_limit();
	UK_EXPECT_EQ(uk_test_pending_now(), 0);
	limit(0, UK_ABI_RLIM_INFINITY);
	UK_EXPECT_EQ(take(BIT(XCPU), 1000 * SEC, &info), XCPU);
	no_limit();
	uk_test_set_mask(0);
}

/* inimage.py looks at how it ends. */
UK_TEST(on_demand, the_hard_limit_of_cpu_time_ends_the_program)
{
	const uint64_t sec = cpu_time() / SEC + 1;
	struct uk_current *cur;

	uk_test_set_mask(~UINT64_C(0));
	limit(sec, sec);
	cur = uk_call_enter();
	while (cpu_time() < sec * SEC)
		;
	uk_pr_info("it was reached");
	uk_call_leave(cur);
	for (;;)
		(void)uk_test_pending_now();
}
