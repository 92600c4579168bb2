/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Threads that wait: for signals, or for something else and are interrupted.
 */
#include <stddef.h>

#include <uk/abi/futex.h>
#include <uk/abi/time.h>
#include <uk/time.h>

#include "wait_fixture.h"

#define BAD	((long)16)

static long wait_word(struct caller *c)
{
	return uk_syscall_r_futex((long)&c->word, UK_ABI_FUTEX_WAIT, 0, 0, 0,
				  0);
}

UK_TEST(signal_wait, a_call_that_waits_is_ended_by_a_handler)
{
	struct caller c;

	nhandled = 0;
	UK_EXPECT_EQ(act(USR1, count, 0, 0), 0);
	start(&c, wait_word, 0);
	UK_EXPECT_EQ(uk_syscall_r_tkill(c.tid, USR1), 0);
	UK_EXPECT_EQ(end(&c), -EINTR);
	UK_EXPECT_EQ(nhandled, 1);
	UK_EXPECT_EQ(act_plain(USR1, UK_ABI_SIG_DFL), 0);
}

UK_TEST(signal_wait, or_made_again_if_the_handler_is_of_that_kind)
{
	struct caller c;

	nhandled = 0;
	UK_EXPECT_EQ(act(USR1, count, UK_ABI_SA_RESTART, 0), 0);
	start(&c, wait_word, 0);
	UK_EXPECT_EQ(uk_syscall_r_tkill(c.tid, USR1), 0);
	while (!__atomic_load_n(&nhandled, __ATOMIC_RELAXED))
		uk_sched_yield();
	uk_test_until_it_waits(c.thread);
	while (uk_syscall_r_futex((long)&c.word, UK_ABI_FUTEX_WAKE, 1, 0, 0,
				  0) == 0)
		uk_sched_yield();
	UK_EXPECT_EQ(end(&c), 0);
	UK_EXPECT_EQ(act_plain(USR1, UK_ABI_SIG_DFL), 0);
}

static long wait_for_any(struct caller *c UK_UNUSED)
{
	return uk_syscall_r_pause();
}

/* pause(2) is not made again, whatever the handler is. */
UK_TEST(signal_wait, a_pause_ends_with_any_handler)
{
	static const uint64_t flags[] = { 0, UK_ABI_SA_RESTART };
	struct caller c;

	for (unsigned int i = 0; i < 2; i++) {
		nhandled = 0;
		UK_EXPECT_EQ(act(USR1, count, flags[i], 0), 0);
		UK_EXPECT_EQ(act_plain(USR2, UK_ABI_SIG_IGN), 0);
		start(&c, wait_for_any, 0);
		UK_EXPECT_EQ(uk_syscall_r_tkill(c.tid, USR2), 0);
		uk_sched_yield();
		uk_test_until_it_waits(c.thread);
		UK_EXPECT_EQ(uk_syscall_r_tkill(c.tid, USR1), 0);
		UK_EXPECT_EQ(end(&c), -EINTR);
		UK_EXPECT_EQ(nhandled, 1);
	}
	UK_EXPECT_EQ(act_plain(USR1, UK_ABI_SIG_DFL), 0);
	UK_EXPECT_EQ(act_plain(USR2, UK_ABI_SIG_DFL), 0);
}

static long lock_word(struct caller *c)
{
	return uk_syscall_r_futex((long)&c->word, UK_ABI_FUTEX_LOCK_PI, 0, 0,
				  0, 0);
}

UK_TEST(signal_wait, or_after_any_handler_if_the_call_is_of_that_kind)
{
	struct caller c;

	nhandled = 0;
	UK_EXPECT_EQ(act(USR1, count, 0, 0), 0);
	start_with(&c, lock_word, 0, (uint32_t)uk_syscall_r_gettid());
	UK_EXPECT_EQ(uk_syscall_r_tkill(c.tid, USR1), 0);
	while (!__atomic_load_n(&nhandled, __ATOMIC_RELAXED))
		uk_sched_yield();
	uk_sched_thread_sleep(UK_TIME_NS_PER_MS);
	UK_EXPECT_EQ(uk_syscall_r_futex((long)&c.word, UK_ABI_FUTEX_UNLOCK_PI,
					0, 0, 0, 0), 0);
	UK_EXPECT_EQ(end(&c), 0);
	UK_EXPECT_EQ(c.word, c.tid);
	/* The next one is of its own kind. */
	start(&c, wait_word, 0);
	UK_EXPECT_EQ(uk_syscall_r_tkill(c.tid, USR1), 0);
	UK_EXPECT_EQ(end(&c), -EINTR);
	UK_EXPECT_EQ(nhandled, 2);
	UK_EXPECT_EQ(act_plain(USR1, UK_ABI_SIG_DFL), 0);
}

