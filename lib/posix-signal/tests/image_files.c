/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Signals and descriptors.
 */
#include <uk/abi/time.h>

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
