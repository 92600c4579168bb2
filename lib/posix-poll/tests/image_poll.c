/* SPDX-License-Identifier: BSD-3-Clause */
/* Threads that wait in poll and select, and memory that there is none of. */
#include <limits.h>
#include <stddef.h>
#include <stdint.h>

#include <uk/abi/poll.h>
#include <uk/abi/time.h>
#include <uk/config.h>
#include <uk/errno.h>
#include <uk/fdtab.h>
#include <uk/sched.h>
#include <uk/syscall.h>
#include <uk/test.h>
#include <uk/test_file.h>
#include <uk/time.h>
#include <uk/waitmask.h>

#include "poll_calls.h"

#define MS	UK_TIME_NS_PER_MS

#define IN	UK_ABI_POLLIN
#define OUT	UK_ABI_POLLOUT
#define HUP	UK_ABI_POLLHUP

/* More than are watched in one piece. */
#define MANY	200

/* A poll(2) of another thread. */
struct job {
	struct uk_abi_pollfd p[MANY];
	unsigned int n;
	long timeout_ms;
	struct uk_abi_timespec ts;
	uint64_t set;
	long rc;
};

static struct job job;

static void do_poll(void *arg UK_UNUSED)
{
	job.rc = uk_syscall_r_poll(L(job.p), job.n, job.timeout_ms);
}

static void do_ppoll(void *arg UK_UNUSED)
{
	job.rc = uk_syscall_r_ppoll(L(job.p), job.n, L(&job.ts), 0, 8);
}

static void do_select(void *arg UK_UNUSED)
{
	job.rc = uk_syscall_r_pselect6(64, L(&job.set), 0, 0, L(&job.ts), 0);
}

/* It waits from now on. */
static struct uk_thread *start_job(uk_thread_fn1_t fn, unsigned int n)
{
	struct uk_thread *t;

	job.n = n;
	job.timeout_ms = -1;
	job.rc = 99;
	t = uk_test_spawn(fn, NULL);
	uk_sched_thread_sleep(2 * MS);
	UK_EXPECT_EQ(job.rc, 99);
	return t;
}

UK_TEST(poll, whichever_of_many_files_is_ready_ends_the_wait)
{
	const int quiet = make_event(0);
	int ev;

	for (unsigned int at = 0; at < MANY; at += MANY / 3) {
		struct uk_thread *t;

		ev = make_event(0);
		for (unsigned int i = 0; i < MANY; i++)
			job.p[i] = (struct uk_abi_pollfd){
				i == at ? ev : i % 3 ? quiet : -1, IN, 1 };
		t = start_job(do_poll, MANY);
		raise(ev);
		uk_thread_join(t);
		UK_EXPECT_EQ(job.rc, 1);
		for (unsigned int i = 0; i < MANY; i++)
			UK_EXPECT_EQ(job.p[i].revents, i == at ? IN : 0);
		shut(ev);
	}
	shut(quiet);
}

UK_TEST(poll, an_end_and_a_second_name_of_an_event_end_the_wait)
{
	struct uk_thread *t;
	int fd[2];

	make_pipe(fd);
	job.p[0] = (struct uk_abi_pollfd){ fd[0], UK_ABI_POLLRDNORM, 0 };
	t = start_job(do_poll, 1);
	UK_EXPECT_EQ(uk_test_write(fd[1], "x", 1), 1);
	uk_thread_join(t);
	UK_EXPECT_EQ(job.p[0].revents, UK_ABI_POLLRDNORM);
	job.p[0].events = 0;
	t = start_job(do_poll, 1);
	shut(fd[1]);
	uk_thread_join(t);
	UK_EXPECT_EQ(job.p[0].revents, HUP);
	shut(fd[0]);
}

UK_TEST(poll, a_file_that_is_closed_meanwhile_is_waited_for_to_the_end)
{
	struct uk_test_file p;
	struct uk_thread *t;
	const int fd = uk_test_file_open(&p);

	job.p[0] = (struct uk_abi_pollfd){ fd, IN, 0 };
	t = start_job(do_poll, 1);
	shut(fd);
	UK_EXPECT_EQ(p.nreleases, 0);
	uk_test_file_wake(&p, UK_FILE_IN);
	uk_thread_join(t);
	UK_EXPECT_EQ(job.rc, 1);
	UK_EXPECT_EQ(p.nreleases, 1);
}

