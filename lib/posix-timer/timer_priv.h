/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <uk/abi/time.h>
#include <uk/compiler.h>
#include <uk/itimer.h>
#include <uk/signal_entry.h>

/*
 * A timer that sends a signal when it expires, and is started again when that
 * is taken (sender.c). @entry's info and taken(), @tid and @silent are its
 * owner's, set before it is.
 */
struct sender {
	struct uk_itimer timer;
	struct uk_signal_entry entry;
	int tid;		/* to which it sends; 0: the process */
	bool silent;		/* it sends nothing */
	int clock_tid;		/* whose CPU time; 0: the process's */
};

/* What a timer counts. */
enum kind { KIND_MONOTONIC, KIND_WALL, KIND_PROCESS, KIND_THREAD };

/*
 * What clock @clk is, as timer_create(2) has it; *@tid gets whose, if it is a
 * thread's. Returns a kind, or
 *   -EINVAL      there is no such clock, thread or process, or nobody counts
 *   -EOPNOTSUPP  it has no timers
 */
UK_MUST_USE int timer_clock(int clk, int *tid);

void sender_init(struct sender *s, enum kind kind);

/* Timers of the process beside setitimer(2)'s, which are 0 to 2. */
enum { ALARM_SOFT_LIMIT = 3, ALARM_HARD_LIMIT, NALARMS };

/*
 * *@s gets the one of that number, which is made if it is not there yet. Who
 * sets it serialises. Returns 0, or
 *   -EINVAL  it is by CPU time, which nobody counts
 *   -ENOMEM  there is no memory for it
 * Context: thread, interrupts on.
 */
UK_MUST_USE int alarm_get(int which, struct sender **s);

/* It neither expires nor waits afterwards. */
void sender_end(struct sender *s);

/*
 * As uk_itimer_set(), with a signal that waits taken back. Without a value it
 * has no interval. The caller serialises.
 */
void sender_set(struct sender *s, bool absolute,
		const struct uk_abi_itimerspec *spec,
		struct uk_abi_itimerspec *old);
