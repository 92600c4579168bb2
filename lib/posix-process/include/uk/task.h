/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <uk/arch/percpu.h>
#include <uk/compiler.h>
#include <uk/event.h>

struct futex_pi;
struct uk_thread;

/* The number of the process, and of its first thread. */
#define UK_TASK_PROCESS	1

/*
 * Threads as programs know them: by number. Every thread has one of these from
 * its creation until it has exited, also those of the core; only those of the
 * program count for the question whether it still runs: "main", and those that
 * clone(2) made.
 *
 * There is one process, and "main" is its first thread.
 */
struct uk_task {
	struct uk_thread *thread;
	int tid;
	bool of_program;

	/* Of the thread itself, in its own context. */
	uint32_t *clear_tid;	/* set_tid_address(2): NULL, or any address */
	uintptr_t robust;	/* set_robust_list(2): likewise */

	/*
	 * Likewise: the call that is about to return -UK_CALL_RESTART is made
	 * again whatever handler has run. It clears that who looks at it,
	 * lib/posix-signal.
	 */
	bool call_again;

	/*
	 * For lib/posix-futex, under a lock of its own: locks of the task that
	 * others wait for, the one that it waits for, and whether it gets no
	 * more, since it exits.
	 */
	struct futex_pi *pi_held, *pi_wanted;
	bool pi_over;

	/*
	 * For lib/posix-signal, under a lock of its own: NULL before and
	 * after, while the task can be found already or still.
	 */
	struct uk_signals *signals;

	/* Private. */
	struct uk_task *next_;
	uint8_t policy_, rt_prio_;
	int8_t nice_;
	bool reset_;
	char comm_[16];		/* prctl(2) PR_SET_NAME; ends with a 0 */
};

/* The caller's. Context: thread, from stage SCHED on. */
static inline struct uk_task *uk_task_current(void)
{
	return (struct uk_task *)ukarch_current()->task;
}

/*
 * Call @fn(task, @arg) with the task of number @tid, which does not end
 * meanwhile. @fn does not block nor make or end threads: a spinlock is held,
 * interrupts are off.
 *
 * Returns what @fn does, or
 *   -ESRCH  there is none
 * Context: any but NMI.
 */
long uk_task_with(int tid, long (*fn)(struct uk_task *task, void *arg),
		  void *arg);

/*
 * The same with each task in turn, in no order, until @fn returns another
 * value than 0, which is the result; else 0.
 */
long uk_task_each(long (*fn)(struct uk_task *task, void *arg), void *arg);

/* Has a task the number @tid? Context: any but NMI. */
bool uk_task_exists(int tid);

/* Threads of the program that have not exited. Context: any. */
unsigned int uk_task_count(void);

/*
 * Raised with a struct uk_task as it begins to exit, in its own thread, whose
 * memory is all there.
 */
UK_EVENT_DECLARE(uk_task_exits);

/*
 * Raised with a uint32_t *, the clear_tid of a task that does not use its
 * stack any more: the word there has become 0. In its thread.
 */
UK_EVENT_DECLARE(uk_task_left);
