/* SPDX-License-Identifier: BSD-3-Clause */
/* poll and select, as they are here and on Linux: see lib/uktestfd. */
#include <limits.h>
#include <stddef.h>
#include <stdint.h>

#include <uk/abi/poll.h>
#include <uk/abi/time.h>
#include <uk/errno.h>
#include <uk/test.h>

#include "poll_calls.h"

#define IN	UK_ABI_POLLIN
#define OUT	UK_ABI_POLLOUT
#define ERR	UK_ABI_POLLERR
#define HUP	UK_ABI_POLLHUP
#define NVAL	UK_ABI_POLLNVAL
#define RDNORM	UK_ABI_POLLRDNORM
#define WRNORM	UK_ABI_POLLWRNORM

/* A number that is not open. */
#define CLOSED	60

static long ppoll(struct uk_abi_pollfd *p, unsigned int n,
		  struct uk_abi_timespec *ts)
{
	return uk_syscall_r_ppoll(L(p), n, L(ts), 0, 8);
}

/* poll() that does not wait. */
static long poll_now(struct uk_abi_pollfd *p, unsigned int n)
{
	struct uk_abi_timespec none = { 0, 0 };

	return ppoll(p, n, &none);
}

static int16_t ask(int fd, int events)
{
	struct uk_abi_pollfd p = { fd, (int16_t)events, 0x55 };
	const long n = poll_now(&p, 1);

	UK_EXPECT_EQ(n, p.revents != 0);
	return p.revents;
}

UK_TEST(poll_linux, what_is_possible_of_what_is_asked_is_told)
{
	const int ev = make_event(0);
	int fd[2];

	make_pipe(fd);
	UK_EXPECT_EQ(ask(ev, IN), 0);
	UK_EXPECT_EQ(ask(ev, IN | OUT), OUT);
	raise(ev);
	UK_EXPECT_EQ(ask(ev, IN), IN);
	UK_EXPECT_EQ(ask(ev, UK_ABI_POLLPRI), 0);
	UK_EXPECT_EQ(ask(ev, 0), 0);
	UK_EXPECT_EQ(ask(fd[0], IN | RDNORM), 0);
	UK_EXPECT_EQ(uk_test_write(fd[1], "x", 1), 1);
	UK_EXPECT_EQ(ask(fd[0], RDNORM), RDNORM);
	UK_EXPECT_EQ(ask(fd[0], IN | RDNORM | OUT), IN | RDNORM);
	UK_EXPECT_EQ(ask(fd[1], OUT | WRNORM | UK_ABI_POLLWRBAND),
		     OUT | WRNORM);
	shut_pipe(fd);
	shut(ev);
}

UK_TEST(poll_linux, errors_and_hangups_are_told_unasked)
{
	int fd[2];

	make_pipe(fd);
	UK_EXPECT_EQ(uk_test_write(fd[1], "x", 1), 1);
	shut(fd[1]);
	UK_EXPECT_EQ(ask(fd[0], 0), HUP);
	UK_EXPECT_EQ(ask(fd[0], IN), IN | HUP);
	shut(fd[0]);
	make_pipe(fd);
	shut(fd[0]);
	UK_EXPECT_EQ(ask(fd[1], 0), ERR);
	UK_EXPECT_EQ(ask(fd[1], OUT), OUT | ERR);
	shut(fd[1]);
}

UK_TEST(poll_linux, numbers_below_0_are_passed_over_and_closed_ones_told)
{
	const int ev = make_event(1);
	struct uk_abi_pollfd p[] = {
		{ -1, IN, 0x7f }, { CLOSED, IN, 0 }, { ev, IN, 0 },
		{ INT_MIN, IN, 0x7f }, { INT_MAX, 0, 0 }, { ev, IN, 0 },
	};

	UK_EXPECT_EQ(poll_now(p, 6), 4);
	UK_EXPECT_EQ(p[0].revents, 0);
	UK_EXPECT_EQ(p[1].revents, NVAL);
	UK_EXPECT_EQ(p[2].revents, IN);
	UK_EXPECT_EQ(p[3].revents, 0);
	UK_EXPECT_EQ(p[4].revents, NVAL);
	UK_EXPECT_EQ(p[5].revents, IN);
	UK_EXPECT_EQ(p[5].events, IN);
	shut(ev);
}

