/* SPDX-License-Identifier: BSD-3-Clause */
#include "timer_fixture.h"

static long set(int which, long value_us, long interval_us)
{
	const struct uk_abi_itimerval val = {
		.it_interval = { interval_us / 1000000, interval_us % 1000000 },
		.it_value = { value_us / 1000000, value_us % 1000000 },
	};

	return uk_syscall_r_setitimer(which, (long)&val, 0);
}

static struct uk_abi_itimerval now(int which)
{
	struct uk_abi_itimerval val = { .it_value = { -1, -1 } };

	UK_EXPECT_EQ(uk_syscall_r_getitimer(which, (long)&val), 0);
	return val;
}

static long us_of(struct uk_abi_timeval tv)
{
	return tv.tv_sec * 1000000 + tv.tv_usec;
}

UK_TEST(itimer, it_sends_again_and_again)
{
	const uint64_t before = uk_time_now();
	struct uk_abi_siginfo info;

	uk_test_set_mask(BIT(ALRM));
	UK_EXPECT_EQ(set(UK_ABI_ITIMER_REAL, 2000, 1000), 0);
	for (unsigned int i = 0; i < 5; i++) {
		UK_EXPECT_EQ(take(BIT(ALRM), 1000 * SEC, &info), ALRM);
		UK_EXPECT_EQ(info.code, UK_ABI_SI_KERNEL);
	}
	UK_EXPECT_GE(uk_time_now() - before, 6 * MS);
	UK_EXPECT_EQ(us_of(now(0).it_interval), 1000);
	UK_EXPECT_GE(us_of(now(0).it_value), 1);
	UK_EXPECT_LE(us_of(now(0).it_value), 1000);
	/* Without a value it has no interval. */
	UK_EXPECT_EQ(set(UK_ABI_ITIMER_REAL, 0, 5), 0);
	UK_EXPECT_EQ(us_of(now(0).it_interval), 0);
	UK_EXPECT_EQ(us_of(now(0).it_value), 0);
	UK_EXPECT_EQ(take(BIT(ALRM), 3 * MS, &info), -EAGAIN);
	uk_test_set_mask(0);
}

UK_TEST(itimer, bad_requests_are_refused_as_on_linux)
{
	const struct uk_abi_itimerval bad = { .it_value = { 0, 1000000 } };
	const struct uk_abi_itimerval good = { .it_value = { 1000, 0 } };
	struct uk_abi_itimerval old = { .it_value = { -1, -1 } };

	UK_EXPECT_EQ(uk_syscall_r_setitimer(3, BAD, 0), -EFAULT);
	UK_EXPECT_EQ(uk_syscall_r_setitimer(3, (long)&good, 0), -EINVAL);
	UK_EXPECT_EQ(uk_syscall_r_setitimer(-1, (long)&good, 0), -EINVAL);
	UK_EXPECT_EQ(uk_syscall_r_setitimer(0, (long)&bad, 0), -EINVAL);
	UK_EXPECT_EQ(uk_syscall_r_setitimer(0, (long)&good, BAD), -EFAULT);
	UK_EXPECT_EQ(uk_syscall_r_getitimer(3, BAD), -EINVAL);
	UK_EXPECT_EQ(uk_syscall_r_getitimer(0, BAD), -EFAULT);
	/* No value: stop it. */
	UK_EXPECT_EQ(uk_syscall_r_setitimer(0, 0, (long)&old), 0);
	UK_EXPECT_GE(old.it_value.tv_sec, 900);
	UK_EXPECT_EQ(us_of(now(0).it_value), 0);
}

UK_TEST(itimer, alarms_are_of_whole_seconds)
{
	if (!UK_IS_ENABLED(CONFIG_ARCH_X86_64))
		UK_TEST_SKIP("arm64 has no such call");
	UK_EXPECT_EQ(uk_syscall_r_alarm(1000), 0);
	UK_EXPECT_GE(uk_syscall_r_alarm(0), 900);
	UK_EXPECT_EQ(uk_syscall_r_alarm(0), 0);
	UK_EXPECT_EQ(set(UK_ABI_ITIMER_REAL, 1000300000, 0), 0);
	UK_EXPECT_LE(uk_syscall_r_alarm(0), 1000);
	UK_EXPECT_EQ(set(UK_ABI_ITIMER_REAL, 300000, 0), 0);
	UK_EXPECT_EQ(uk_syscall_r_alarm(0), 1);
}

static void expect_cpu_time(int which, int sig)
{
	struct uk_abi_siginfo info;
	const uint64_t before = uk_time_now();

	uk_test_set_mask(BIT(sig));
	UK_EXPECT_EQ(set(which, 10000, 10000), 0);
	for (unsigned int i = 0; i < 2; i++) {
		while (!(uk_test_pending_now() & BIT(sig)))
			burn(MS / 4);
		UK_EXPECT_EQ(take(BIT(sig), 0, &info), sig);
		UK_EXPECT_EQ(info.code, UK_ABI_SI_KERNEL);
	}
	/* By a quarter: other CPUs may work, and its rate was measured. */
	UK_EXPECT_GE(uk_time_now() - before, 4 * MS);
	UK_EXPECT_EQ(set(which, 0, 0), 0);
	uk_test_set_mask(0);
}

UK_TEST(itimer, there_are_two_of_cpu_time)
{
	if (!UK_IS_ENABLED(CONFIG_LIBUKSCHED_STATS)) {
		UK_EXPECT_EQ(set(UK_ABI_ITIMER_PROF, 1, 0), -EINVAL);
		UK_TEST_SKIP("nobody counts");
	}
	expect_cpu_time(UK_ABI_ITIMER_VIRTUAL, UK_ABI_SIGVTALRM);
	expect_cpu_time(UK_ABI_ITIMER_PROF, UK_ABI_SIGPROF);
}
