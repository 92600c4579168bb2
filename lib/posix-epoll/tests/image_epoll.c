/* SPDX-License-Identifier: BSD-3-Clause */
/* Threads that wait in epoll, memory that there is none of, many items. */
#include <stddef.h>
#include <stdint.h>

#include <uk/abi/epoll.h>
#include <uk/config.h>
#include <uk/errno.h>
#include <uk/fdtab.h>
#include <uk/sched.h>
#include <uk/syscall.h>
#include <uk/test.h>
#include <uk/test_file.h>
#include <uk/time.h>
#include <uk/waitmask.h>

#include "epoll_calls.h"

#define MS	UK_TIME_NS_PER_MS

/* An epoll_wait(2) of another thread. */
struct job {
	int ep;
	int timeout_ms;
	struct uk_abi_epoll_event e[4];
	long rc;
	struct uk_thread *t;
};

static void do_wait(void *arg)
{
	struct job *const j = arg;

	j->rc = uk_syscall_r_epoll_wait(j->ep, L(j->e), 4, j->timeout_ms);
}

/* @j waits from now on. */
static void start_job(struct job *j, int ep, int timeout_ms)
{
	*j = (struct job){ .ep = ep, .timeout_ms = timeout_ms, .rc = 99 };
	j->t = uk_test_spawn(do_wait, j);
	uk_sched_thread_sleep(2 * MS);
	UK_EXPECT_EQ(j->rc, 99);
}

/* It has ended, or ends now. */
static long end_job(struct job *j)
{
	uk_thread_join(j->t);
	return j->rc;
}

UK_TEST(epoll, a_wait_ends_with_what_comes_is_added_or_changed)
{
	const int ep = make_epoll(), ev = make_event(0), full = make_event(1);
	struct job j;

	UK_EXPECT_EQ(add(ep, ev, IN), 0);
	start_job(&j, ep, -1);
	raise(ev);
	UK_EXPECT_EQ(end_job(&j), 1);
	UK_EXPECT_EQ(j.e[0].data, ev);
	take(ev);
	start_job(&j, ep, -1);
	UK_EXPECT_EQ(add(ep, full, IN | ET), 0);
	UK_EXPECT_EQ(end_job(&j), 1);
	UK_EXPECT_EQ(j.e[0].data, full);
	start_job(&j, ep, -1);
	UK_EXPECT_EQ(mod(ep, ev, OUT), 0);
	UK_EXPECT_EQ(end_job(&j), 1);
	UK_EXPECT_EQ(j.e[0].events, OUT);
	shut(full);
	shut(ev);
	shut(ep);
}

UK_TEST(epoll, a_wait_lasts_as_long_as_it_was_asked_to)
{
	const int ep = make_epoll(), ev = make_event(0);
	struct uk_abi_epoll_event e;
	const uint64_t begin_ns = uk_time_now();

	UK_EXPECT_EQ(add(ep, ev, IN), 0);
	UK_EXPECT_EQ(uk_syscall_r_epoll_wait(ep, L(&e), 1, 3), 0);
	UK_EXPECT_GE(uk_time_now(), begin_ns + 3 * MS);
	UK_EXPECT_LT(uk_time_now(), begin_ns + 5000 * MS);
	shut(ev);
	shut(ep);
}

UK_TEST(epoll, a_thread_that_is_asked_for_ends_its_wait)
{
	const int ep = make_epoll(), ev = make_event(0);
	struct job j;

	UK_EXPECT_EQ(add(ep, ev, IN), 0);
	start_job(&j, ep, -1);
	uk_test_interrupt(j.t);
	UK_EXPECT_EQ(end_job(&j), -EINTR);
	shut(ev);
	shut(ep);
}

UK_TEST(epoll, an_epoll_that_is_closed_while_one_waits_is_there_to_the_end)
{
	const int ep = make_epoll(), ev = make_event(0);
	struct job j;

	UK_EXPECT_EQ(add(ep, ev, IN), 0);
	start_job(&j, ep, -1);
	shut(ep);
	UK_EXPECT_EQ(tell(ep, j.e, 1), -EBADF);
	raise(ev);
	UK_EXPECT_EQ(end_job(&j), 1);
	UK_EXPECT_EQ(j.e[0].data, ev);
	/* With it the epoll ended; nobody hears of this. */
	raise(ev);
	shut(ev);
}

