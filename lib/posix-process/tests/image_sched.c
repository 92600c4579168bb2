/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdbool.h>
#include <stdint.h>

#include <uk/abi/sched.h>
#include <uk/errno.h>
#include <uk/sched.h>
#include <uk/sched_impl.h>
#include <uk/syscall.h>
#include <uk/task.h>
#include <uk/test.h>
#include <uk/test_file.h>
#include <uk/thread.h>

#define BAD	((long)16)
#define NOBODY	(1 << 21)
#define RESET	UK_ABI_SCHED_RESET_ON_FORK

static long set(long tid, int policy, int prio)
{
	return uk_syscall_r_sched_setscheduler(tid, policy, (long)&prio);
}

static long prio_of(long tid)
{
	int prio = -1;

	UK_EXPECT_EQ(uk_syscall_r_sched_getparam(tid, (long)&prio), 0);
	return prio;
}

static bool has_prios(void)
{
	return uk_sched_current()->ops->set_prio;
}

UK_TEST(task_sched, a_policy_is_kept_and_told)
{
	UK_EXPECT_EQ(uk_syscall_r_sched_getscheduler(0), UK_ABI_SCHED_OTHER);
	UK_EXPECT_EQ(set(0, UK_ABI_SCHED_BATCH | RESET, 0), 0);
	UK_EXPECT_EQ(uk_syscall_r_sched_getscheduler(1),
		     UK_ABI_SCHED_BATCH | RESET);
	UK_EXPECT_EQ(uk_syscall_r_sched_setparam(0, (long)&(int){ 0 }), 0);
	UK_EXPECT_EQ(uk_syscall_r_sched_getscheduler(0),
		     UK_ABI_SCHED_BATCH | RESET);
	UK_EXPECT_EQ(set(1, UK_ABI_SCHED_OTHER, 0), 0);
	UK_EXPECT_EQ(uk_syscall_r_sched_getscheduler(0), UK_ABI_SCHED_OTHER);
	UK_EXPECT_EQ(prio_of(0), 0);
}

UK_TEST(task_sched, real_time_is_more_urgent_where_there_are_priorities)
{
	if (!has_prios()) {
		UK_EXPECT_EQ(set(0, UK_ABI_SCHED_FIFO, 1), -EPERM);
		UK_EXPECT_EQ(uk_syscall_r_sched_getscheduler(0),
			     UK_ABI_SCHED_OTHER);
		return;
	}
	UK_EXPECT_EQ(set(0, UK_ABI_SCHED_FIFO, 99), 0);
	UK_EXPECT_EQ(prio_of(0), 99);
	UK_EXPECT_EQ(uk_thread_current()->prio, UK_THREAD_PRIO_MAX);
	UK_EXPECT_EQ(uk_syscall_r_sched_setparam(0, (long)&(int){ 1 }), 0);
	UK_EXPECT_EQ(uk_thread_current()->prio, UK_THREAD_PRIO_DEFAULT + 1);
	UK_EXPECT_EQ(set(0, UK_ABI_SCHED_OTHER, 0), 0);
	UK_EXPECT_EQ(uk_thread_current()->prio, UK_THREAD_PRIO_DEFAULT);
}

UK_TEST(task_sched, what_is_no_policy_or_priority_or_thread_is_refused)
{
	UK_EXPECT_EQ(set(0, -1, 0), -EINVAL);
	UK_EXPECT_EQ(set(-1, 0, 0), -EINVAL);
	UK_EXPECT_EQ(set(0, 4, 0), -EINVAL);
	UK_EXPECT_EQ(set(0, UK_ABI_SCHED_OTHER, 1), -EINVAL);
	UK_EXPECT_EQ(set(0, UK_ABI_SCHED_FIFO, 0), -EINVAL);
	UK_EXPECT_EQ(set(0, UK_ABI_SCHED_RR, 100), -EINVAL);
	/* Who is meant comes before what. */
	UK_EXPECT_EQ(set(NOBODY, 4, 0), -ESRCH);
	UK_EXPECT_EQ(uk_syscall_r_sched_setscheduler(0, 0, 0), -EINVAL);
	UK_EXPECT_EQ(uk_syscall_r_sched_setscheduler(0, 0, BAD), -EFAULT);
	UK_EXPECT_EQ(uk_syscall_r_sched_setparam(0, BAD), -EFAULT);
	UK_EXPECT_EQ(uk_syscall_r_sched_getscheduler(NOBODY), -ESRCH);
	UK_EXPECT_EQ(uk_syscall_r_sched_getscheduler(-1), -EINVAL);
	UK_EXPECT_EQ(uk_syscall_r_sched_getparam(0, 0), -EINVAL);
	UK_EXPECT_EQ(uk_syscall_r_sched_getparam(0, BAD), -EFAULT);
	UK_EXPECT_EQ(uk_syscall_r_sched_get_priority_max(4), -EINVAL);
	UK_EXPECT_EQ(uk_syscall_r_sched_get_priority_max(1), 99);
	UK_EXPECT_EQ(uk_syscall_r_sched_get_priority_min(2), 1);
	UK_EXPECT_EQ(uk_syscall_r_sched_get_priority_max(0), 0);
}

