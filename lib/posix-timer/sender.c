/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Timers and the signals they send. A timer interrupts once; when its signal
 * is taken it is counted how often it had expired until then, and it is
 * started again. So of each timer one signal waits at most, and one whose
 * signals nobody takes costs nothing.
 *
 * CPU time is asked for by the number of a thread, which may be gone.
 */
#include "timer_priv.h"

#include <stddef.h>

#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/lcpu.h>
#include <uk/posix_time.h>
#include <uk/task.h>

static struct sender *sender_of(const struct uk_itimer *timer)
{
	return UK_CONTAINER_OF(timer, struct sender, timer);
}

static bool now_of_process(const struct uk_itimer *timer UK_UNUSED,
			   uint64_t *ns)
{
	return uk_posix_clock_get(UK_ABI_CLOCK_PROCESS_CPUTIME_ID, ns) == 0;
}

static long get_thread(struct uk_task *task, void *ns)
{
	return uk_posix_clock_of(task->thread, ns);
}

static bool now_of_thread(const struct uk_itimer *timer, uint64_t *ns)
{
	return uk_task_with(sender_of(timer)->clock_tid, get_thread, ns) == 0;
}

static unsigned int pace_of_thread(void)
{
	return 1;
}

static const struct uk_itimer_clock process_clock = {
	.now = now_of_process, .pace = uk_lcpu_count,
};

static const struct uk_itimer_clock thread_clock = {
	.now = now_of_thread, .pace = pace_of_thread,
};

static void on_expired(struct uk_itimer *timer)
{
	struct sender *const s = sender_of(timer);

	/* Ignored, or nobody is there: it expires no more until it is set. */
	if (!s->silent)
		(void)uk_signal_entry_send(&s->entry, s->tid);
}

void sender_init(struct sender *s, enum kind kind)
{
	if (kind == KIND_PROCESS)
		uk_itimer_init_cpu(&s->timer, &process_clock, on_expired);
	else if (kind == KIND_THREAD)
		uk_itimer_init_cpu(&s->timer, &thread_clock, on_expired);
	else
		uk_itimer_init(&s->timer, kind == KIND_WALL, on_expired);
}

void sender_end(struct sender *s)
{
	uk_itimer_end(&s->timer);
	uk_signal_entry_cancel(&s->entry);
}

void sender_set(struct sender *s, bool absolute,
		const struct uk_abi_itimerspec *spec,
		struct uk_abi_itimerspec *old)
{
	static const struct uk_abi_itimerspec none;
	const unsigned int flags = absolute ? UK_ITIMER_ABSOLUTE : 0;

	/* Only after it cannot expire is it certain that nothing waits. */
	(void)uk_itimer_set(&s->timer, 0, &none, old);
	uk_signal_entry_cancel(&s->entry);
	if (uk_timespec_ns(&spec->it_value))
		(void)uk_itimer_set(&s->timer, flags, spec, NULL);
}

/* One whose number is made of that of a thread or process. */
static int cpu_clock(int clk, int *tid)
{
	const int id = UK_ABI_CPUCLOCK_ID(clk);
	const unsigned int self = (unsigned int)uk_task_current()->tid;

	/* A number of an open file is a clock too, without timers. */
	if ((clk & (UK_ABI_CPUCLOCK_THREAD | 3)) == 3)
		return -EOPNOTSUPP;
	if (UK_ABI_CPUCLOCK_WHICH(clk) > UK_ABI_CPUCLOCK_SCHED)
		return -EINVAL;
	if (!(clk & UK_ABI_CPUCLOCK_THREAD))
		return id == 0 || id == 1 ? KIND_PROCESS : -EINVAL;
	*tid = id ? id : (int)self;
	return uk_task_exists(*tid) ? KIND_THREAD : -EINVAL;
}

static int kind_of(int clk, int *tid)
{
	switch (clk) {
	case UK_ABI_CLOCK_REALTIME:
	case UK_ABI_CLOCK_TAI:
		return KIND_WALL;
	case UK_ABI_CLOCK_MONOTONIC:
	case UK_ABI_CLOCK_BOOTTIME:
		return KIND_MONOTONIC;
	case UK_ABI_CLOCK_PROCESS_CPUTIME_ID:
		return KIND_PROCESS;
	case UK_ABI_CLOCK_THREAD_CPUTIME_ID:
		*tid = uk_task_current()->tid;
		return KIND_THREAD;
	case UK_ABI_CLOCK_MONOTONIC_RAW:
	case UK_ABI_CLOCK_MONOTONIC_COARSE:
	case UK_ABI_CLOCK_REALTIME_COARSE:
	/* Nothing can wake a machine that sleeps. */
	case UK_ABI_CLOCK_REALTIME_ALARM:
	case UK_ABI_CLOCK_BOOTTIME_ALARM:
		return -EOPNOTSUPP;
	default:
		return clk < 0 ? cpu_clock(clk, tid) : -EINVAL;
	}
}

int timer_clock(int clk, int *tid)
{
	const int kind = kind_of(clk, tid);
	uint64_t ns;

	/* Does anybody count? It is asked for in interrupts later. */
	if ((kind == KIND_PROCESS || kind == KIND_THREAD) &&
	    uk_posix_clock_get(UK_ABI_CLOCK_PROCESS_CPUTIME_ID, &ns) < 0)
		return -EINVAL;
	return kind;
}
