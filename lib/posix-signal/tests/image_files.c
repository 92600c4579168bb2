/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Signals and descriptors.
 */
#include <uk/abi/fcntl.h>
#include <uk/abi/time.h>
#include <uk/essentials.h>

#include "wait_fixture.h"

static int pipe_fd[2];

static void open_pipe(void)
{
	UK_EXPECT_EQ(uk_syscall_r_pipe2((long)pipe_fd, 0), 0);
}

static void close_both(void)
{
	(void)uk_syscall_r_close(pipe_fd[0]);
	(void)uk_syscall_r_close(pipe_fd[1]);
}

UK_TEST(signal_files, who_writes_where_nobody_reads_gets_a_signal)
{
	nhandled = 0;
	open_pipe();
	UK_EXPECT_EQ(uk_syscall_r_close(pipe_fd[0]), 0);
	UK_EXPECT_EQ(act(UK_ABI_SIGPIPE, count, 0, 0), 0);
	UK_EXPECT_EQ(uk_syscall_r_write(pipe_fd[1], (long)"x", 1), -EPIPE);
	UK_EXPECT_EQ(nhandled, 1);
	UK_EXPECT_EQ(act_plain(UK_ABI_SIGPIPE, UK_ABI_SIG_IGN), 0);
	UK_EXPECT_EQ(uk_syscall_r_write(pipe_fd[1], (long)"x", 1), -EPIPE);
	UK_EXPECT_EQ(nhandled, 1);
	UK_EXPECT_EQ(uk_syscall_r_close(pipe_fd[1]), 0);
}

static long read_one(struct caller *c)
{
	return uk_syscall_r_read(pipe_fd[0], (long)&c->word, 1);
}

UK_TEST(signal_files, a_read_is_ended_or_made_again_as_the_handler_says)
{
	struct caller c;

	open_pipe();
	nhandled = 0;
	UK_EXPECT_EQ(act(USR1, count, 0, 0), 0);
	start(&c, read_one, 0);
	UK_EXPECT_EQ(uk_syscall_r_tkill(c.tid, USR1), 0);
	UK_EXPECT_EQ(end(&c), -EINTR);
	UK_EXPECT_EQ(act(USR1, count, UK_ABI_SA_RESTART, 0), 0);
	start(&c, read_one, 0);
	UK_EXPECT_EQ(uk_syscall_r_tkill(c.tid, USR1), 0);
	while (__atomic_load_n(&nhandled, __ATOMIC_RELAXED) < 2)
		uk_sched_yield();
	UK_EXPECT_EQ(uk_syscall_r_write(pipe_fd[1], (long)"x", 1), 1);
	UK_EXPECT_EQ(end(&c), 1);
	UK_EXPECT_EQ(c.word, 'x');
	UK_EXPECT_EQ(act_plain(USR1, UK_ABI_SIG_DFL), 0);
	close_both();
}

/* With USR1 let in while it waits. */
static long poll_masked(struct caller *c)
{
	const uint64_t mask = BIT(USR2);

	return uk_syscall_r_ppoll(0, 0, c->word ? (long)&(struct
				  uk_abi_timespec){ 0, 1000000 } : 0,
				  (long)&mask, 8);
}

UK_TEST(signal_files, a_mask_for_a_wait_is_in_force_until_it_ends)
{
	struct caller c;

	nhandled = 0;
	UK_EXPECT_EQ(act(USR1, count, 0, 0), 0);
	UK_EXPECT_EQ(act(USR2, count, 0, 0), 0);
	start(&c, poll_masked, BIT(USR1));
	UK_EXPECT_EQ(uk_syscall_r_tkill(c.tid, USR2), 0);
	UK_EXPECT(!uk_thread_is_runnable(c.thread));
	UK_EXPECT_EQ(uk_syscall_r_tkill(c.tid, USR1), 0);
	UK_EXPECT_EQ(end(&c), -EINTR);
	UK_EXPECT_EQ(nhandled, 2);
	UK_EXPECT_EQ(c.mask_after, BIT(USR1));
	/* Its time is over, and nobody has come. */
	set_mask(BIT(USR1));
	c.word = 1;
	UK_EXPECT_EQ(poll_masked(&c), 0);
	UK_EXPECT_EQ(mask_now(), BIT(USR1));
	set_mask(0);
	UK_EXPECT_EQ(act_plain(USR1, UK_ABI_SIG_DFL), 0);
	UK_EXPECT_EQ(act_plain(USR2, UK_ABI_SIG_DFL), 0);
}

