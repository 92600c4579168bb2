/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdint.h>

#include <uk/abi/resource.h>
#include <uk/abi/sched.h>
#include <uk/abi/time.h>
#include <uk/errno.h>
#include <uk/fdtab.h>
#include <uk/sched.h>
#include <uk/string.h>
#include <uk/syscall.h>
#include <uk/task.h>
#include <uk/test.h>
#include <uk/thread.h>

#define BAD	((long)16)
#define NOBODY	(1 << 21)

/* A thread that says its number and stays until it is let go. */
struct guest {
	struct uk_thread *thread;
	int tid;
	bool go;
};

static void stay(void *arg)
{
	struct guest *const g = arg;

	__atomic_store_n(&g->tid, (int)uk_syscall_r_gettid(),
			 __ATOMIC_RELEASE);
	while (!__atomic_load_n(&g->go, __ATOMIC_ACQUIRE))
		uk_sched_yield();
}

static void invite(struct guest *g)
{
	struct uk_sched *const s = uk_sched_current();

	*g = (struct guest){ 0 };
	g->thread = uk_thread_create_fn1(s->a, stay, g, s->a_stack, 0, NULL, 0,
					 NULL, true, "guest", NULL, NULL);
	UK_EXPECT_NOT_NULL(g->thread);
	UK_EXPECT_EQ(uk_sched_thread_add(s, g->thread), 0);
	while (!__atomic_load_n(&g->tid, __ATOMIC_ACQUIRE))
		uk_sched_yield();
}

static void dismiss(struct guest *g)
{
	__atomic_store_n(&g->go, true, __ATOMIC_RELEASE);
	uk_thread_join(g->thread);
}

static long exists(struct uk_task *task, void *arg)
{
	*(struct uk_task **)arg = task;
	return 7;
}

UK_TEST(task, the_first_thread_has_number_1_as_the_process_has)
{
	UK_EXPECT_EQ(uk_syscall_r_getpid(), 1);
	UK_EXPECT_EQ(uk_syscall_r_gettid(), 1);
	UK_EXPECT_EQ(uk_syscall_r_getppid(), 0);
	UK_EXPECT_EQ(uk_task_current()->tid, 1);
	UK_EXPECT(uk_task_current()->of_program);
	UK_EXPECT_EQ(uk_task_count(), 1);
}

UK_TEST(task, each_thread_has_a_number_of_its_own_until_it_has_exited)
{
	struct uk_task *found = NULL;
	struct guest a, b;

	invite(&a);
	invite(&b);
	UK_EXPECT(a.tid > 1);
	UK_EXPECT(b.tid > 1);
	UK_EXPECT(a.tid != b.tid);
	UK_EXPECT_EQ(uk_task_with(a.tid, exists, &found), 7);
	UK_EXPECT(found->thread == a.thread);
	UK_EXPECT_EQ(uk_task_with(b.tid, exists, &found), 7);
	UK_EXPECT(found->thread == b.thread);
	/* They are the core's, and do not keep the program running. */
	UK_EXPECT_EQ(uk_task_count(), 1);
	dismiss(&a);
	UK_EXPECT_EQ(uk_task_with(a.tid, exists, &found), -ESRCH);
	UK_EXPECT_EQ(uk_task_with(b.tid, exists, &found), 7);
	UK_EXPECT(!uk_task_exists(a.tid));
	UK_EXPECT(uk_task_exists(b.tid));
	dismiss(&b);
	UK_EXPECT_EQ(uk_task_with(0, exists, &found), -ESRCH);
	UK_EXPECT_EQ(uk_task_with(-1, exists, &found), -ESRCH);
	UK_EXPECT(!uk_task_exists(0));
}

UK_TEST(task, a_number_is_not_soon_used_again)
{
	struct guest g;
	int tid;

	invite(&g);
	tid = g.tid;
	dismiss(&g);
	invite(&g);
	UK_EXPECT(g.tid != tid);
	dismiss(&g);
}

