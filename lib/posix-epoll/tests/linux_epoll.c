/* SPDX-License-Identifier: BSD-3-Clause */
/* epoll, as it is here and on Linux: see lib/uktestfd. */
#include <limits.h>
#include <stddef.h>
#include <stdint.h>

#include <uk/abi/epoll.h>
#include <uk/abi/fcntl.h>
#include <uk/abi/poll.h>
#include <uk/abi/time.h>
#include <uk/errno.h>
#include <uk/test.h>

#include "epoll_calls.h"

UK_TEST(epoll_linux, a_level_is_told_as_long_as_it_lasts)
{
	const int ep = make_epoll(), ev = make_event(0);

	UK_EXPECT_EQ(add(ep, ev, IN), 0);
	UK_EXPECT_EQ(now(ep), 0);
	raise(ev);
	UK_EXPECT_EQ(now(ep), ev);
	UK_EXPECT_EQ(told, IN);
	UK_EXPECT_EQ(now(ep), ev);
	take(ev);
	UK_EXPECT_EQ(now(ep), 0);
	shut(ev);
	shut(ep);
}

UK_TEST(epoll_linux, an_edge_is_told_once_and_again_with_each_wake)
{
	const int ep = make_epoll(), ev = make_event(1);

	/* What is there at the beginning is an edge. */
	UK_EXPECT_EQ(add(ep, ev, IN | ET), 0);
	UK_EXPECT_EQ(now(ep), ev);
	UK_EXPECT_EQ(now(ep), 0);
	raise(ev);
	UK_EXPECT_EQ(now(ep), ev);
	UK_EXPECT_EQ(now(ep), 0);
	/* Two wakes are one if nobody looked. */
	raise(ev);
	raise(ev);
	UK_EXPECT_EQ(now(ep), ev);
	UK_EXPECT_EQ(now(ep), 0);
	/* And none if it is over before. */
	raise(ev);
	take(ev);
	UK_EXPECT_EQ(now(ep), 0);
	/* A change tells again. */
	raise(ev);
	UK_EXPECT_EQ(now(ep), ev);
	UK_EXPECT_EQ(mod(ep, ev, IN | ET), 0);
	UK_EXPECT_EQ(now(ep), ev);
	UK_EXPECT_EQ(now(ep), 0);
	shut(ev);
	shut(ep);
}

UK_TEST(epoll_linux, an_edge_of_a_pipe_comes_with_each_write)
{
	const int ep = make_epoll();
	char c[4];
	int fd[2];

	make_pipe(fd);
	UK_EXPECT_EQ(add(ep, fd[0], IN | RDHUP | ET), 0);
	UK_EXPECT_EQ(uk_test_write(fd[1], "ab", 2), 2);
	UK_EXPECT_EQ(now(ep), fd[0]);
	/* What was left of the first write is none. */
	UK_EXPECT_EQ(uk_test_read(fd[0], c, 1), 1);
	UK_EXPECT_EQ(now(ep), 0);
	UK_EXPECT_EQ(uk_test_write(fd[1], "c", 1), 1);
	UK_EXPECT_EQ(now(ep), fd[0]);
	UK_EXPECT_EQ(now(ep), 0);
	shut(fd[1]);
	UK_EXPECT_EQ(now(ep), fd[0]);
	UK_EXPECT_EQ(told, IN | HUP);
	UK_EXPECT_EQ(now(ep), 0);
	shut(fd[0]);
	shut(ep);
}

UK_TEST(epoll_linux, one_shot_tells_once_until_it_is_changed)
{
	const int ep = make_epoll();
	int fd[2];

	make_pipe(fd);
	UK_EXPECT_EQ(add(ep, fd[0], IN | ONESHOT), 0);
	UK_EXPECT_EQ(uk_test_write(fd[1], "ab", 2), 2);
	UK_EXPECT_EQ(now(ep), fd[0]);
	UK_EXPECT_EQ(now(ep), 0);
	UK_EXPECT_EQ(uk_test_write(fd[1], "c", 1), 1);
	UK_EXPECT_EQ(now(ep), 0);
	UK_EXPECT_EQ(mod(ep, fd[0], IN | ONESHOT), 0);
	UK_EXPECT_EQ(now(ep), fd[0]);
	/* Not even of an end. */
	shut(fd[1]);
	UK_EXPECT_EQ(now(ep), 0);
	UK_EXPECT_EQ(mod(ep, fd[0], ONESHOT), 0);
	UK_EXPECT_EQ(now(ep), fd[0]);
	UK_EXPECT_EQ(told, HUP);
	shut(fd[0]);
	shut(ep);
}

