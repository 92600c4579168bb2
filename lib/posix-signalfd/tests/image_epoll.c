/* SPDX-License-Identifier: BSD-3-Clause */
/* Threads that wait for signals in epoll_wait(2). */
#include <uk/abi/epoll.h>
#include <uk/abi/poll.h>
#include <uk/abi/signalfd.h>
#include <uk/task.h>
#include <uk/test.h>
#include <uk/test_fd.h>
#include <uk/test_file.h>
#include <uk/test_signal.h>
#include <uk/thread.h>

#define BIT(sig)	UK_ABI_SIGBIT(sig)
#define USR1		UK_ABI_SIGUSR1

static int make(long *ep)
{
	const uint64_t mask = BIT(USR1);
	const long fd = uk_syscall_r_signalfd4(-1, (long)&mask, 8,
					       UK_ABI_SFD_NONBLOCK);
	struct uk_abi_epoll_event e = { UK_ABI_POLLIN, 1 };

	*ep = uk_syscall_r_epoll_create1(0);
	UK_EXPECT_EQ(uk_syscall_r_epoll_ctl(*ep, UK_ABI_EPOLL_CTL_ADD, fd,
					    (long)&e), 0);
	uk_test_set_mask(mask);
	return (int)fd;
}

static void end(int fd, long ep)
{
	uk_test_close(fd);
	uk_test_close((int)ep);
	uk_test_set_mask(0);
}

struct waiter {
	long ep;
	int timeout_ms;
	long rc;
};

static void wait_for_it(void *arg)
{
	struct waiter *const w = arg;
	struct uk_abi_epoll_event e;

	w->rc = uk_syscall_r_epoll_pwait(w->ep, (long)&e, 1, w->timeout_ms, 0,
					 8);
}

static int tid_of(const struct uk_thread *t)
{
	return ((struct uk_task *)t->cur.task)->tid;
}

UK_TEST(signalfd_epoll, a_thread_that_waits_there_is_woken_by_its_signal)
{
	struct waiter w = { .timeout_ms = -1 };
	const int fd = make(&w.ep);
	struct uk_thread *const t = uk_test_spawn(wait_for_it, &w);

	uk_test_until_it_waits(t);
	UK_EXPECT_EQ(uk_syscall_r_tkill(tid_of(t), USR1), 0);
	uk_thread_join(t);
	UK_EXPECT_EQ(w.rc, 1);
	/* It went with its thread. */
	UK_EXPECT_EQ(uk_test_events(fd), 0);
	end(fd, w.ep);
}

/* The file is looked at for who waits, whoever has put it in. */
UK_TEST(signalfd_epoll, it_is_not_told_of_another_threads_signal)
{
	struct waiter w = { .timeout_ms = 20 };
	struct uk_abi_siginfo info;
	const int fd = make(&w.ep);
	struct uk_thread *const t = uk_test_spawn(wait_for_it, &w);

	uk_test_until_it_waits(t);
	UK_EXPECT_EQ(uk_test_raise_one(USR1), 0);
	uk_thread_join(t);
	UK_EXPECT_EQ(w.rc, 0);
	UK_EXPECT_EQ(uk_test_events(fd), UK_FILE_IN);
	UK_EXPECT_EQ(uk_syscall_r_rt_sigtimedwait((long)&(uint64_t){
				BIT(USR1) }, (long)&info, 0, 8), USR1);
	end(fd, w.ep);
}