static long count(struct uk_task *task, void *arg)
{
	unsigned int *const n = arg;

	n[0]++;
	n[1] += task->tid == 1;
	return 0;
}

static long stop(struct uk_task *task UK_UNUSED, void *arg)
{
	return ++*(long *)arg;
}

UK_TEST(task, all_of_them_can_be_gone_through)
{
	unsigned int n[2] = { 0 }, more[2] = { 0 };
	long times = 0;
	struct guest g;

	UK_EXPECT_EQ(uk_task_each(count, n), 0);
	UK_EXPECT_EQ(n[1], 1);
	invite(&g);
	UK_EXPECT_EQ(uk_task_each(count, more), 0);
	UK_EXPECT_EQ(more[0], n[0] + 1);
	dismiss(&g);
	UK_EXPECT_EQ(uk_task_each(stop, &times), 1);
	UK_EXPECT_EQ(times, 1);
}

UK_TEST(task, the_process_leads_its_group_and_session)
{
	struct guest g;

	invite(&g);
	UK_EXPECT_EQ(uk_syscall_r_getpgid(0), 1);
	UK_EXPECT_EQ(uk_syscall_r_getpgid(1), 1);
	UK_EXPECT_EQ(uk_syscall_r_getpgid(g.tid), 1);
	UK_EXPECT_EQ(uk_syscall_r_getpgid(NOBODY), -ESRCH);
	UK_EXPECT_EQ(uk_syscall_r_getpgrp(), 1);
	UK_EXPECT_EQ(uk_syscall_r_getsid(0), 1);
	UK_EXPECT_EQ(uk_syscall_r_getsid(-5), -ESRCH);
	UK_EXPECT_EQ(uk_syscall_r_setsid(), -EPERM);
	UK_EXPECT_EQ(uk_syscall_r_setpgid(0, -1), -EINVAL);
	UK_EXPECT_EQ(uk_syscall_r_setpgid(NOBODY, 0), -ESRCH);
	UK_EXPECT_EQ(uk_syscall_r_setpgid(g.tid, 0), -EINVAL);
	UK_EXPECT_EQ(uk_syscall_r_setpgid(0, 0), -EPERM);
	dismiss(&g);
}

UK_TEST(task, it_has_no_children)
{
	const long int_min = -2147483648L;

	UK_EXPECT_EQ(uk_syscall_r_wait4(-1, 0, 0, 0), -ECHILD);
	UK_EXPECT_EQ(uk_syscall_r_wait4(0, BAD, 1, BAD), -ECHILD);
	UK_EXPECT_EQ(uk_syscall_r_wait4(-1, 0, 4, 0), -EINVAL);
	UK_EXPECT_EQ(uk_syscall_r_wait4(int_min, 0, 0, 0), -ESRCH);
	UK_EXPECT_EQ(uk_syscall_r_waitid(0, 0, 0, 4, 0), -ECHILD);
	UK_EXPECT_EQ(uk_syscall_r_waitid(0, 0, 0, 0, 0), -EINVAL);
	UK_EXPECT_EQ(uk_syscall_r_waitid(0, 0, 0, 0x10, 0), -EINVAL);
	UK_EXPECT_EQ(uk_syscall_r_waitid(1, 0, 0, 4, 0), -EINVAL);
	UK_EXPECT_EQ(uk_syscall_r_waitid(2, -1, 0, 4, 0), -EINVAL);
	UK_EXPECT_EQ(uk_syscall_r_waitid(3, 5, 0, 4, 0), -EBADF);
	UK_EXPECT_EQ(uk_syscall_r_waitid(4, 0, 0, 4, 0), -EINVAL);
}

