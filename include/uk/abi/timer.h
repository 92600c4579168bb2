/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdint.h>

#include <uk/abi/time.h>

/*
 * Timers that send signals, as Linux's ABI has them on 64-bit machines:
 * timer_create(2), setitimer(2), sigevent(7).
 */

/* What a timer does when it expires: sigev_notify. */
#define UK_ABI_SIGEV_SIGNAL	0
#define UK_ABI_SIGEV_NONE	1
#define UK_ABI_SIGEV_THREAD	2	/* C libraries'; here a signal */
#define UK_ABI_SIGEV_THREAD_ID	4	/* a signal to the thread @tid */

struct uk_abi_sigevent {
	uint64_t value;
	int32_t signo;
	int32_t notify;
	int32_t tid;
	int32_t pad[11];
};

_Static_assert(sizeof(struct uk_abi_sigevent) == 64, "Linux ABI");

/* Which timer of setitimer(2): of time, user time, and CPU time. */
#define UK_ABI_ITIMER_REAL	0
#define UK_ABI_ITIMER_VIRTUAL	1
#define UK_ABI_ITIMER_PROF	2

struct uk_abi_itimerval {
	struct uk_abi_timeval it_interval;
	struct uk_abi_timeval it_value;
};

_Static_assert(sizeof(struct uk_abi_itimerval) == 32, "Linux ABI, 64 bit");