UK_TEST(epoll_linux, errors_and_hangups_are_told_unasked)
{
	const int ep = make_epoll();
	int fd[2];

	make_pipe(fd);
	UK_EXPECT_EQ(add(ep, fd[1], 0), 0);
	UK_EXPECT_EQ(now(ep), 0);
	shut(fd[0]);
	UK_EXPECT_EQ(now(ep), fd[1]);
	UK_EXPECT_EQ(told, UK_ABI_POLLERR);
	shut(fd[1]);
	UK_EXPECT_EQ(now(ep), 0);
	shut(ep);
}

UK_TEST(epoll_linux, a_change_is_to_other_events_and_data)
{
	const int ep = make_epoll(), ev = make_event(1);
	struct uk_abi_epoll_event e = { OUT, UINT64_MAX - 1 };

	UK_EXPECT_EQ(add(ep, ev, IN), 0);
	UK_EXPECT_EQ(now(ep), ev);
	UK_EXPECT_EQ(uk_syscall_r_epoll_ctl(ep, MOD, ev, L(&e)), 0);
	UK_EXPECT_EQ(tell(ep, &e, 1), 1);
	UK_EXPECT_EQ(e.events, OUT);
	UK_EXPECT(e.data == UINT64_MAX - 1);
	UK_EXPECT_EQ(mod(ep, ev, 0), 0);
	UK_EXPECT_EQ(now(ep), 0);
	UK_EXPECT_EQ(del(ep, ev), 0);
	raise(ev);
	UK_EXPECT_EQ(now(ep), 0);
	shut(ev);
	shut(ep);
}

UK_TEST(epoll_linux, with_room_for_few_all_get_their_turn)
{
	const int ep = make_epoll();
	struct uk_abi_epoll_event e[8];
	int ev[5], n[5] = { 0 };

	for (int i = 0; i < 5; i++) {
		ev[i] = make_event(1);
		UK_EXPECT_EQ(add(ep, ev[i], IN), 0);
	}
	for (int i = 0; i < 10; i++) {
		UK_EXPECT_EQ(tell(ep, e, 1), 1);
		n[(int)e[0].data - ev[0]]++;
	}
	UK_EXPECT_EQ(tell(ep, e, 3), 3);
	for (int i = 0; i < 3; i++)
		n[(int)e[i].data - ev[0]]++;
	UK_EXPECT_EQ(tell(ep, e, 2), 2);
	for (int i = 0; i < 2; i++)
		n[(int)e[i].data - ev[0]]++;
	for (int i = 0; i < 5; i++)
		UK_EXPECT_EQ(n[i], 3);
	/* Once in each call. */
	UK_EXPECT_EQ(tell(ep, e, 8), 5);
	for (int i = 0; i < 5; i++)
		shut(ev[i]);
	UK_EXPECT_EQ(tell(ep, e, 8), 0);
	shut(ep);
}

UK_TEST(epoll_linux, an_item_is_a_file_under_a_number)
{
	const int ep = make_epoll(), ev = make_event(0);
	const int twin = (int)uk_syscall_r_dup(ev);
	struct uk_abi_epoll_event e[4];
	int other;

	UK_EXPECT_EQ(add(ep, ev, IN), 0);
	UK_EXPECT_EQ(add(ep, ev, IN), -EEXIST);
	UK_EXPECT_EQ(mod(ep, twin, IN), -ENOENT);
	UK_EXPECT_EQ(del(ep, twin), -ENOENT);
	UK_EXPECT_EQ(add(ep, twin, IN), 0);
	raise(ev);
	UK_EXPECT_EQ(tell(ep, e, 4), 2);
	/* A number is closed, and the file is not: the item stays. */
	shut(ev);
	UK_EXPECT_EQ(tell(ep, e, 4), 2);
	UK_EXPECT_EQ(del(ep, ev), -EBADF);
	/* Another file under the number is another item. */
	other = make_event(0);
	UK_EXPECT_EQ(other, ev);
	UK_EXPECT_EQ(mod(ep, other, IN), -ENOENT);
	UK_EXPECT_EQ(add(ep, other, IN), 0);
	UK_EXPECT_EQ(tell(ep, e, 4), 2);
	raise(other);
	UK_EXPECT_EQ(tell(ep, e, 4), 3);
	/* With the file the items end. */
	shut(twin);
	UK_EXPECT_EQ(tell(ep, e, 4), 1);
	UK_EXPECT_EQ(e[0].data, other);
	shut(other);
	UK_EXPECT_EQ(tell(ep, e, 4), 0);
	shut(ep);
}