UK_TEST(task, a_name_is_cut_to_15_characters_and_told)
{
	const char *const before = uk_thread_current()->cur.name;
	char name[16];

	UK_EXPECT_EQ(uk_syscall_r_prctl(15, (long)"a name of 20 letters", 0,
					0, 0), 0);
	UK_EXPECT_EQ(uk_syscall_r_prctl(16, (long)name, 0, 0, 0), 0);
	UK_EXPECT_STR_EQ(name, "a name of 20 le");
	UK_EXPECT_STR_EQ(uk_thread_current()->cur.name, name);
	UK_EXPECT_EQ(uk_syscall_r_prctl(15, (long)"x", 0, 0, 0), 0);
	UK_EXPECT_EQ(uk_syscall_r_prctl(16, (long)name, 0, 0, 0), 0);
	UK_EXPECT_STR_EQ(name, "x");
	UK_EXPECT_EQ(uk_syscall_r_prctl(15, BAD, 0, 0, 0), -EFAULT);
	UK_EXPECT_EQ(uk_syscall_r_prctl(16, BAD, 0, 0, 0), -EFAULT);
	uk_thread_current()->cur.name = before;
	UK_EXPECT_EQ(uk_syscall_r_prctl(16, (long)name, 0, 0, 0), 0);
	UK_EXPECT_STR_EQ(name, before);
}

UK_TEST(task, what_a_process_has_is_kept)
{
	int sig = -1;

	UK_EXPECT_EQ(uk_syscall_r_prctl(1, 65, 0, 0, 0), -EINVAL);
	UK_EXPECT_EQ(uk_syscall_r_prctl(1, 9, 0, 0, 0), 0);
	UK_EXPECT_EQ(uk_syscall_r_prctl(2, (long)&sig, 0, 0, 0), 0);
	UK_EXPECT_EQ(sig, 9);
	UK_EXPECT_EQ(uk_syscall_r_prctl(2, BAD, 0, 0, 0), -EFAULT);
	UK_EXPECT_EQ(uk_syscall_r_prctl(1, 0, 0, 0, 0), 0);
	UK_EXPECT_EQ(uk_syscall_r_prctl(3, 0, 0, 0, 0), 1);
	UK_EXPECT_EQ(uk_syscall_r_prctl(4, 2, 0, 0, 0), -EINVAL);
	UK_EXPECT_EQ(uk_syscall_r_prctl(4, 0, 0, 0, 0), 0);
	UK_EXPECT_EQ(uk_syscall_r_prctl(3, 0, 0, 0, 0), 0);
	UK_EXPECT_EQ(uk_syscall_r_prctl(4, 1, 0, 0, 0), 0);
	UK_EXPECT_EQ(uk_syscall_r_prctl(38, 0, 0, 0, 0), -EINVAL);
	UK_EXPECT_EQ(uk_syscall_r_prctl(39, 1, 0, 0, 0), -EINVAL);
	UK_EXPECT_EQ(uk_syscall_r_prctl(12345, 0, 0, 0, 0), -EINVAL);
}

UK_TEST(task, limits_are_told_and_lowered_and_kept_to)
{
	struct uk_abi_rlimit was, low, now;

	UK_EXPECT_EQ(uk_syscall_r_prlimit64(0, UK_ABI_RLIMIT_NOFILE, 0,
					    (long)&was), 0);
	UK_EXPECT_EQ(was.cur, uk_fd_limit());
	low = (struct uk_abi_rlimit){ 5, was.max };
	UK_EXPECT_EQ(uk_syscall_r_prlimit64(1, UK_ABI_RLIMIT_NOFILE,
					    (long)&low, (long)&now), 0);
	UK_EXPECT_EQ(now.cur, was.cur);
	UK_EXPECT_EQ(uk_fd_limit(), 5);
	UK_EXPECT_EQ(uk_syscall_r_getrlimit(UK_ABI_RLIMIT_NOFILE, (long)&now),
		     0);
	UK_EXPECT_EQ(now.cur, 5);
	UK_EXPECT_EQ(now.max, was.max);
	UK_EXPECT_EQ(uk_syscall_r_setrlimit(UK_ABI_RLIMIT_NOFILE, (long)&was),
		     0);
	UK_EXPECT_EQ(uk_fd_limit(), was.cur);
}