UK_TEST(poll_linux, many_entries_are_all_looked_at)
{
	static struct uk_abi_pollfd p[999];
	const int ev = make_event(1), quiet = make_event(0);

	for (unsigned int i = 0; i < 999; i++)
		p[i] = (struct uk_abi_pollfd){ i % 3 ? quiet : ev, IN, 3 };
	UK_EXPECT_EQ(poll_now(p, 999), 333);
	for (unsigned int i = 0; i < 999; i++)
		UK_EXPECT_EQ(p[i].revents, i % 3 ? 0 : IN);
	take(ev);
	UK_EXPECT_EQ(poll_now(p, 999), 0);
	UK_EXPECT_EQ(p[0].revents, 0);
	shut(ev);
	shut(quiet);
}

UK_TEST(poll_linux, arguments_that_cannot_be_are_refused)
{
	struct uk_abi_timespec ts = { 0, 0 };
	struct uk_abi_pollfd p = { -1, 0, 0 };
	uint64_t mask = 0;

	UK_EXPECT_EQ(ppoll((void *)BAD, 1, &ts), -EFAULT);
	UK_EXPECT_EQ(ppoll((void *)BAD, 0, &ts), 0);
	UK_EXPECT_EQ(ppoll(&p, INT_MAX, &ts), -EINVAL);
	UK_EXPECT_EQ(ppoll(&p, UINT_MAX, &ts), -EINVAL);
	UK_EXPECT_EQ(ppoll(&p, 1, (void *)BAD), -EFAULT);
	ts.tv_nsec = 1000000000;
	UK_EXPECT_EQ(ppoll(&p, 1, &ts), -EINVAL);
	ts.tv_nsec = -1;
	UK_EXPECT_EQ(ppoll(&p, 1, &ts), -EINVAL);
	ts = (struct uk_abi_timespec){ -1, 0 };
	UK_EXPECT_EQ(ppoll(&p, 1, &ts), -EINVAL);
	ts.tv_sec = 0;
	UK_EXPECT_EQ(uk_syscall_r_ppoll(L(&p), 1, L(&ts), L(&mask), 4),
		     -EINVAL);
	UK_EXPECT_EQ(uk_syscall_r_ppoll(L(&p), 1, L(&ts), BAD, 8), -EFAULT);
	UK_EXPECT_EQ(uk_syscall_r_ppoll(L(&p), 1, L(&ts), 0, 4), 0);
}

UK_TEST(poll_linux, what_is_left_of_the_time_is_written_back)
{
	const int ev = make_event(1);
	struct uk_abi_pollfd p = { ev, IN, 0 };
	struct uk_abi_timespec ts = { 5, 500 };

	UK_EXPECT_EQ(ppoll(&p, 1, &ts), 1);
	UK_EXPECT_EQ(ts.tv_sec, 4);
	UK_EXPECT_GE(ts.tv_nsec, 0);
	UK_EXPECT_LT(ts.tv_nsec, 1000000000);
	/* Also of a call that failed. */
	ts = (struct uk_abi_timespec){ 5, 500 };
	UK_EXPECT_EQ(ppoll((void *)BAD, 1, &ts), -EFAULT);
	UK_EXPECT_EQ(ts.tv_sec, 4);
	/* Of all time not much is over. */
	ts = (struct uk_abi_timespec){ INT64_MAX, 999999999 };
	UK_EXPECT_EQ(ppoll(&p, 1, &ts), 1);
	UK_EXPECT_GT(ts.tv_sec, INT64_MAX - 1000000000);
	/* And all of a time that was waited for. */
	take(ev);
	ts = (struct uk_abi_timespec){ 0, 2000000 };
	UK_EXPECT_EQ(ppoll(&p, 1, &ts), 0);
	UK_EXPECT_EQ(ts.tv_sec, 0);
	UK_EXPECT_EQ(ts.tv_nsec, 0);
	UK_EXPECT_EQ(p.revents, 0);
	shut(ev);
}