UK_TEST(task_sched, nice_is_kept_within_its_range_and_told)
{
	UK_EXPECT_EQ(uk_syscall_r_getpriority(0, 0), 20);
	UK_EXPECT_EQ(uk_syscall_r_setpriority(0, 1, 100), 0);
	UK_EXPECT_EQ(uk_syscall_r_getpriority(0, 0), 1);
	/* Of the group: all of the program. */
	UK_EXPECT_EQ(uk_syscall_r_setpriority(1, 0, -100), 0);
	UK_EXPECT_EQ(uk_syscall_r_getpriority(2, 0), 40);
	UK_EXPECT_EQ(uk_syscall_r_setpriority(0, 0, 0), 0);
	UK_EXPECT_EQ(uk_syscall_r_getpriority(3, 0), -EINVAL);
	UK_EXPECT_EQ(uk_syscall_r_getpriority(0, NOBODY), -ESRCH);
	UK_EXPECT_EQ(uk_syscall_r_getpriority(0, -1), -ESRCH);
}

UK_TEST(task_sched, a_thread_has_the_cpus_that_it_is_given)
{
	uint64_t all, one = 1, none = 0, now[2] = { 0, 7 };

	UK_EXPECT_EQ(uk_syscall_r_sched_getaffinity(0, 16, (long)&now), 8);
	all = now[0];
	UK_EXPECT(all & 1);
	UK_EXPECT_EQ(now[1], 7);
	UK_EXPECT_EQ(uk_syscall_r_sched_setaffinity(0, 8, (long)&one), 0);
	UK_EXPECT_EQ(uk_syscall_r_sched_getaffinity(0, 8, (long)&now), 8);
	UK_EXPECT(now[0] == 1 || now[0] == all);
	UK_EXPECT_EQ(uk_syscall_r_sched_setaffinity(0, 8, (long)&none),
		     -EINVAL);
	UK_EXPECT_EQ(uk_syscall_r_sched_setaffinity(0, 8, (long)&all), 0);
	UK_EXPECT_EQ(uk_syscall_r_sched_setaffinity(0, 8, BAD), -EFAULT);
	UK_EXPECT_EQ(uk_syscall_r_sched_setaffinity(-1, 8, (long)&all),
		     -ESRCH);
	UK_EXPECT_EQ(uk_syscall_r_sched_getaffinity(0, 4, (long)&now),
		     -EINVAL);
	UK_EXPECT_EQ(uk_syscall_r_sched_getaffinity(0, 8, BAD), -EFAULT);
}

/* Whoever looks up a thread keeps it from setting its own policy. */
static struct {
	bool begun, done;	/* atomic */
	unsigned int nlooks, nwrong;
} watch;

static long look(struct uk_task *task, void *arg UK_UNUSED)
{
	const bool is_rt = task->policy_ == UK_ABI_SCHED_FIFO;

	watch.nlooks++;
	watch.nwrong += is_rt != (task->thread->base_prio_ >
				  UK_THREAD_PRIO_DEFAULT);
	return 0;
}

static void watch_main(void *unused UK_UNUSED)
{
	__atomic_store_n(&watch.begun, true, __ATOMIC_RELEASE);
	while (!__atomic_load_n(&watch.done, __ATOMIC_ACQUIRE))
		(void)uk_task_with(UK_TASK_PROCESS, look, NULL);
}

UK_TEST(task_sched, policy_and_priority_change_together)
{
	struct uk_thread *t;

	if (!has_prios())
		UK_TEST_SKIP("this scheduler has no priorities");
	watch = (__typeof__(watch)){ .begun = false };
	t = uk_test_spawn(watch_main, NULL);
	while (!__atomic_load_n(&watch.begun, __ATOMIC_ACQUIRE))
		uk_sched_yield();
	for (unsigned int i = 0; i < 10000; i++)
		(void)set(0, i % 2 ? UK_ABI_SCHED_OTHER : UK_ABI_SCHED_FIFO,
			  i % 2 == 0);
	__atomic_store_n(&watch.done, true, __ATOMIC_RELEASE);
	uk_thread_join(t);
	UK_EXPECT_GT(watch.nlooks, 0);
	UK_EXPECT_EQ(watch.nwrong, 0);
}

static long run_on(uint64_t cpus)
{
	return uk_syscall_r_sched_setaffinity(0, sizeof(cpus), (long)&cpus);
}

static uint64_t may_run_on(void)
{
	uint64_t cpus = 0;

	UK_EXPECT_EQ(uk_syscall_r_sched_getaffinity(0, 8, (long)&cpus), 8);
	return cpus;
}

UK_TEST(task_sched, a_thread_runs_on_the_cpu_that_it_chooses)
{
	const uint64_t was = may_run_on();
	unsigned int ncpus = 0;
	uint64_t all;

	UK_EXPECT_EQ(run_on(~UINT64_C(0)), 0);
	all = may_run_on();
	UK_EXPECT_EQ(all & was, was);
	for (unsigned int cpu = 0; cpu < 64; cpu++) {
		const uint64_t bit = UINT64_C(1) << cpu;

		if (!(all & bit)) {
			UK_EXPECT_EQ(run_on(bit), -EINVAL);
			continue;
		}
		UK_EXPECT_EQ(run_on(bit), 0);
		UK_EXPECT_EQ(may_run_on(), bit);
		UK_EXPECT_EQ(uk_thread_cpu(uk_thread_current()), cpu);
		ncpus++;
	}
	UK_EXPECT_GE(ncpus, 1);
	UK_EXPECT_EQ(run_on(was), 0);
	UK_EXPECT_EQ(may_run_on(), was);
}