UK_TEST(signal_wait, what_is_ignored_or_blocked_ends_no_call)
{
	struct caller c;

	UK_EXPECT_EQ(act(USR2, count, 0, 0), 0);
	start(&c, wait_word, BIT(USR2));
	UK_EXPECT_EQ(uk_syscall_r_tkill(c.tid, UK_ABI_SIGCHLD), 0);
	UK_EXPECT_EQ(uk_syscall_r_tkill(c.tid, USR2), 0);
	UK_EXPECT(!uk_thread_is_runnable(c.thread));
	UK_EXPECT_EQ(uk_syscall_r_futex((long)&c.word, UK_ABI_FUTEX_WAKE, 1,
					0, 0, 0), 1);
	UK_EXPECT_EQ(end(&c), 0);
	UK_EXPECT_EQ(act_plain(USR2, UK_ABI_SIG_DFL), 0);
}

static long suspend(struct caller *c)
{
	const uint64_t mask = BIT(USR2);

	(void)c;
	return uk_syscall_r_rt_sigsuspend((long)&mask, 8);
}

UK_TEST(signal_wait, a_mask_for_a_while_ends_with_a_handler)
{
	struct caller c;

	nhandled = 0;
	UK_EXPECT_EQ(act(USR1, count, UK_ABI_SA_RESTART, 0), 0);
	UK_EXPECT_EQ(act(USR2, count, 0, 0), 0);
	start(&c, suspend, BIT(USR1));
	/* Blocked meanwhile; handled afterwards. */
	UK_EXPECT_EQ(uk_syscall_r_tkill(c.tid, USR2), 0);
	UK_EXPECT(!uk_thread_is_runnable(c.thread));
	UK_EXPECT_EQ(uk_syscall_r_tkill(c.tid, USR1), 0);
	UK_EXPECT_EQ(end(&c), -EINTR);
	UK_EXPECT_EQ(c.mask_after, BIT(USR1));
	UK_EXPECT_EQ(nhandled, 2);
	UK_EXPECT_EQ(act_plain(USR1, UK_ABI_SIG_DFL), 0);
	UK_EXPECT_EQ(act_plain(USR2, UK_ABI_SIG_DFL), 0);
}

static long take(struct caller *c)
{
	const uint64_t set = BIT(USR1) | BIT(RT);

	return uk_syscall_r_rt_sigtimedwait((long)&set, (long)&c->info, 0, 8);
}

UK_TEST(signal_wait, a_signal_is_taken_as_a_result)
{
	const struct uk_abi_siginfo info = {
		.code = UK_ABI_SI_QUEUE, .from = { .value = 77 },
	};
	struct caller c;

	nhandled = 0;
	UK_EXPECT_EQ(act(USR2, count, UK_ABI_SA_RESTART, 0), 0);
	start(&c, take, BIT(USR1) | BIT(RT));
	UK_EXPECT_EQ(uk_syscall_r_rt_tgsigqueueinfo(1, c.tid, RT,
						    (long)&info), 0);
	UK_EXPECT_EQ(end(&c), RT);
	UK_EXPECT_EQ(c.info.signo, RT);
	UK_EXPECT_EQ(c.info.from.value, 77);
	/* Others' handlers end it, of whatever kind they are. */
	start(&c, take, BIT(USR1) | BIT(RT));
	UK_EXPECT_EQ(uk_syscall_r_tkill(c.tid, USR2), 0);
	UK_EXPECT_EQ(end(&c), -EINTR);
	UK_EXPECT_EQ(nhandled, 1);
	UK_EXPECT_EQ(act_plain(USR2, UK_ABI_SIG_DFL), 0);
}