/* Sets for numbers below 1024. */
struct set {
	uint64_t w[16];
};

static void put(struct set *s, int fd)
{
	s->w[fd / 64] |= UINT64_C(1) << fd % 64;
}

static bool has(const struct set *s, int fd)
{
	return s->w[fd / 64] >> fd % 64 & 1;
}

static bool is_empty(const struct set *s)
{
	uint64_t all = 0;

	for (unsigned int i = 0; i < 16; i++)
		all |= s->w[i];
	return !all;
}

/* select() that does not wait. */
static long select_now(int nfds, struct set *in, struct set *out,
		       struct set *ex)
{
	struct uk_abi_timespec none = { 0, 0 };

	return uk_syscall_r_pselect6(nfds, L(in), L(out), L(ex), L(&none), 0);
}

UK_TEST(poll_linux, select_tells_in_which_sets_a_file_is_ready)
{
	struct set in = { 0 }, out = { 0 }, ex = { 0 };
	const int ev = make_event(1);
	int fd[2];

	make_pipe(fd);
	put(&in, ev);
	put(&out, ev);
	put(&ex, ev);
	put(&in, fd[0]);
	put(&out, fd[1]);
	put(&ex, fd[1]);
	UK_EXPECT_EQ(select_now(fd[1] + 1, &in, &out, &ex), 3);
	UK_EXPECT(has(&in, ev) && !has(&in, fd[0]));
	UK_EXPECT(has(&out, ev) && has(&out, fd[1]));
	UK_EXPECT(is_empty(&ex));
	/* An end is something to read, an error something to write. */
	shut(fd[1]);
	in = (struct set){ 0 };
	put(&in, fd[0]);
	UK_EXPECT_EQ(select_now(fd[0] + 1, &in, NULL, NULL), 1);
	put(&ex, fd[0]);
	UK_EXPECT_EQ(select_now(fd[0] + 1, NULL, NULL, &ex), 0);
	UK_EXPECT(is_empty(&ex));
	shut(fd[0]);
	make_pipe(fd);
	shut(fd[0]);
	out = in = (struct set){ 0 };
	put(&in, fd[1]);
	put(&out, fd[1]);
	UK_EXPECT_EQ(select_now(fd[1] + 1, &in, &out, NULL), 2);
	shut(fd[1]);
	shut(ev);
}

UK_TEST(poll_linux, select_looks_at_numbers_below_nfds_only)
{
	struct set in = { 0 };
	const int first = make_event(1);
	const int ev = (int)uk_syscall_r_dup3(first, 40, 0);

	UK_EXPECT_EQ(ev, 40);
	shut(first);
	put(&in, ev);
	put(&in, CLOSED);
	UK_EXPECT_EQ(select_now(ev, &in, NULL, NULL), 0);
	UK_EXPECT(!has(&in, ev));
	in = (struct set){ 0 };
	put(&in, ev);
	put(&in, CLOSED);
	in.w[1] = 7;
	UK_EXPECT_EQ(select_now(ev + 1, &in, NULL, NULL), 1);
	/* The word is written as a whole, the next one is not touched. */
	UK_EXPECT(!has(&in, CLOSED));
	UK_EXPECT_EQ(in.w[1], 7);
	UK_EXPECT_EQ(select_now(0, &in, NULL, NULL), 0);
	UK_EXPECT(has(&in, ev));
	shut(ev);
}

UK_TEST(poll_linux, a_select_that_fails_leaves_its_sets)
{
	struct set in = { 0 }, out = { 0 };
	const int ev = make_event(1);

	put(&in, ev);
	put(&in, CLOSED);
	UK_EXPECT_EQ(select_now(CLOSED + 1, &in, NULL, NULL), -EBADF);
	UK_EXPECT(has(&in, ev) && has(&in, CLOSED));
	UK_EXPECT_EQ(select_now(-1, &in, NULL, NULL), -EINVAL);
	UK_EXPECT_EQ(select_now(1, (void *)BAD, NULL, NULL), -EFAULT);
	UK_EXPECT_EQ(select_now(ev + 1, &in, &out, (void *)BAD), -EFAULT);
	UK_EXPECT(has(&in, ev) && has(&in, CLOSED));
	shut(ev);
}