UK_TEST(poll, a_wait_lasts_as_long_as_it_was_asked_to)
{
	struct uk_abi_timespec ts = { 0, 3000000 };
	const uint64_t begin_ns = uk_time_now();
	struct uk_abi_pollfd p = { -1, IN, 1 };

	UK_EXPECT_EQ(uk_syscall_r_poll(0, 0, 3), 0);
	UK_EXPECT_GE(uk_time_now(), begin_ns + 3 * MS);
	UK_EXPECT_EQ(uk_syscall_r_poll(L(&p), 1, 3), 0);
	UK_EXPECT_GE(uk_time_now(), begin_ns + 6 * MS);
	UK_EXPECT_EQ(uk_syscall_r_ppoll(0, 0, L(&ts), 0, 0), 0);
	UK_EXPECT_GE(uk_time_now(), begin_ns + 9 * MS);
	ts.tv_nsec = 3000000;
	UK_EXPECT_EQ(uk_syscall_r_pselect6(0, 0, 0, 0, L(&ts), 0), 0);
	UK_EXPECT_GE(uk_time_now(), begin_ns + 12 * MS);
	UK_EXPECT_LT(uk_time_now(), begin_ns + 5000 * MS);
}

UK_TEST(poll, a_thread_that_is_asked_for_ends_its_call)
{
	const int ev = make_event(0);
	struct uk_thread *t;

	job.p[0] = (struct uk_abi_pollfd){ ev, IN, 0 };
	job.ts = (struct uk_abi_timespec){ INT64_MAX, 0 };
	t = start_job(do_ppoll, 1);
	uk_test_interrupt(t);
	uk_thread_join(t);
	UK_EXPECT_EQ(job.rc, -EINTR);
	UK_EXPECT_LT(job.ts.tv_sec, INT64_MAX);
	job.set = UINT64_C(1) << ev;
	job.ts = (struct uk_abi_timespec){ 10, 0 };
	t = start_job(do_select, 0);
	uk_test_interrupt(t);
	uk_thread_join(t);
	UK_EXPECT_EQ(job.rc, -EINTR);
	UK_EXPECT_EQ(job.set, UINT64_C(1) << ev);
	UK_EXPECT_EQ(job.ts.tv_sec, 9);
	shut(ev);
}

UK_TEST(poll, select_waits_and_tells_what_came)
{
	const int a = make_event(0), b = make_event(0);
	struct uk_thread *t;

	job.set = UINT64_C(1) << a | UINT64_C(1) << b;
	job.ts = (struct uk_abi_timespec){ 10, 0 };
	t = start_job(do_select, 0);
	raise(b);
	uk_thread_join(t);
	UK_EXPECT_EQ(job.rc, 1);
	UK_EXPECT_EQ(job.set, UINT64_C(1) << b);
	shut(a);
	shut(b);
}

UK_TEST(poll, a_kind_that_tells_no_events_is_always_ready)
{
	struct uk_test_file p = { .nreleases = 0 };
	struct uk_abi_pollfd f = { uk_test_file_open_always(&p), -1, 0 };

	UK_EXPECT_EQ(uk_syscall_r_poll(L(&f), 1, -1), 1);
	UK_EXPECT_EQ(f.revents, IN | OUT | UK_ABI_POLLRDNORM |
				UK_ABI_POLLWRNORM);
	shut(f.fd);
	UK_EXPECT_EQ(p.nreleases, 1);
}

UK_TEST(poll, as_many_entries_as_the_limit_of_numbers_and_no_more)
{
	const int ev = make_event(1);
	struct uk_abi_pollfd p[4];

	for (unsigned int i = 0; i < 4; i++)
		p[i] = (struct uk_abi_pollfd){ ev, IN, 0 };
	uk_fd_set_limit(3);
	UK_EXPECT_EQ(uk_syscall_r_poll(L(p), 4, 0), -EINVAL);
	UK_EXPECT_EQ(uk_syscall_r_poll(L(p), 3, 0), 3);
	uk_fd_set_limit(UINT_MAX);
	UK_EXPECT_EQ(uk_syscall_r_poll(BAD, uk_fd_limit() + 1, 0), -EINVAL);
	UK_EXPECT_EQ(uk_syscall_r_poll(BAD, uk_fd_limit(), 0), -EFAULT);
	shut(ev);
}