UK_TEST(epoll_linux, a_closed_file_makes_room_for_one_of_its_number)
{
	const int ep = make_epoll();

	for (int i = 0; i < 50; i++) {
		const int ev = make_event(1);

		UK_EXPECT_EQ(add(ep, ev, IN), 0);
		if (i % 2)
			UK_EXPECT_EQ(now(ep), ev);
		shut(ev);
	}
	UK_EXPECT_EQ(now(ep), 0);
	shut(ep);
}

UK_TEST(epoll_linux, an_epoll_can_be_polled)
{
	const int ep = make_epoll(), ev = make_event(0);
	struct uk_abi_timespec none = { 0, 0 };
	struct uk_abi_pollfd p = { ep, -1, 0 };

	UK_EXPECT_EQ(add(ep, ev, IN), 0);
	UK_EXPECT_EQ(uk_syscall_r_ppoll(L(&p), 1, L(&none), 0, 8), 0);
	raise(ev);
	UK_EXPECT_EQ(uk_syscall_r_ppoll(L(&p), 1, L(&none), 0, 8), 1);
	UK_EXPECT_EQ(p.revents, IN | UK_ABI_POLLRDNORM);
	/* To ask is not to take. */
	UK_EXPECT_EQ(uk_syscall_r_ppoll(L(&p), 1, L(&none), 0, 8), 1);
	UK_EXPECT_EQ(now(ep), ev);
	take(ev);
	UK_EXPECT_EQ(uk_syscall_r_ppoll(L(&p), 1, L(&none), 0, 8), 0);
	shut(ev);
	shut(ep);
}

UK_TEST(epoll_linux, an_epoll_waits_for_another)
{
	const int out = make_epoll(), mid = make_epoll(), in = make_epoll();
	const int ev = make_event(0);

	UK_EXPECT_EQ(add(in, ev, IN), 0);
	UK_EXPECT_EQ(add(mid, in, IN), 0);
	UK_EXPECT_EQ(add(out, mid, IN | ET), 0);
	UK_EXPECT_EQ(now(out), 0);
	raise(ev);
	UK_EXPECT_EQ(now(out), mid);
	UK_EXPECT_EQ(now(out), 0);
	UK_EXPECT_EQ(now(mid), in);
	UK_EXPECT_EQ(now(in), ev);
	raise(ev);
	UK_EXPECT_EQ(now(out), mid);
	take(ev);
	UK_EXPECT_EQ(now(mid), 0);
	UK_EXPECT_EQ(now(in), 0);
	raise(ev);
	/* What is inside ends with what waits for it. */
	shut(mid);
	UK_EXPECT_EQ(now(out), 0);
	UK_EXPECT_EQ(now(in), ev);
	shut(in);
	shut(out);
	shut(ev);
}

UK_TEST(epoll_linux, epolls_do_not_wait_in_a_circle)
{
	int ep[5];

	for (int n = 2; n <= 5; n++) {
		for (int i = 0; i < n; i++)
			ep[i] = make_epoll();
		for (int i = 1; i < n; i++)
			UK_EXPECT_EQ(add(ep[i], ep[i - 1], IN), 0);
		UK_EXPECT_EQ(add(ep[0], ep[n - 1], IN), -ELOOP);
		/* One that was refused may be when it is none any more. */
		UK_EXPECT_EQ(del(ep[1], ep[0]), 0);
		UK_EXPECT_EQ(add(ep[0], ep[n - 1], IN), 0);
		for (int i = 0; i < n; i++)
			shut(ep[i]);
	}
	ep[0] = make_epoll();
	UK_EXPECT_EQ(add(ep[0], ep[0], IN), -EINVAL);
	shut(ep[0]);
}