UK_TEST(task, limits_that_make_no_sense_are_refused)
{
	struct uk_abi_rlimit lim = { 2, 1 };

	UK_EXPECT_EQ(uk_syscall_r_setrlimit(UK_ABI_RLIMIT_CORE, (long)&lim),
		     -EINVAL);
	lim = (struct uk_abi_rlimit){ 2, UK_ABI_RLIM_INFINITY };
	UK_EXPECT_EQ(uk_syscall_r_setrlimit(UK_ABI_RLIMIT_NOFILE, (long)&lim),
		     -EPERM);
	UK_EXPECT_EQ(uk_syscall_r_setrlimit(16, (long)&lim), -EINVAL);
	UK_EXPECT_EQ(uk_syscall_r_setrlimit(16, BAD), -EFAULT);
	UK_EXPECT_EQ(uk_syscall_r_getrlimit(16, (long)&lim), -EINVAL);
	UK_EXPECT_EQ(uk_syscall_r_getrlimit(0, BAD), -EFAULT);
	UK_EXPECT_EQ(uk_syscall_r_prlimit64(NOBODY, 0, 0, (long)&lim), -ESRCH);
	UK_EXPECT_EQ(uk_syscall_r_prlimit64(0, 0, BAD, 0), -EFAULT);
	UK_EXPECT_EQ(uk_syscall_r_prlimit64(0, 0, 0, BAD), -EFAULT);
}

#if UK_IS_ENABLED(CONFIG_ARCH_X86_64)
UK_TEST(task, the_thread_pointer_can_be_set_and_gs_cannot)
{
	unsigned long before, now;

	UK_EXPECT_EQ(uk_syscall_r_arch_prctl(0x1003, (long)&before), 0);
	UK_EXPECT_EQ(uk_syscall_r_arch_prctl(0x1002, 0x12340000), 0);
	uk_sched_yield();
	UK_EXPECT_EQ(uk_syscall_r_arch_prctl(0x1003, (long)&now), 0);
	UK_EXPECT_EQ(uk_syscall_r_arch_prctl(0x1002, (long)before), 0);
	UK_EXPECT_EQ(now, 0x12340000);
	UK_EXPECT_EQ(uk_syscall_r_arch_prctl(0x1002, 0x7123456789abcdef),
		     -EPERM);
	UK_EXPECT_EQ(uk_syscall_r_arch_prctl(0x1003, BAD), -EFAULT);
	UK_EXPECT_EQ(uk_syscall_r_arch_prctl(0x1001, 0), -EPERM);
	UK_EXPECT_EQ(uk_syscall_r_arch_prctl(0x1004, (long)&now), -EPERM);
	UK_EXPECT_EQ(uk_syscall_r_arch_prctl(0x1234, 0), -EINVAL);
}
#endif

UK_TEST(task, a_slice_is_told_if_there_is_one)
{
	struct uk_abi_timespec ts = { -1, -1 };

	UK_EXPECT_EQ(uk_syscall_r_sched_rr_get_interval(-1, BAD), -EINVAL);
	UK_EXPECT_EQ(uk_syscall_r_sched_rr_get_interval(NOBODY, BAD), -ESRCH);
	UK_EXPECT_EQ(uk_syscall_r_sched_rr_get_interval(0, BAD), -EFAULT);
	UK_EXPECT_EQ(uk_syscall_r_sched_rr_get_interval(1, (long)&ts), 0);
	UK_EXPECT_EQ(ts.tv_sec, 0);
	UK_EXPECT_EQ(ts.tv_nsec > 0, UK_IS_ENABLED(CONFIG_LIBUKSCHEDSMP));
}
