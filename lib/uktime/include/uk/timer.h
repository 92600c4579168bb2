/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/*
 * Something to be done at a time: a function called in interrupt context.
 *
 *	struct sleeper {
 *		struct uk_timer timer;
 *		...
 *	};
 *
 *	static void wake(struct uk_timer *timer)
 *	{
 *		struct sleeper *s = UK_CONTAINER_OF(timer, struct sleeper,
 *						    timer);
 *		...
 *	}
 *
 *	uk_timer_init(&s->timer, wake);
 *	uk_timer_start(&s->timer, uk_time_now() + timeout_ns);
 *
 * A timer is part of its owner's structure; nothing is allocated. Each CPU
 * has a queue of its own: a timer fires on the CPU that started it, never
 * before its deadline, in the order of deadlines, and among equal ones in the
 * order they were started. There are no ticks: a CPU is interrupted when its
 * next timer is due, and at no other time. Starting and stopping take
 * O(log n) steps.
 *
 * The owner serialises its calls for one timer; its function may run at the
 * same time on the CPU where it was started.
 */

struct uk_timer;

/*
 * The timer is due. It is not pending any more: it may be started again, and
 * whatever it is in may be freed, from here.
 *
 * Context: interrupt, with interrupts off. Where there is no timer interrupt:
 * uk_time_idle(), with interrupts off.
 */
typedef void (*uk_timer_fn)(struct uk_timer *timer);

struct uk_timer {
	uint64_t deadline_ns;	/* valid while pending */
	uk_timer_fn fn;

	/* Private to uktime; guarded by the lock of @queue_. */
	struct uk_timer *parent_, *left_, *right_;
	struct uk_timer_queue *queue_;	/* where it was started last */
	uint32_t seq_;		/* orders equal deadlines */
	uint8_t rank_;		/* 0: not pending */
};

/* Make @timer ready to call @fn; not for one that is pending. */
static inline void uk_timer_init(struct uk_timer *timer, uk_timer_fn fn)
{
	*timer = (struct uk_timer){ .fn = fn };
}

/*
 * Have @timer, which is not pending, fire on this CPU as soon as uk_time_now()
 * is at least @deadline_ns, which may be in the past; not from here, though,
 * but in an interrupt.
 *
 * Context: thread or interrupt. The first call of all chooses the timer that
 * interrupts (<uk/clock.h>), and is made by a thread or the boot context.
 */
void uk_timer_start(struct uk_timer *timer, uint64_t deadline_ns);

enum uk_timer_state {
	UK_TIMER_IDLE,		/* it was not pending: it has fired, or never
				 * been started */
	UK_TIMER_STOPPED,	/* it was pending and will not fire */
	UK_TIMER_RUNNING,	/* its function runs right now, on another CPU
				 * or as the caller, and may use it */
};

/*
 * Stop @timer, whichever CPU has started it, and say what it was. It is not in
 * use afterwards, unless it was running.
 *
 * Context: thread or interrupt.
 */
enum uk_timer_state uk_timer_stop(struct uk_timer *timer);

/*
 * The same, and wait for its function to return if that runs on another CPU;
 * so @timer is not in use afterwards. Returns whether it was pending. The
 * caller holds no lock that the function takes, and is not that function.
 *
 * Context: thread.
 */
bool uk_timer_stop_wait(struct uk_timer *timer);

/*
 * The deadline of the timer that fires next on this CPU, UK_TIME_NEVER without
 * one. Context: interrupts off.
 */
uint64_t uk_timer_next(void);
