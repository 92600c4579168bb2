/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdint.h>

#include <uk/abi/timer.h>
#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/posix_time.h>
#include <uk/sched.h>
#include <uk/syscall.h>
#include <uk/test.h>
#include <uk/test_file.h>
#include <uk/test_signal.h>
#include <uk/time.h>

#define BAD	16l
#define MS	UK_TIME_NS_PER_MS
#define SEC	UK_TIME_NS_PER_SEC
#define BIT(sig)	UK_ABI_SIGBIT(sig)
#define USR1	UK_ABI_SIGUSR1
#define ALRM	UK_ABI_SIGALRM

/* Take one of @set, which is blocked, within @ns: its number or -EAGAIN. */
static inline long take(uint64_t set, uint64_t ns, struct uk_abi_siginfo *info)
{
	const struct uk_abi_timespec ts = uk_timespec_of(ns);

	return uk_syscall_r_rt_sigtimedwait((long)&set, (long)info, (long)&ts,
					    8);
}

/* Use so much CPU time, about. */
static inline void burn(uint64_t ns)
{
	const uint64_t end = uk_time_now() + ns;

	while (uk_time_now() < end)
		;
}
