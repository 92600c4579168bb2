/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdint.h>

#include <uk/abi/signal.h>
#include <uk/errno.h>
#include <uk/syscall.h>
#include <uk/test.h>

/*
 * Calls about signals, for cases; whoever includes it has lib/posix-signal.
 * Context: thread, in a case.
 */

static inline long uk_test_act(int sig, void (*handler)(int,
							struct uk_abi_siginfo *,
							void *),
			       uint64_t flags, uint64_t mask)
{
	const struct uk_abi_sigaction a = {
		.handler = (uint64_t)handler,
		.flags = flags | UK_ABI_SA_SIGINFO, .mask = mask,
	};

	return uk_syscall_r_rt_sigaction(sig, (long)&a, 0, 8);
}

static inline long uk_test_act_plain(int sig, uint64_t handler)
{
	const struct uk_abi_sigaction a = { .handler = handler };

	return uk_syscall_r_rt_sigaction(sig, (long)&a, 0, 8);
}

static inline uint64_t uk_test_mask_now(void)
{
	uint64_t now = 0;

	UK_EXPECT_EQ(uk_syscall_r_rt_sigprocmask(0, 0, (long)&now, 8), 0);
	return now;
}

static inline void uk_test_set_mask(uint64_t mask)
{
	UK_EXPECT_EQ(uk_syscall_r_rt_sigprocmask(UK_ABI_SIG_SETMASK,
						 (long)&mask, 0, 8), 0);
}

static inline uint64_t uk_test_pending_now(void)
{
	uint64_t now = 0;

	UK_EXPECT_EQ(uk_syscall_r_rt_sigpending((long)&now, 8), 0);
	return now;
}

static inline long uk_test_raise_one(int sig)
{
	return uk_syscall_r_tkill(uk_syscall_r_gettid(), sig);
}

static inline long uk_test_queue_one(int sig, uint64_t value)
{
	const struct uk_abi_siginfo info = {
		.code = UK_ABI_SI_QUEUE, .from = { .value = value },
	};

	return uk_syscall_r_rt_tgsigqueueinfo(1, uk_syscall_r_gettid(), sig,
					      (long)&info);
}
