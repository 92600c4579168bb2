/* SPDX-License-Identifier: BSD-3-Clause */
/* Several threads at once, which are on several CPUs where there are some. */
#include <stddef.h>
#include <stdint.h>

#include <uk/abi/epoll.h>
#include <uk/errno.h>
#include <uk/fdtab.h>
#include <uk/sched.h>
#include <uk/syscall.h>
#include <uk/test.h>
#include <uk/test_file.h>
#include <uk/time.h>

#include "epoll_calls.h"

#define MS	UK_TIME_NS_PER_MS

#define NTHREADS	4u
#define NEVENTS		6u
#define EACH		2000u

/* What the threads of a case share. */
static struct {
	int ep;
	int ev[NEVENTS];
	int end;		/* raised for good: they are to end */
	uint32_t ntaken;	/* atomic */
	uint32_t nfailed;	/* atomic */
	uint32_t stop;		/* atomic */
} our;

static void count(uint32_t *what, uint32_t n)
{
	__atomic_fetch_add(what, n, __ATOMIC_RELAXED);
}

static bool stopped(void)
{
	return __atomic_load_n(&our.stop, __ATOMIC_ACQUIRE);
}

static void begin(uint32_t how)
{
	our.ep = make_epoll();
	our.ntaken = our.nfailed = our.stop = 0;
	our.end = make_event(0);
	UK_EXPECT_EQ(add(our.ep, our.end, IN), 0);
	for (unsigned int i = 0; i < NEVENTS; i++) {
		our.ev[i] = make_event(0);
		UK_EXPECT_EQ(add(our.ep, our.ev[i], IN | how), 0);
	}
}

static void finish(struct uk_thread **t)
{
	__atomic_store_n(&our.stop, 1, __ATOMIC_RELEASE);
	raise(our.end);
	for (unsigned int i = 0; i < NTHREADS; i++)
		uk_thread_join(t[i]);
	for (unsigned int i = 0; i < NEVENTS; i++)
		shut(our.ev[i]);
	shut(our.end);
	shut(our.ep);
}

/* Take what an event has; it may be another thread's by now. */
static void take_from(int fd)
{
	uint64_t n = 0;
	const long rc = uk_test_read(fd, &n, sizeof(n));

	if (rc == 8)
		count(&our.ntaken, (uint32_t)n);
	else if (rc != -EAGAIN)
		count(&our.nfailed, 1);
}

/* Wait, take, and, if it was told once, ask for more. */
static void work(void *arg)
{
	const uint32_t how = (uint32_t)(uintptr_t)arg;
	struct uk_abi_epoll_event e[2];

	for (;;) {
		const long n = uk_syscall_r_epoll_wait(our.ep, L(e), 2, -1);

		if (n < 1)
			count(&our.nfailed, 1);
		for (long i = 0; i < n; i++) {
			const int fd = (int)e[i].data;

			if (fd == our.end)
				return;
			take_from(fd);
			if (how & ONESHOT)
				(void)mod(our.ep, fd, IN | how);
		}
	}
}

/* Raise all of the events, again and again, and see all of it taken. */
static void give_and_take(uint32_t how)
{
	const uint64_t give_up_ns = uk_time_now() + 60000 * MS;
	struct uk_thread *t[NTHREADS];

	begin(how);
	for (unsigned int i = 0; i < NTHREADS; i++)
		t[i] = uk_test_spawn(work, (void *)(uintptr_t)how);
	for (unsigned int i = 0; i < EACH; i++) {
		for (unsigned int k = 0; k < NEVENTS; k++)
			raise(our.ev[k]);
		if (i % 16 == 0)
			uk_sched_yield();
	}
	while (__atomic_load_n(&our.ntaken, __ATOMIC_RELAXED) !=
	       EACH * NEVENTS && uk_time_now() < give_up_ns)
		uk_sched_thread_sleep(MS);
	UK_EXPECT_EQ(our.ntaken, EACH * NEVENTS);
	UK_EXPECT_EQ(our.nfailed, 0);
	finish(t);
}

UK_TEST(epoll_threads, nothing_is_missed_with_levels)
{
	give_and_take(0);
}

UK_TEST(epoll_threads, nothing_is_missed_with_edges)
{
	give_and_take(ET);
}

UK_TEST(epoll_threads, nothing_is_missed_with_one_shots)
{
	give_and_take(ONESHOT | ET);
}