UK_TEST(epoll, who_waits_for_an_outer_one_hears_of_the_innermost)
{
	int ep[5];
	const int ev = make_event(0);
	struct job j;

	for (int i = 0; i < 5; i++) {
		ep[i] = make_epoll();
		UK_EXPECT_EQ(add(ep[i], i ? ep[i - 1] : ev, IN), 0);
	}
	start_job(&j, ep[4], -1);
	raise(ev);
	UK_EXPECT_EQ(end_job(&j), 1);
	UK_EXPECT_EQ(j.e[0].data, ep[3]);
	/* They end from within, and nothing is left that refers to them. */
	for (int i = 0; i < 5; i++)
		shut(ep[i]);
	shut(ev);
}

UK_TEST(epoll, one_event_wakes_one_of_those_who_wait)
{
	const int ep = make_epoll();
	struct job j[4];
	unsigned int n = 0;
	int ev[4];

	for (int i = 0; i < 4; i++) {
		ev[i] = make_event(0);
		UK_EXPECT_EQ(add(ep, ev[i], IN | ET), 0);
	}
	for (int i = 0; i < 4; i++)
		start_job(&j[i], ep, -1);
	raise(ev[0]);
	uk_sched_thread_sleep(5 * MS);
	for (int i = 0; i < 4; i++)
		n += j[i].rc == 1;
	UK_EXPECT_EQ(n, 1);
	for (int i = 1; i < 4; i++) {
		raise(ev[i]);
		uk_sched_thread_sleep(2 * MS);
	}
	for (int i = 0; i < 4; i++) {
		UK_EXPECT_EQ(end_job(&j[i]), 1);
		shut(ev[i]);
	}
	shut(ep);
}

UK_TEST(epoll, of_exclusive_epolls_one_wakes)
{
	struct uk_test_file p;
	const int fd = uk_test_file_open(&p);
	struct job j[3];
	unsigned int n = 0;
	int ep[3];

	for (int i = 0; i < 3; i++) {
		ep[i] = make_epoll();
		UK_EXPECT_EQ(add(ep[i], fd, IN | ET | EXCLUSIVE), 0);
		start_job(&j[i], ep[i], -1);
	}
	for (unsigned int i = 1; i <= 3; i++) {
		uk_test_file_wake(&p, UK_FILE_IN);
		uk_sched_thread_sleep(5 * MS);
		n = 0;
		for (int k = 0; k < 3; k++)
			n += j[k].rc == 1;
		UK_EXPECT_EQ(n, i);
	}
	/* Where nobody waits, all know of it. */
	for (int i = 0; i < 3; i++) {
		UK_EXPECT_EQ(end_job(&j[i]), 1);
		UK_EXPECT_EQ(now(ep[i]), 0);
	}
	uk_test_file_wake(&p, UK_FILE_IN);
	for (int i = 0; i < 3; i++) {
		UK_EXPECT_EQ(now(ep[i]), fd);
		shut(ep[i]);
	}
	shut(fd);
	UK_EXPECT_EQ(p.nreleases, 1);
}

UK_TEST(epoll, a_kind_that_tells_no_events_is_refused)
{
	const int ep = make_epoll();
	struct uk_test_file p = { .nreleases = 0 };
	const int fd = uk_test_file_open_always(&p);

	UK_EXPECT_EQ(add(ep, fd, IN), -EPERM);
	UK_EXPECT_EQ(del(ep, fd), -EPERM);
	/* Before it is seen that this is no epoll. */
	UK_EXPECT_EQ(add(fd, fd, IN), -EPERM);
	shut(fd);
	UK_EXPECT_EQ(p.nreleases, 1);
	shut(ep);
}

UK_TEST(epoll, where_memory_ends_a_call_fails_as_a_whole)
{
	const int ep = make_epoll(), in = make_epoll(), ev = make_event(1);
	int fds[40];

	uk_test_fail_nth(1);
	UK_EXPECT_EQ(uk_syscall_r_epoll_create1(0), -ENOMEM);
	uk_test_fail_nth(1);
	UK_EXPECT_EQ(add(ep, ev, IN), -ENOMEM);
	uk_test_fail_nth(1);
	UK_EXPECT_EQ(add(ep, in, IN), -ENOMEM);
	uk_test_fail_nth(0);
	UK_EXPECT_EQ(now(ep), 0);
	UK_EXPECT_EQ(del(ep, ev), -ENOENT);
	UK_EXPECT_EQ(add(in, ep, IN), 0);
	/* A table that cannot grow holds its items all the same. */
	for (int i = 0; i < 40; i++) {
		fds[i] = (int)uk_syscall_r_dup(ev);
		uk_test_fail_nth(2);
		UK_EXPECT_EQ(add(ep, fds[i], IN), 0);
		uk_test_fail_nth(0);
	}
	for (int i = 0; i < 40; i++) {
		UK_EXPECT_EQ(add(ep, fds[i], IN), -EEXIST);
		if (i % 2)
			UK_EXPECT_EQ(del(ep, fds[i]), 0);
		shut(fds[i]);
	}
	shut(ev);
	shut(in);
	shut(ep);
}

