/* SPDX-License-Identifier: BSD-3-Clause */
/* What holds of signals in epoll(7), here and on Linux. */
#include <stdint.h>

#include <uk/abi/epoll.h>
#include <uk/abi/poll.h>
#include <uk/abi/signal.h>
#include <uk/abi/signalfd.h>
#include <uk/test.h>
#include <uk/test_fd.h>

#define BIT(sig)	UK_ABI_SIGBIT(sig)
#define USR1		UK_ABI_SIGUSR1
#define USR2		UK_ABI_SIGUSR2
#define IN		UK_ABI_POLLIN
#define ET		UK_ABI_EPOLLET

static void set_mask(uint64_t mask)
{
	UK_EXPECT_EQ(uk_syscall_r_rt_sigprocmask(UK_ABI_SIG_SETMASK,
						 (long)&mask, 0, 8), 0);
}

static long signalfd(long fd, uint64_t mask)
{
	return uk_syscall_r_signalfd4(fd, (long)&mask, 8,
				      UK_ABI_SFD_NONBLOCK);
}

static long add(long ep, long fd, uint32_t events)
{
	struct uk_abi_epoll_event e = { events, (uint64_t)fd };

	return uk_syscall_r_epoll_ctl(ep, UK_ABI_EPOLL_CTL_ADD, fd, (long)&e);
}

/* The item that is ready now, or 0. */
static long now(long ep)
{
	struct uk_abi_epoll_event e = { 0, 0 };
	const long n = uk_syscall_r_epoll_pwait(ep, (long)&e, 1, 0, 0, 8);

	UK_EXPECT_EQ(n, e.data != 0);
	UK_EXPECT_EQ(e.events, n ? IN : 0);
	return (long)e.data;
}

static void send(int sig)
{
	UK_EXPECT_EQ(uk_syscall_r_kill(uk_syscall_r_getpid(), sig), 0);
}

static void send_self(int sig)
{
	UK_EXPECT_EQ(uk_syscall_r_tkill(uk_syscall_r_gettid(), sig), 0);
}

/* The signal that is next, or an error. */
static long next(long fd)
{
	struct uk_abi_signalfd_siginfo got;
	const long n = uk_test_read((int)fd, &got, sizeof(got));

	return n < 0 ? n : (long)got.signo;
}

/* An epoll, and in it a file for @mask, which is blocked. */
struct pair {
	long ep, fd;
};

static struct pair begin(uint64_t mask, uint32_t events)
{
	struct pair p;

	set_mask(BIT(USR1) | BIT(USR2));
	p.ep = uk_syscall_r_epoll_create1(0);
	p.fd = signalfd(-1, mask);
	UK_EXPECT_GT(p.fd, 0);
	UK_EXPECT_EQ(add(p.ep, p.fd, events), 0);
	return p;
}

static void end(const struct pair *p)
{
	uk_test_close((int)p->fd);
	uk_test_close((int)p->ep);
	set_mask(0);
}

UK_TEST(signalfd_linux, epoll_tells_of_a_signal_as_long_as_it_waits)
{
	const struct pair p = begin(BIT(USR1), IN);

	UK_EXPECT_EQ(now(p.ep), 0);
	send(USR1);
	UK_EXPECT_EQ(now(p.ep), p.fd);
	UK_EXPECT_EQ(now(p.ep), p.fd);
	UK_EXPECT_EQ(next(p.fd), USR1);
	UK_EXPECT_EQ(now(p.ep), 0);
	send_self(USR1);
	UK_EXPECT_EQ(now(p.ep), p.fd);
	UK_EXPECT_EQ(next(p.fd), USR1);
	UK_EXPECT_EQ(now(p.ep), 0);
	end(&p);
}

UK_TEST(signalfd_linux, one_that_waits_already_is_told_at_once)
{
	struct pair p;

	set_mask(BIT(USR1));
	send(USR1);
	p = begin(BIT(USR1), IN);
	UK_EXPECT_EQ(now(p.ep), p.fd);
	UK_EXPECT_EQ(next(p.fd), USR1);
	end(&p);
}

UK_TEST(signalfd_linux, an_edge_comes_with_each_signal)
{
	const struct pair p = begin(BIT(USR1) | BIT(USR2), IN | ET);

	send(USR1);
	UK_EXPECT_EQ(now(p.ep), p.fd);
	UK_EXPECT_EQ(now(p.ep), 0);
	send_self(USR2);
	UK_EXPECT_EQ(now(p.ep), p.fd);
	UK_EXPECT_EQ(now(p.ep), 0);
	/* The thread's own is first. */
	UK_EXPECT_EQ(next(p.fd), USR2);
	UK_EXPECT_EQ(next(p.fd), USR1);
	end(&p);
}

UK_TEST(signalfd_linux, one_that_another_way_has_taken_is_not_told)
{
	const struct pair p = begin(BIT(USR1), IN);
	const uint64_t set = BIT(USR1);

	send(USR1);
	UK_EXPECT_EQ(uk_syscall_r_rt_sigtimedwait((long)&set, 0, 0, 8), USR1);
	UK_EXPECT_EQ(now(p.ep), 0);
	end(&p);
}

UK_TEST(signalfd_linux, a_new_set_is_told_of_what_waits_and_the_old_one_not)
{
	const struct pair p = begin(BIT(USR1), IN);

	send(USR2);
	UK_EXPECT_EQ(now(p.ep), 0);
	UK_EXPECT_EQ(signalfd(p.fd, BIT(USR2)), p.fd);
	UK_EXPECT_EQ(now(p.ep), p.fd);
	send(USR1);
	UK_EXPECT_EQ(next(p.fd), USR2);
	UK_EXPECT_EQ(now(p.ep), 0);
	UK_EXPECT_EQ(signalfd(p.fd, BIT(USR1)), p.fd);
	UK_EXPECT_EQ(next(p.fd), USR1);
	end(&p);
}

UK_TEST(signalfd_linux, a_file_that_is_closed_leaves_its_epoll)
{
	struct pair p = begin(BIT(USR1), IN);

	send(USR1);
	uk_test_close((int)p.fd);
	UK_EXPECT_EQ(now(p.ep), 0);
	p.fd = signalfd(-1, BIT(USR1));
	UK_EXPECT_EQ(next(p.fd), USR1);
	end(&p);
}