UK_TEST(epoll_linux, five_epolls_deep_is_deepest_wherever_one_is_added)
{
	for (int below = 1; below <= 5; below++) {
		for (int above = 1; above <= 5; above++) {
			int lo[5], hi[5];

			for (int i = 0; i < 5; i++) {
				lo[i] = make_epoll();
				hi[i] = make_epoll();
			}
			for (int i = 1; i < below; i++)
				UK_EXPECT_EQ(add(lo[i], lo[i - 1], IN), 0);
			for (int i = 1; i < above; i++)
				UK_EXPECT_EQ(add(hi[i], hi[i - 1], IN), 0);
			UK_EXPECT_EQ(add(hi[0], lo[below - 1], IN),
				     below + above > 5 ? -ELOOP : 0);
			for (int i = 0; i < 5; i++) {
				shut(lo[i]);
				shut(hi[i]);
			}
		}
	}
}

UK_TEST(epoll_linux, what_cannot_be_added_is_refused)
{
	const int ep = make_epoll(), in = make_epoll(), ev = make_event(0);

	UK_EXPECT_EQ(uk_syscall_r_epoll_ctl(ep, ADD, ev, BAD), -EFAULT);
	UK_EXPECT_EQ(uk_syscall_r_epoll_ctl(99, MOD, 98, BAD), -EFAULT);
	UK_EXPECT_EQ(uk_syscall_r_epoll_ctl(99, DEL, 98, BAD), -EBADF);
	UK_EXPECT_EQ(add(99, ev, IN), -EBADF);
	UK_EXPECT_EQ(add(ep, 99, IN), -EBADF);
	UK_EXPECT_EQ(add(ep, -1, IN), -EBADF);
	UK_EXPECT_EQ(add(ev, ep, IN), -EINVAL);
	UK_EXPECT_EQ(ctl(ep, 0, ev, IN), -EINVAL);
	UK_EXPECT_EQ(ctl(ep, 4, ev, IN), -EINVAL);
	UK_EXPECT_EQ(add(ep, in, IN | EXCLUSIVE), -EINVAL);
	UK_EXPECT_EQ(add(ep, ev, IN | RDHUP | EXCLUSIVE), -EINVAL);
	UK_EXPECT_EQ(add(ep, ev, IN | ONESHOT | EXCLUSIVE), -EINVAL);
	UK_EXPECT_EQ(add(ep, ev, IN | OUT | ET | UK_ABI_EPOLLWAKEUP |
				 EXCLUSIVE), 0);
	UK_EXPECT_EQ(mod(ep, ev, IN), -EINVAL);
	UK_EXPECT_EQ(mod(ep, ev, IN | EXCLUSIVE), -EINVAL);
	UK_EXPECT_EQ(del(ep, ev), 0);
	UK_EXPECT_EQ(mod(ep, ev, IN | EXCLUSIVE), -EINVAL);
	UK_EXPECT_EQ(del(ep, ev), -ENOENT);
	UK_EXPECT_EQ(add(ep, ev, IN | RDHUP), 0);
	UK_EXPECT_EQ(uk_syscall_r_epoll_ctl(ep, DEL, ev, 0), 0);
	shut(ev);
	shut(in);
	shut(ep);
}