UK_TEST(signal_wait, one_that_waits_already_is_taken_at_once)
{
	const uint64_t set = BIT(USR1) | BIT(RT);
	struct uk_abi_timespec ts = { 0, 0 };
	struct uk_abi_siginfo info;

	set_mask(set);
	UK_EXPECT_EQ(uk_syscall_r_rt_sigtimedwait((long)&set, 0, (long)&ts,
						  8), -EAGAIN);
	UK_EXPECT_EQ(queue_one(RT, 5), 0);
	UK_EXPECT_EQ(uk_syscall_r_kill(1, USR1), 0);
	/* The thread's own before the process's. */
	UK_EXPECT_EQ(uk_syscall_r_rt_sigtimedwait((long)&set, (long)&info,
						  (long)&ts, 8), RT);
	UK_EXPECT_EQ(info.from.value, 5);
	UK_EXPECT_EQ(uk_syscall_r_rt_sigtimedwait((long)&set, BAD, 0, 8),
		     -EFAULT);
	UK_EXPECT_EQ(pending_now(), 0);
	set_mask(0);
}

UK_TEST(signal_wait, its_time_is_checked_and_kept_to)
{
	const uint64_t set = BIT(USR1);
	const uint64_t before = uk_time_now();
	struct uk_abi_timespec ts = { 0, 2000000 };

	UK_EXPECT_EQ(uk_syscall_r_rt_sigtimedwait((long)&set, 0, (long)&ts,
						  8), -EAGAIN);
	UK_EXPECT(uk_time_now() - before >= 2 * UK_TIME_NS_PER_MS);
	ts.tv_nsec = 1000000000;
	UK_EXPECT_EQ(uk_syscall_r_rt_sigtimedwait((long)&set, 0, (long)&ts,
						  8), -EINVAL);
	UK_EXPECT_EQ(uk_syscall_r_rt_sigtimedwait((long)&set, 0, BAD, 8),
		     -EFAULT);
	UK_EXPECT_EQ(uk_syscall_r_rt_sigtimedwait(BAD, 0, 0, 8), -EFAULT);
	UK_EXPECT_EQ(uk_syscall_r_rt_sigtimedwait((long)&set, 0, 0, 4),
		     -EINVAL);
}

UK_TEST(signal_wait, a_thread_of_the_core_takes_its_own_signals_only)
{
	struct caller c;

	nhandled = 0;
	UK_EXPECT_EQ(act(USR1, count, 0, 0), 0);
	UK_EXPECT_EQ(act(USR2, count, 0, 0), 0);
	set_mask(BIT(USR2));
	UK_EXPECT_EQ(uk_syscall_r_kill(1, USR2), 0);
	start(&c, wait_word, 0);
	UK_EXPECT_EQ(uk_syscall_r_tkill(c.tid, USR1), 0);
	UK_EXPECT_EQ(end(&c), -EINTR);
	UK_EXPECT_EQ(nhandled, 1);
	UK_EXPECT_EQ(pending_now(), BIT(USR2));
	set_mask(0);
	UK_EXPECT_EQ(nhandled, 2);
	UK_EXPECT_EQ(act_plain(USR1, UK_ABI_SIG_DFL), 0);
	UK_EXPECT_EQ(act_plain(USR2, UK_ABI_SIG_DFL), 0);
}

UK_TEST(signal_wait, one_of_the_process_is_not_for_threads_of_the_core)
{
	struct caller c;

	nhandled = 0;
	UK_EXPECT_EQ(act(USR1, count, 0, 0), 0);
	start(&c, wait_word, 0);
	UK_EXPECT_EQ(uk_syscall_r_kill(1, USR1), 0);
	UK_EXPECT_EQ(nhandled, 1);
	UK_EXPECT(!uk_thread_is_runnable(c.thread));
	UK_EXPECT_EQ(uk_syscall_r_futex((long)&c.word, UK_ABI_FUTEX_WAKE, 1,
					0, 0, 0), 1);
	UK_EXPECT_EQ(end(&c), 0);
	UK_EXPECT_EQ(act_plain(USR1, UK_ABI_SIG_DFL), 0);
}