UK_TEST(epoll, with_no_number_free_there_is_no_epoll)
{
	const int ep = make_epoll();

	uk_fd_set_limit((unsigned int)ep + 1);
	UK_EXPECT_EQ(uk_syscall_r_epoll_create1(0), -EMFILE);
	uk_fd_set_limit(~0u);
	shut(ep);
}

static unsigned int nmasks;

static void swap(uint64_t mask)
{
	nmasks += mask == 5;
}

static void restore(bool interrupted UK_UNUSED)
{
	nmasks += 100;
}

UK_TEST(epoll, a_mask_of_signals_is_there_for_the_call_or_it_is_refused)
{
	static const struct uk_waitmask_ops mine = { swap, restore };
	const struct uk_waitmask_ops *const was = uk_waitmask_register(NULL);
	const int ep = make_epoll();
	struct uk_abi_epoll_event e;
	const uint64_t mask = 5;

	UK_EXPECT_EQ(uk_syscall_r_epoll_pwait(ep, L(&e), 1, 0, L(&mask), 8),
		     -ENOSYS);
	(void)uk_waitmask_register(&mine);
	UK_EXPECT_EQ(uk_syscall_r_epoll_pwait(ep, L(&e), 1, 0, L(&mask), 8),
		     0);
	UK_EXPECT_EQ(nmasks, 101);
	(void)uk_waitmask_register(was);
	shut(ep);
}

/* Numbers of each of so many files: 100,000 items, with the usual table. */
#define NFILES		108u
#define NNUMBERS	926u

/* A file under all of the numbers from @base on, and these added. */
static void add_all(int ep, struct uk_test_file *p, int base)
{
	const int fd = uk_test_file_open(p);

	for (unsigned int i = 0; i < NNUMBERS; i++) {
		UK_EXPECT_EQ(uk_syscall_r_dup3(fd, base + (int)i, 0),
			     base + (int)i);
		UK_EXPECT_EQ(add(ep, base + (int)i, IN | ET), 0);
	}
	/* This keeps it open. */
	uk_file_get(&p->file);
	shut(fd);
}

static long tell_all(int ep)
{
	static struct uk_abi_epoll_event e[NNUMBERS];

	return tell(ep, e, NNUMBERS);
}

UK_TEST(epoll, of_a_hundred_thousand_items_those_that_are_ready_are_told)
{
	static struct uk_test_file p[NFILES];
	const int base = CONFIG_LIBPOSIX_FDTAB_MAX - (int)NNUMBERS;
	const int ep = make_epoll();
	uint64_t idle_ns, begin_ns;

	for (unsigned int i = 0; i < NFILES; i++)
		add_all(ep, &p[i], base);
	begin_ns = uk_time_now();
	UK_EXPECT_EQ(tell_all(ep), 0);
	idle_ns = uk_time_now() - begin_ns;
	/* Not that it looks at all of them. */
	UK_EXPECT_LT(idle_ns, 20 * MS);
	uk_test_file_wake(&p[7], UK_FILE_IN);
	UK_EXPECT_EQ(tell_all(ep), NNUMBERS);
	UK_EXPECT_EQ(tell_all(ep), 0);
	/* The last file is under the numbers still. */
	UK_EXPECT_EQ(del(ep, base), 0);
	uk_test_file_wake(&p[NFILES - 1], UK_FILE_IN);
	UK_EXPECT_EQ(tell_all(ep), NNUMBERS - 1);
	for (unsigned int i = 0; i < NFILES / 2; i++)
		uk_file_put(&p[i].file);
	for (unsigned int i = 0; i < NFILES / 2; i++)
		UK_EXPECT_EQ(p[i].nreleases, 1);
	/* The epoll ends before the others. */
	shut(ep);
	for (unsigned int i = NFILES / 2; i < NFILES; i++)
		uk_test_file_wake(&p[i], UK_FILE_IN);
	UK_EXPECT_EQ(uk_syscall_r_close_range(base, ~0u, 0), 0);
	for (unsigned int i = NFILES / 2; i < NFILES; i++) {
		uk_file_put(&p[i].file);
		UK_EXPECT_EQ(p[i].nreleases, 1);
	}
}
