/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <uk/abi/time.h>
#include <uk/compiler.h>
#include <uk/list.h>
#include <uk/spinlock.h>
#include <uk/timer.h>

/*
 * Interval timers by Linux's clocks: what timerfd_create(2), timer_create(2)
 * and setitimer(2) are made of.
 *
 * A timer says that it has expired, once; how often it has is computed by who
 * takes it, from what time it is then, and from then on it may say so again.
 * So a periodic timer does not drift, and one that nobody takes interrupts
 * once, however short its interval.
 *
 * Context: thread; the caller serialises nothing, but for the beginning and
 * the end.
 */

/*
 * When a timer expires, by a clock whose time the caller says, and how often
 * it has. Nothing here waits or is started. The caller serialises. Context:
 * any.
 */
struct uk_due {
	bool armed;		/* it will expire, or has and was not taken */
	uint64_t at_ns;		/* the first expiration that was not taken */
	uint64_t interval_ns;	/* to the next one; 0: it expires once */
};

/*
 * Take the expirations up to @now_ns. Returns how many there were; the timer
 * is armed for the next one, if there is one.
 */
UK_MUST_USE uint64_t uk_due_take(struct uk_due *d, uint64_t now_ns);

/* How long until the next one; 0: there is none. Takes nothing. */
uint64_t uk_due_left(const struct uk_due *d, uint64_t now_ns);

struct uk_itimer;

/*
 * A clock that counts CPU time. It cannot be waited for: it is looked at when
 * it may have come to the timer's time at the earliest, and every millisecond
 * when it is near. So such a timer is late by that.
 */
struct uk_itimer_clock {
	/* What it shows; false: it does not go on. Context: any but NMI. */
	bool (*now)(const struct uk_itimer *t, uint64_t *ns);
	/* By how many ns it goes on in one, at most; not 0. Likewise. */
	unsigned int (*pace)(void);
};

struct uk_itimer {
	/*
	 * It has expired and was not taken. Called with interrupts off, and
	 * maybe a lock of the timer: it calls nothing here but
	 * uk_itimer_is_ready(). Context: any but NMI.
	 */
	void (*expired)(struct uk_itimer *t);

	/* Private. */
	const struct uk_itimer_clock *cpu;	/* NULL: wall or monotonic */
	bool is_wall;		/* CLOCK_REALTIME; constant */
	struct uk_list node;	/* the list's lock, if is_wall */
	struct uk_spinlock lock;	/* inside the list's */
	struct uk_timer timer;	/* lock, but for its function */
	struct uk_due due;	/* lock; its function reads at_ns */
	bool by_wall;		/* lock: @due is of wall time */
	bool may_cancel;	/* lock: UK_ITIMER_CANCEL */
	bool cancelled;		/* lock: the clock was set, nobody knows */
	uint64_t counted;	/* lock: taken when the clock was moved */
	/*
	 * A take would find something. Set by the timer's function or under
	 * the lock, cleared under it while the timer is stopped. Atomic.
	 */
	bool ready;
};

/*
 * Make @t a timer that is not set, by monotonic time, or if @is_wall by wall
 * time, or by @cpu. It stays where it is until uk_itimer_end().
 */
void uk_itimer_init(struct uk_itimer *t, bool is_wall,
		    void (*expired)(struct uk_itimer *t));
void uk_itimer_init_cpu(struct uk_itimer *t, const struct uk_itimer_clock *cpu,
			void (*expired)(struct uk_itimer *t));

/* Afterwards it is not set, and its function does not run any more. */
void uk_itimer_end(struct uk_itimer *t);

/* A time of its clock, not how long. */
#define UK_ITIMER_ABSOLUTE	1u
/* If wall time is set, whoever takes it is told: with ABSOLUTE, by wall. */
#define UK_ITIMER_CANCEL	2u

/*
 * Set @t to @spec, which is valid (uk_timespec_is_valid()); a value of 0: it is
 * not set. What has expired and was not taken is forgotten. @old, which may be
 * NULL, gets what was left. Returns 0, or
 *   -ECANCELED  it is set, and wall time was before that: UK_ITIMER_CANCEL
 */
int uk_itimer_set(struct uk_itimer *t, unsigned int flags,
		  const struct uk_abi_itimerspec *spec,
		  struct uk_abi_itimerspec *old);

/* How long until it expires next, and its interval. */
void uk_itimer_get(struct uk_itimer *t, struct uk_abi_itimerspec *spec);

/*
 * Take what has expired: *@n times, which may be 0. Returns 0, or
 *   -ECANCELED  wall time was set: UK_ITIMER_CANCEL; once
 */
int uk_itimer_take(struct uk_itimer *t, uint64_t *n);

/* Would a take find something? What expired() was called for. Context: any. */
static inline bool uk_itimer_is_ready(const struct uk_itimer *t)
{
	return __atomic_load_n(&t->ready, __ATOMIC_ACQUIRE);
}
