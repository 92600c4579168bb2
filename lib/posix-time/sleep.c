/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Sleeping: blocked until a moment of monotonic time, whatever clock was meant.
 *
 * Who sleeps until a wall time is in a list, and is woken when that clock moves
 * to look again when it will be. A move is counted before who sleeps is woken;
 * who sleeps reads the count before it looks at the clock, and after it counts
 * as blocked: so a move is seen then, or wakes.
 */
#include <uk/posix_time.h>

#include <stdbool.h>
#include <stddef.h>

#include <uk/call.h>
#include <uk/errno.h>
#include <uk/list.h>
#include <uk/sched.h>
#include <uk/spinlock.h>
#include <uk/syscall.h>
#include <uk/thread.h>
#include <uk/wait.h>

#include "posix_time_priv.h"

static struct {
	struct uk_spinlock lock;
	struct uk_list sleepers;	/* lock: until a wall time */
	uint32_t nmoves;		/* atomic; release after a move */
} wall = {
	.lock = UK_SPINLOCK_INIT,
	.sleepers = UK_LIST_INIT(wall.sleepers),
};

struct sleeper {
	struct uk_list node;
	struct uk_thread *thread;
};

static enum uk_event_result on_moved(void *data UK_UNUSED)
{
	struct sleeper *s;
	unsigned long irq;

	__atomic_fetch_add(&wall.nmoves, 1, __ATOMIC_SEQ_CST);
	irq = uk_spin_lock_irqsave(&wall.lock);
	uk_list_for_each(s, &wall.sleepers, node)
		uk_thread_wake(s->thread);
	uk_spin_unlock_irqrestore(&wall.lock, irq);
	return UK_EVENT_HANDLED_CONT;
}

UK_EVENT_HANDLER(uk_time_wall_moved, on_moved);

static uint32_t moves(void)
{
	return __atomic_load_n(&wall.nmoves, __ATOMIC_SEQ_CST);
}

/* The moment at which wall time will be @at_ns, which may be past. */
static uint64_t moment_of_wall(uint64_t at_ns)
{
	const uint64_t wall_ns = uk_time_wall();

	return at_ns <= wall_ns ? 0 :
	       uk_time_add(uk_time_now(), at_ns - wall_ns);
}

/*
 * Block until @deadline_ns, a wake-up, or a change of *@nmoves since it was
 * @seen. Returns 0, or -EINTR.
 */
static int block(uint64_t deadline_ns, uint32_t seen)
{
	struct uk_thread *const self = uk_thread_current();
	int rc = 0;

	uk_thread_block_until(self, deadline_ns);
	if (uk_call_interrupted())
		rc = -EINTR;
	if (rc < 0 || moves() != seen)
		uk_thread_wake(self);
	else
		uk_sched_wait();
	return rc;
}

/* Sleep until @deadline_ns. Returns 0, or -EINTR. */
static int sleep_until(uint64_t deadline_ns)
{
	int rc = 0;

	uk_might_block();
	if (uk_time_now() >= deadline_ns)
		uk_sched_yield();
	while (rc == 0 && uk_time_now() < deadline_ns)
		rc = block(deadline_ns, moves());
	return rc;
}

/* Sleep until wall time is @at_ns. Likewise. */
static int sleep_until_wall(uint64_t at_ns)
{
	struct sleeper s = { .thread = uk_thread_current() };
	uint64_t deadline_ns;
	unsigned long irq;
	int rc = 0;

	uk_might_block();
	/* May raise the event, so before the lock is taken. */
	if (moment_of_wall(at_ns) == 0)
		return 0;

	irq = uk_spin_lock_irqsave(&wall.lock);
	uk_list_push_back(&wall.sleepers, &s.node);
	uk_spin_unlock_irqrestore(&wall.lock, irq);
	for (;;) {
		const uint32_t seen = moves();

		deadline_ns = moment_of_wall(at_ns);
		if (deadline_ns == 0 || rc < 0)
			break;
		rc = block(deadline_ns, seen);
	}
	irq = uk_spin_lock_irqsave(&wall.lock);
	uk_list_remove(&s.node);
	uk_spin_unlock_irqrestore(&wall.lock, irq);
	return deadline_ns ? rc : 0;
}

/* Sleep for @ns; what is left of it goes to @rem, which may be NULL. */
static int sleep_for(uint64_t ns, struct uk_abi_timespec *rem)
{
	const uint64_t deadline_ns = uk_time_add(uk_time_now(), ns);
	struct uk_abi_timespec left;
	uint64_t now_ns;

	if (sleep_until(deadline_ns) == 0)
		return 0;
	now_ns = uk_time_now();
	if (now_ns >= deadline_ns)
		return 0;
	left = uk_timespec_of(deadline_ns - now_ns);
	if (rem && ptime_put(rem, &left, sizeof(left)) < 0)
		return -EFAULT;
	return -EINTR;
}

/* Can one sleep by it? 0, or why not, before times are looked at. */
static int check_clock(int clk)
{
	switch (clk) {
	case UK_ABI_CLOCK_THREAD_CPUTIME_ID:
	case UK_ABI_CLOCK_MONOTONIC_RAW:
	case UK_ABI_CLOCK_REALTIME_COARSE:
	case UK_ABI_CLOCK_MONOTONIC_COARSE:
		return -EOPNOTSUPP;
	case UK_ABI_CLOCK_SGI_CYCLE:
		return -EINVAL;
	default:
		return clk > UK_ABI_CLOCK_TAI ? -EINVAL : 0;
	}
}

/*
 * Nobody sleeps by CPU time, nor by a clock that would wake the machine. That
 * of a thread is -EINVAL, as the caller's own is on Linux.
 */
static int refuse(int clk)
{
	uint64_t ns;

	if (clk < 0 && ((clk & UK_ABI_CPUCLOCK_THREAD) ||
			uk_posix_clock_get(clk, &ns) < 0))
		return -EINVAL;
	return -EOPNOTSUPP;
}

UK_SYSCALL_R_DEFINE(int, clock_nanosleep, int, clk, int, flags,
		    const struct uk_abi_timespec *, from,
		    struct uk_abi_timespec *, rem)
{
	const bool absolute = flags & UK_ABI_TIMER_ABSTIME;
	uint64_t ns;
	int rc = check_clock(clk);

	if (rc == 0)
		rc = uk_timespec_get(from, &ns);
	if (rc < 0)
		return rc;
	switch (clk) {
	case UK_ABI_CLOCK_REALTIME:
	case UK_ABI_CLOCK_TAI:
		return absolute ? sleep_until_wall(ns) : sleep_for(ns, rem);
	case UK_ABI_CLOCK_MONOTONIC:
	case UK_ABI_CLOCK_BOOTTIME:
		return absolute ? sleep_until(ns) : sleep_for(ns, rem);
	default:
		return refuse(clk);
	}
}

UK_SYSCALL_R_DEFINE(int, nanosleep, const struct uk_abi_timespec *, from,
		    struct uk_abi_timespec *, rem)
{
	uint64_t ns;
	const int rc = uk_timespec_get(from, &ns);

	return rc < 0 ? rc : sleep_for(ns, rem);
}