static long waits[7];	/* a call's number and arguments */

static long make_call(struct caller *c UK_UNUSED)
{
	return uk_syscall6_r(waits[0], waits[1], waits[2], waits[3], waits[4],
			     waits[5], waits[6]);
}

/* @always: also by a handler after which calls are made again. */
static void expect_end(bool always, long nr, long a, long b, long c, long d)
{
	static const uint64_t flags[] = { 0, UK_ABI_SA_RESTART };
	const long call[] = { nr, a, b, c, d, 0, 0 };
	struct caller who;

	/* Not every image has all of them. */
	if (!uk_syscall_provided(nr))
		return;
	for (unsigned int i = 0; i < UK_ARRAY_SIZE(call); i++)
		waits[i] = call[i];
	for (unsigned int i = 0; i <= always; i++) {
		nhandled = 0;
		UK_EXPECT_EQ(act(USR1, count, flags[i], 0), 0);
		start(&who, make_call, 0);
		UK_EXPECT_EQ(uk_syscall_r_tkill(who.tid, USR1), 0);
		UK_EXPECT_EQ(end(&who), -EINTR);
		UK_EXPECT_EQ(nhandled, 1);
	}
	UK_EXPECT_EQ(act_plain(USR1, UK_ABI_SIG_DFL), 0);
}

static void shut(long fd)
{
	if (fd >= 0)
		UK_EXPECT_EQ(uk_syscall_r_close(fd), 0);
}

UK_TEST(signal_files, reads_and_writes_that_wait_end_with_a_handler)
{
	static uint64_t buf, most = UINT64_MAX - 1;
	const long nothing = uk_syscall6_r(SYS_eventfd2, 0, 0, 0, 0, 0, 0);
	const long full = uk_syscall6_r(SYS_eventfd2, 0, 0, 0, 0, 0, 0);
	const long timer = uk_syscall6_r(SYS_timerfd_create, 1, 0, 0, 0, 0, 0);

	if (nothing >= 0) {
		expect_end(false, SYS_read, nothing, (long)&buf, 8, 0);
		UK_EXPECT_EQ(uk_syscall_r_write(full, (long)&most, 8), 8);
		expect_end(false, SYS_write, full, (long)&most, 8, 0);
	}
	if (timer >= 0)
		expect_end(false, SYS_read, timer, (long)&buf, 8, 0);
	open_pipe();
	expect_end(false, SYS_read, pipe_fd[0], (long)&buf, 8, 0);
	UK_EXPECT_EQ(uk_syscall_r_fcntl(pipe_fd[1], UK_ABI_F_SETFL,
					UK_ABI_O_NONBLOCK), 0);
	while (uk_syscall_r_write(pipe_fd[1], (long)&buf, 8) == 8)
		;
	UK_EXPECT_EQ(uk_syscall_r_fcntl(pipe_fd[1], UK_ABI_F_SETFL, 0), 0);
	expect_end(false, SYS_write, pipe_fd[1], (long)&buf, 8, 0);
	close_both();
	shut(nothing);
	shut(full);
	shut(timer);
}

UK_TEST(signal_files, calls_that_only_wait_end_with_any_handler)
{
	static const struct uk_abi_timespec hour = { .tv_sec = 3600 };
	static const uint64_t none, other = BIT(USR2);
	static uint64_t events[2];
	const long ep = uk_syscall6_r(SYS_epoll_create1, 0, 0, 0, 0, 0, 0);

	expect_end(true, SYS_ppoll, 0, 0, 0, 0);
	expect_end(true, SYS_pselect6, 0, 0, 0, 0);
	expect_end(true, SYS_nanosleep, (long)&hour, 0, 0, 0);
	expect_end(true, SYS_clock_nanosleep, 1, 0, (long)&hour, 0);
	expect_end(true, SYS_rt_sigsuspend, (long)&none, 8, 0, 0);
	expect_end(true, SYS_rt_sigtimedwait, (long)&other, 0, 0, 8);
	if (ep >= 0)
		expect_end(true, SYS_epoll_pwait, ep, (long)events, 1, -1);
	shut(ep);
}
