/* SPDX-License-Identifier: BSD-3-Clause */
#include <uk/posix_time.h>

#include <uk/abi/mman.h>
#include <uk/abi/resource.h>
#include <uk/arch/paging.h>
#include <uk/config.h>
#include <uk/errno.h>
#include <uk/sched.h>
#include <uk/syscall.h>
#include <uk/test.h>

#define BAD	16l
#define MS	UK_TIME_NS_PER_MS

static uint64_t ns_of(struct uk_abi_timeval tv)
{
	return (uint64_t)tv.tv_sec * UK_TIME_NS_PER_SEC +
	       (uint64_t)tv.tv_usec * UK_TIME_NS_PER_US;
}

static struct uk_abi_rusage usage(int who)
{
	struct uk_abi_rusage u = { .maxrss = -1 };

	UK_EXPECT_EQ(uk_syscall_r_getrusage(who, (long)&u), 0);
	UK_EXPECT_EQ(ns_of(u.stime), 0);
	UK_EXPECT_LT((unsigned long)u.utime.tv_usec, 1000000);
	return u;
}

UK_TEST(posix_usage, only_these_have_one)
{
	struct uk_abi_rusage u;

	UK_EXPECT_EQ(uk_syscall_r_getrusage(2, BAD), -EINVAL);
	UK_EXPECT_EQ(uk_syscall_r_getrusage(-2, (long)&u), -EINVAL);
	for (int who = -1; who <= 1; who++)
		UK_EXPECT_EQ(uk_syscall_r_getrusage(who, BAD), -EFAULT);
	/* There are no children. */
	UK_EXPECT_EQ(ns_of(usage(UK_ABI_RUSAGE_CHILDREN).utime), 0);
	UK_EXPECT_EQ(usage(UK_ABI_RUSAGE_CHILDREN).nvcsw, 0);
}

UK_TEST(posix_usage, it_is_what_the_clocks_say)
{
	struct uk_abi_rusage own, all;
	uint64_t ns;

	if (!UK_IS_ENABLED(CONFIG_LIBUKSCHED_STATS)) {
		UK_EXPECT_EQ(ns_of(usage(UK_ABI_RUSAGE_SELF).utime), 0);
		UK_TEST_SKIP("nobody counts");
	}
	own = usage(UK_ABI_RUSAGE_THREAD);
	UK_EXPECT_EQ(uk_posix_clock_get(UK_ABI_CLOCK_THREAD_CPUTIME_ID, &ns),
		     0);
	UK_EXPECT_LE(ns_of(own.utime), ns);
	UK_EXPECT_EQ(uk_posix_clock_get(UK_ABI_CLOCK_PROCESS_CPUTIME_ID, &ns),
		     0);
	all = usage(UK_ABI_RUSAGE_SELF);
	/* A microsecond may be cut off. */
	UK_EXPECT_GE(ns_of(all.utime) + 1000, ns);
	UK_EXPECT_GE(ns_of(all.utime) + 1000, ns_of(own.utime));
}

UK_TEST(posix_usage, who_sleeps_leaves_its_cpu_by_itself)
{
	struct uk_abi_rusage before, after;

	if (!UK_IS_ENABLED(CONFIG_LIBUKSCHED_STATS))
		UK_TEST_SKIP("nobody counts");
	before = usage(UK_ABI_RUSAGE_THREAD);
	for (unsigned int i = 0; i < 5; i++)
		uk_sched_thread_sleep(MS);
	after = usage(UK_ABI_RUSAGE_THREAD);
	/* On a busy machine some are over before they begin. */
	UK_EXPECT_GT(after.nvcsw, before.nvcsw);
	UK_EXPECT_GE(after.nivcsw, before.nivcsw);
	UK_EXPECT_GE(usage(UK_ABI_RUSAGE_SELF).nvcsw, after.nvcsw);
}

UK_TEST(posix_usage, memory_that_is_touched_counts_for_the_process)
{
	const long len = 1024 * 1024;
	struct uk_abi_rusage before, after;
	long at;

	if (!UK_IS_ENABLED(CONFIG_LIBPOSIX_TIME_MEMORY))
		UK_TEST_SKIP("nobody counts");
	if (!uk_syscall_provided(SYS_mmap))
		UK_TEST_SKIP("nothing maps memory");
	before = usage(UK_ABI_RUSAGE_SELF);
	at = uk_syscall6_r(SYS_mmap, 0, len,
			   UK_ABI_PROT_READ | UK_ABI_PROT_WRITE,
			   UK_ABI_MAP_PRIVATE | UK_ABI_MAP_ANONYMOUS, -1, 0);
	if (!UK_EXPECT_GT(at, 0))
		return;
	for (long i = 0; i < len; i += (long)UKARCH_PAGE_SIZE)
		*(volatile char *)(at + i) = 1;
	after = usage(UK_ABI_RUSAGE_SELF);
	UK_EXPECT_GT(after.minflt, before.minflt);
	UK_EXPECT_EQ(after.majflt, 0);
	UK_EXPECT_GE(after.maxrss, len / 1024);
	UK_EXPECT_EQ(usage(UK_ABI_RUSAGE_THREAD).maxrss, after.maxrss);
	UK_EXPECT_EQ(uk_syscall6_r(SYS_munmap, at, len, 0, 0, 0, 0), 0);
	/* It is the most there has been. */
	UK_EXPECT_GE(usage(UK_ABI_RUSAGE_SELF).maxrss, after.maxrss);
}