/* Adds, changes and deletes one of the events. */
static void change(void *arg)
{
	const int fd = our.ev[(uintptr_t)arg];
	unsigned int i = 0;

	while (!stopped()) {
		if (mod(our.ep, fd, i++ % 2 ? IN : IN | ET) < 0 ||
		    del(our.ep, fd) < 0 || add(our.ep, fd, IN) < 0)
			count(&our.nfailed, 1);
		uk_sched_yield();
	}
}

UK_TEST(epoll_threads, items_change_while_one_waits_for_them)
{
	struct uk_abi_epoll_event e[NEVENTS];
	struct uk_thread *t[NTHREADS];
	unsigned int ntold = 0;

	begin(0);
	for (uintptr_t i = 0; i < NTHREADS; i++)
		t[i] = uk_test_spawn(change, (void *)i);
	for (unsigned int i = 0; i < EACH; i++) {
		raise(our.ev[i % NEVENTS]);
		ntold += uk_syscall_r_epoll_wait(our.ep, L(e), NEVENTS, -1) >
			 0;
		take_from(our.ev[i % NEVENTS]);
	}
	UK_EXPECT_EQ(ntold, EACH);
	UK_EXPECT_EQ(our.ntaken, EACH);
	UK_EXPECT_EQ(our.nfailed, 0);
	finish(t);
}

/* Opens events, has them told, and closes them; also inside another epoll. */
static void come_and_go(void *arg UK_UNUSED)
{
	struct uk_abi_epoll_event e[1];
	const int in = make_epoll();

	while (!stopped()) {
		const int ev = make_event(1);

		if (add(our.ep, ev, IN | ET) < 0 || add(in, ev, IN) < 0 ||
		    tell(in, e, 1) != 1)
			count(&our.nfailed, 1);
		uk_sched_yield();
		shut(ev);
		if (tell(in, e, 1) != 0)
			count(&our.nfailed, 1);
		uk_sched_yield();
	}
	shut(in);
}

UK_TEST(epoll_threads, files_end_while_one_waits_for_them)
{
	struct uk_abi_epoll_event e[3];
	struct uk_thread *t[NTHREADS];
	unsigned int ntold = 0;

	begin(0);
	for (unsigned int i = 0; i < NTHREADS; i++)
		t[i] = uk_test_spawn(come_and_go, NULL);
	for (unsigned int i = 0; i < EACH; i++) {
		const long n = tell(our.ep, e, 3);

		UK_EXPECT_GE(n, 0);
		ntold += n > 0;
		uk_sched_yield();
	}
	UK_EXPECT_GT(ntold, 0);
	UK_EXPECT_EQ(our.nfailed, 0);
	finish(t);
}

/* What two threads end at the same time, in rounds. */
static struct {
	int ep, outer;
	uint32_t round;		/* atomic: begun */
	uint32_t ndone;		/* atomic: rounds ended by the other one */
} both;

static void end_epolls(void *arg UK_UNUSED)
{
	for (uint32_t i = 1; i <= EACH; i++) {
		while (__atomic_load_n(&both.round, __ATOMIC_ACQUIRE) != i)
			uk_sched_yield();
		shut(both.ep);
		shut(both.outer);
		__atomic_store_n(&both.ndone, i, __ATOMIC_RELEASE);
	}
}

UK_TEST(epoll_threads, an_epoll_and_its_files_end_at_the_same_time)
{
	struct uk_thread *t;
	int ev[3], in;

	both.round = both.ndone = 0;
	t = uk_test_spawn(end_epolls, NULL);
	for (uint32_t i = 1; i <= EACH; i++) {
		both.ep = make_epoll();
		both.outer = make_epoll();
		in = make_epoll();
		for (int k = 0; k < 3; k++) {
			ev[k] = make_event(1);
			UK_EXPECT_EQ(add(both.ep, ev[k], IN), 0);
		}
		UK_EXPECT_EQ(add(in, ev[0], IN), 0);
		UK_EXPECT_EQ(add(both.ep, in, IN), 0);
		UK_EXPECT_EQ(add(both.outer, both.ep, IN), 0);
		__atomic_store_n(&both.round, i, __ATOMIC_RELEASE);
		for (int k = 0; k < 3; k++) {
			raise(ev[k]);
			shut(ev[k]);
		}
		shut(in);
		while (__atomic_load_n(&both.ndone, __ATOMIC_ACQUIRE) != i)
			uk_sched_yield();
	}
	uk_thread_join(t);
}