UK_TEST(poll, where_memory_ends_nothing_stays_borrowed)
{
	static struct uk_abi_pollfd p[MANY];
	struct uk_test_file file;
	const int fd = uk_test_file_open(&file);
	unsigned int nth = 0;
	long rc;

	for (unsigned int i = 0; i < MANY; i++)
		p[i] = (struct uk_abi_pollfd){ fd, IN, 0 };
	do {
		uk_test_fail_nth(++nth);
		rc = uk_syscall_r_poll(L(p), MANY, 1);
		uk_test_fail_nth(0);
		UK_EXPECT(rc == -ENOMEM || rc == 0);
	} while (rc < 0);
	UK_EXPECT_GT(nth, 3);
	/* Who need not wait needs none. */
	uk_test_fail_nth(1);
	UK_EXPECT_EQ(uk_syscall_r_poll(L(p), MANY, 0), 0);
	file.events = UK_FILE_IN;
	UK_EXPECT_EQ(uk_syscall_r_poll(L(p), MANY, -1), MANY);
	uk_test_fail_nth(0);
	shut(fd);
	UK_EXPECT_EQ(file.nreleases, 1);
}

UK_TEST(poll, select_without_memory_leaves_its_sets)
{
	static uint64_t set[CONFIG_LIBPOSIX_FDTAB_MAX / 64 + 1];
	struct uk_abi_timespec ts = { 0, 1000000 };
	struct uk_test_file file;
	const int fd = uk_test_file_open(&file);
	unsigned int nth = 0;
	long rc;

	set[0] = UINT64_C(1) << fd;
	do {
		uk_test_fail_nth(++nth);
		rc = uk_syscall_r_pselect6(CONFIG_LIBPOSIX_FDTAB_MAX, L(set), 0,
					   0, L(&ts), 0);
		uk_test_fail_nth(0);
		UK_EXPECT_EQ(set[0], rc < 0 ? UINT64_C(1) << fd : 0);
		ts.tv_nsec = 1000000;
	} while (rc == -ENOMEM);
	UK_EXPECT_EQ(rc, 0);
	UK_EXPECT_EQ(nth, 3);
	/* Numbers that no table has are none. */
	set[0] = UINT64_C(1) << fd;
	file.events = UK_FILE_IN;
	UK_EXPECT_EQ(uk_syscall_r_pselect6(INT_MAX, L(set), 0, 0, L(&ts), 0),
		     1);
	shut(fd);
	UK_EXPECT_EQ(file.nreleases, 1);
}

static unsigned int nswapped, nrestored;

static void swap(uint64_t mask UK_UNUSED)
{
	nswapped++;
}

static void restore(bool interrupted UK_UNUSED)
{
	nrestored++;
}

UK_TEST(poll, a_mask_of_signals_is_there_for_the_call_or_it_is_refused)
{
	static const struct uk_waitmask_ops mine = { swap, restore };
	const struct uk_waitmask_ops *const was = uk_waitmask_register(NULL);
	struct uk_abi_timespec ts = { 0, 0 };
	const uint64_t mask = 0;
	const struct uk_abi_sigset_arg sig = { &mask, 8 };

	UK_EXPECT_EQ(uk_syscall_r_ppoll(0, 0, L(&ts), L(&mask), 8), -ENOSYS);
	UK_EXPECT_EQ(uk_syscall_r_pselect6(0, 0, 0, 0, L(&ts), L(&sig)),
		     -ENOSYS);
	(void)uk_waitmask_register(&mine);
	nswapped = nrestored = 0;
	UK_EXPECT_EQ(uk_syscall_r_ppoll(0, 0, L(&ts), L(&mask), 8), 0);
	UK_EXPECT_EQ(uk_syscall_r_pselect6(-1, 0, 0, 0, L(&ts), L(&sig)),
		     -EINVAL);
	UK_EXPECT_EQ(nswapped, 2);
	UK_EXPECT_EQ(nrestored, 2);
	(void)uk_waitmask_register(was);
}

#define EACH	500u

static int there, back;

/* Polls, then takes: nothing is left out between the two. */
static void answer(void *arg UK_UNUSED)
{
	struct uk_abi_pollfd p = { there, IN, 0 };

	for (unsigned int i = 0; i < EACH; i++) {
		if (uk_syscall_r_poll(L(&p), 1, -1) != 1)
			return;
		take(there);
		raise(back);
	}
}

UK_TEST(poll, two_threads_that_poll_for_each_other_miss_nothing)
{
	struct uk_abi_pollfd p[2] = { { -1, IN, 0 } };
	struct uk_thread *t;

	there = make_event(0);
	back = make_event(0);
	t = uk_test_spawn(answer, NULL);
	p[1] = (struct uk_abi_pollfd){ back, IN, 0 };
	for (unsigned int i = 0; i < EACH; i++) {
		raise(there);
		UK_EXPECT_EQ(uk_syscall_r_poll(L(p), 2, -1), 1);
		take(back);
	}
	uk_thread_join(t);
	shut(there);
	shut(back);
}