UK_TEST(epoll_linux, what_cannot_be_waited_for_is_refused)
{
	const int ep = make_epoll(), ev = make_event(1);
	const int most = (int)(INT_MAX / sizeof(struct uk_abi_epoll_event));
	struct uk_abi_timespec ts = { 0, 1000000000 };
	struct uk_abi_epoll_event e = { 0, 0 };
	uint64_t mask = 0;

	UK_EXPECT_EQ(add(ep, ev, IN), 0);
	UK_EXPECT_EQ(tell(ep, &e, 0), -EINVAL);
	UK_EXPECT_EQ(tell(ep, &e, -1), -EINVAL);
	UK_EXPECT_EQ(tell(ep, &e, most + 1), -EINVAL);
	UK_EXPECT_EQ(tell(ev, &e, 1), -EINVAL);
	UK_EXPECT_EQ(tell(99, &e, 1), -EBADF);
	UK_EXPECT_EQ(tell(99, &e, 0), -EBADF);
	UK_EXPECT_EQ(uk_syscall_r_epoll_pwait2(ep, L(&e), 1, L(&ts), 0, 8),
		     -EINVAL);
	UK_EXPECT_EQ(uk_syscall_r_epoll_pwait2(ep, L(&e), 1, BAD, 0, 8),
		     -EFAULT);
	UK_EXPECT_EQ(uk_syscall_r_epoll_pwait2(ep, L(&e), 1, 0, 0, 8), 1);
	ts.tv_nsec = 5;
	UK_EXPECT_EQ(uk_syscall_r_epoll_pwait2(ep, L(&e), 1, L(&ts), 0, 0), 1);
	UK_EXPECT_EQ(ts.tv_nsec, 5);
	UK_EXPECT_EQ(uk_syscall_r_epoll_pwait(ep, L(&e), 1, 0, L(&mask), 4),
		     -EINVAL);
	UK_EXPECT_EQ(uk_syscall_r_epoll_pwait(ep, L(&e), 1, 0, BAD, 8),
		     -EFAULT);
	take(ev);
	UK_EXPECT_EQ(uk_syscall_r_epoll_pwait2(ep, L(&e), 1, L(&ts), 0, 0), 0);
	UK_EXPECT_EQ(uk_syscall_r_epoll_pwait(ep, L(&e), 1, 2, 0, 0), 0);
	UK_EXPECT_EQ(uk_syscall_r_epoll_create1(1), -EINVAL);
	shut(ev);
	shut(ep);
}

UK_TEST(epoll_linux, an_event_that_cannot_be_written_is_not_lost)
{
	const int ep = make_epoll(), ev = make_event(1);
	struct uk_abi_epoll_event e;

	UK_EXPECT_EQ(add(ep, ev, IN | ET | ONESHOT), 0);
	UK_EXPECT_EQ(tell(ep, (void *)BAD, 1), -EFAULT);
	UK_EXPECT_EQ(tell(ep, &e, 1), 1);
	UK_EXPECT_EQ(tell(ep, &e, 1), 0);
	/* Where there is nothing to write, nothing is wrong. */
	UK_EXPECT_EQ(tell(ep, (void *)BAD, 1), 0);
	shut(ev);
	shut(ep);
}

UK_TEST(epoll_linux, an_epoll_is_a_file_that_is_not_read)
{
	const int ep = (int)uk_syscall_r_epoll_create1(UK_ABI_EPOLL_CLOEXEC);
	char c;

	UK_EXPECT_GE(ep, 0);
	UK_EXPECT_EQ(uk_test_read(ep, &c, 1), -EINVAL);
	UK_EXPECT_EQ(uk_test_write(ep, &c, 1), -EINVAL);
	UK_EXPECT_EQ(uk_syscall_r_fcntl(ep, UK_ABI_F_GETFD, 0), 1);
	UK_EXPECT_EQ(uk_syscall_r_fcntl(ep, UK_ABI_F_GETFL, 0),
		     UK_ABI_O_RDWR);
	shut(ep);
}

/* These have no numbers on arm64, and natively are tried on x86_64 only. */
UK_TEST(epoll_linux, the_old_calls_are_the_same)
{
	const int ep = (int)uk_syscall_r_epoll_create(1), ev = make_event(1);
	struct uk_abi_epoll_event e;

	UK_EXPECT_EQ(uk_syscall_r_epoll_create(0), -EINVAL);
	UK_EXPECT_EQ(uk_syscall_r_epoll_create(-1), -EINVAL);
	UK_EXPECT_EQ(add(ep, ev, IN), 0);
	UK_EXPECT_EQ(uk_syscall_r_epoll_wait(ep, L(&e), 1, -1), 1);
	UK_EXPECT_EQ(e.data, ev);
	take(ev);
	UK_EXPECT_EQ(uk_syscall_r_epoll_wait(ep, L(&e), 1, 2), 0);
	shut(ev);
	shut(ep);
}