UK_TEST(poll_linux, select_takes_its_time_as_linux_takes_it)
{
	struct uk_abi_timespec ts = { 3, 1000000000 };
	struct uk_abi_sigset_arg sig = { NULL, 3 };
	struct set in = { 0 };
	const int ev = make_event(1);

	put(&in, ev);
	UK_EXPECT_EQ(uk_syscall_r_pselect6(ev + 1, L(&in), 0, 0, L(&ts), 0),
		     -EINVAL);
	ts.tv_nsec = 0;
	UK_EXPECT_EQ(uk_syscall_r_pselect6(ev + 1, L(&in), 0, 0, L(&ts),
					   L(&sig)), 1);
	UK_EXPECT_EQ(ts.tv_sec, 2);
	UK_EXPECT_EQ(uk_syscall_r_pselect6(ev + 1, L(&in), 0, 0, L(&ts), BAD),
		     -EFAULT);
	sig.mask = &in;
	UK_EXPECT_EQ(uk_syscall_r_pselect6(ev + 1, L(&in), 0, 0, L(&ts),
					   L(&sig)), -EINVAL);
	sig = (struct uk_abi_sigset_arg){ (void *)BAD, 8 };
	UK_EXPECT_EQ(uk_syscall_r_pselect6(ev + 1, L(&in), 0, 0, L(&ts),
					   L(&sig)), -EFAULT);
	UK_EXPECT_EQ(uk_syscall_r_pselect6(ev + 1, L(&in), 0, 0, BAD, 0),
		     -EFAULT);
	take(ev);
	ts = (struct uk_abi_timespec){ 0, 1000000 };
	UK_EXPECT_EQ(uk_syscall_r_pselect6(ev + 1, L(&in), 0, 0, L(&ts), 0),
		     0);
	UK_EXPECT(is_empty(&in));
	UK_EXPECT_EQ(ts.tv_nsec, 0);
	shut(ev);
}

/* These have no numbers on arm64, and natively are tried on x86_64 only. */
UK_TEST(poll_linux, the_old_calls_are_the_same_with_other_times)
{
	struct uk_abi_timeval tv = { 1, 1500000 };
	struct set in = { 0 };
	const int ev = make_event(1);
	struct uk_abi_pollfd p = { ev, IN, 0 };

	UK_EXPECT_EQ(uk_syscall_r_poll(L(&p), 1, -1), 1);
	UK_EXPECT_EQ(uk_syscall_r_poll(L(&p), 1, INT_MAX), 1);
	UK_EXPECT_EQ(uk_syscall_r_poll(0, 0, 0), 0);
	put(&in, ev);
	UK_EXPECT_EQ(uk_syscall_r_select(ev + 1, L(&in), 0, 0, L(&tv)), 1);
	UK_EXPECT_EQ(tv.tv_sec, 2);
	UK_EXPECT_LT(tv.tv_usec, 500000);
	UK_EXPECT_EQ(uk_syscall_r_select(ev + 1, L(&in), 0, 0, 0), 1);
	tv = (struct uk_abi_timeval){ 0, -1 };
	UK_EXPECT_EQ(uk_syscall_r_select(ev + 1, L(&in), 0, 0, L(&tv)),
		     -EINVAL);
	tv = (struct uk_abi_timeval){ -1, 0 };
	UK_EXPECT_EQ(uk_syscall_r_select(ev + 1, L(&in), 0, 0, L(&tv)),
		     -EINVAL);
	UK_EXPECT_EQ(uk_syscall_r_select(ev + 1, L(&in), 0, 0, BAD), -EFAULT);
	take(ev);
	p.revents = 1;
	UK_EXPECT_EQ(uk_syscall_r_poll(L(&p), 1, 1), 0);
	UK_EXPECT_EQ(p.revents, 0);
	shut(ev);
}
