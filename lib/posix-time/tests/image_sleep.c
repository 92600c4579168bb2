/* SPDX-License-Identifier: BSD-3-Clause */
/* Lower bounds and order only: the host may be busy. */
#include <uk/posix_time.h>

#include <stddef.h>
#include <stdint.h>

#include <uk/alloc.h>
#include <uk/call.h>
#include <uk/config.h>
#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/sched.h>
#include <uk/syscall.h>
#include <uk/test.h>
#include <uk/thread.h>

#include "wall_fixture.h"

#define BAD	16l
#define MS	UK_TIME_NS_PER_MS
#define SEC	UK_TIME_NS_PER_SEC
#define ABS	UK_ABI_TIMER_ABSTIME

static long nanosleep_of(int clk, int flags, long sec, long nsec)
{
	const struct uk_abi_timespec ts = { sec, nsec };

	return uk_syscall_r_clock_nanosleep(clk, flags, (long)&ts, BAD);
}

static long sleep_by(int clk, int flags, uint64_t ns)
{
	const struct uk_abi_timespec ts = uk_timespec_of(ns);

	return uk_syscall_r_clock_nanosleep(clk, flags, (long)&ts, 0);
}

static const int clocks[] = {
	UK_ABI_CLOCK_REALTIME, UK_ABI_CLOCK_MONOTONIC, UK_ABI_CLOCK_BOOTTIME,
	UK_ABI_CLOCK_TAI,
};

UK_TEST(posix_sleep, it_is_as_long_as_asked_by_each_clock)
{
	for (unsigned int i = 0; i < UK_ARRAY_SIZE(clocks); i++) {
		uint64_t before = uk_time_now(), shown;

		UK_EXPECT_EQ(sleep_by(clocks[i], 0, 2 * MS), 0);
		UK_EXPECT_GE(uk_time_now() - before, 2 * MS);

		before = uk_time_now();
		UK_EXPECT_EQ(uk_posix_clock_get(clocks[i], &shown), 0);
		UK_EXPECT_EQ(sleep_by(clocks[i], ABS, shown + 2 * MS), 0);
		UK_EXPECT_GE(uk_time_now() - before, 2 * MS);
	}
}

UK_TEST(posix_sleep, what_is_past_or_nothing_returns_at_once)
{
	for (unsigned int i = 0; i < UK_ARRAY_SIZE(clocks); i++) {
		UK_EXPECT_EQ(nanosleep_of(clocks[i], 0, 0, 0), 0);
		UK_EXPECT_EQ(nanosleep_of(clocks[i], ABS, 0, 0), 0);
		UK_EXPECT_EQ(nanosleep_of(clocks[i], ABS, 0, 1), 0);
		/* Other flags mean nothing. */
		UK_EXPECT_EQ(nanosleep_of(clocks[i], 2, 0, 0), 0);
	}
}

UK_TEST(posix_sleep, errors_come_in_the_order_of_linux)
{
	/* Of each clock: nothing to sleep, no time, a bad pointer. */
	static const struct {
		int clk, zero, invalid, bad;
	} want[] = {
		{ -1, -EINVAL, -EINVAL, -EFAULT },
		{ 0, 0, -EINVAL, -EFAULT },
		{ 1, 0, -EINVAL, -EFAULT },
		{ 3, -EOPNOTSUPP, -EOPNOTSUPP, -EOPNOTSUPP },
		{ 4, -EOPNOTSUPP, -EOPNOTSUPP, -EOPNOTSUPP },
		{ 5, -EOPNOTSUPP, -EOPNOTSUPP, -EOPNOTSUPP },
		{ 6, -EOPNOTSUPP, -EOPNOTSUPP, -EOPNOTSUPP },
		{ 7, 0, -EINVAL, -EFAULT },
		{ 8, -EOPNOTSUPP, -EINVAL, -EFAULT },
		{ 9, -EOPNOTSUPP, -EINVAL, -EFAULT },
		{ 10, -EINVAL, -EINVAL, -EINVAL },
		{ 11, 0, -EINVAL, -EFAULT },
		{ 12, -EINVAL, -EINVAL, -EINVAL },
		{ 77, -EINVAL, -EINVAL, -EINVAL },
	};

	for (unsigned int i = 0; i < UK_ARRAY_SIZE(want); i++) {
		const int clk = want[i].clk;

		UK_EXPECT_EQ(nanosleep_of(clk, 0, 0, 0), want[i].zero);
		UK_EXPECT_EQ(nanosleep_of(clk, ABS, -1, 0), want[i].invalid);
		UK_EXPECT_EQ(uk_syscall_r_clock_nanosleep(clk, 0, BAD, 0),
			     want[i].bad);
	}
	/* The number that clock_getcpuclockid(0) makes; that of a thread. */
	UK_EXPECT_EQ(nanosleep_of(-6, 0, 0, 0),
		     UK_IS_ENABLED(CONFIG_LIBUKSCHED_STATS) ? -EOPNOTSUPP
							    : -EINVAL);
	UK_EXPECT_EQ(nanosleep_of(-2, 0, 0, 0), -EINVAL);
	UK_EXPECT_EQ(nanosleep_of(1, 0, 0, 1000000000), -EINVAL);
	UK_EXPECT_EQ(nanosleep_of(1, 0, 0, -1), -EINVAL);
	UK_EXPECT_EQ(uk_syscall_r_nanosleep(BAD, 0), -EFAULT);
	UK_EXPECT_EQ(uk_syscall_r_nanosleep(0, 0), -EFAULT);
}

/* A thread that makes one call. */
static struct sleeping {
	struct uk_thread *thread;
	int clk, flags;
	struct uk_abi_timespec ts;
	long rem;		/* pointer for what is left */
	long result;
	bool done;		/* atomic */
} sl;

static void make_call(void *arg)
{
	struct sleeping *const s = arg;

	s->result = uk_syscall_r_clock_nanosleep(s->clk, s->flags,
						 (long)&s->ts, s->rem);
	__atomic_store_n(&s->done, true, __ATOMIC_RELEASE);
}

static bool is_done(void)
{
	return __atomic_load_n(&sl.done, __ATOMIC_ACQUIRE);
}

static void start(int clk, int flags, struct uk_abi_timespec ts, void *rem)
{
	struct uk_alloc *const a = uk_alloc_get_default();

	sl = (struct sleeping){
		.clk = clk, .flags = flags, .ts = ts, .rem = (long)rem,
		.result = 1,
	};
	sl.thread = uk_thread_create_fn1(a, make_call, &sl, a, 0, NULL, 0,
					 NULL, false, "sleep", NULL, NULL);
	UK_EXPECT_NOT_NULL(sl.thread);
	UK_EXPECT_EQ(uk_sched_thread_add(uk_sched_current(), sl.thread), 0);
	/* It is asleep by then, most likely: all holds if it is not. */
	uk_sched_thread_sleep(3 * MS);
}

static void end(void)
{
	uk_thread_join(sl.thread);
}

static void interrupt(void)
{
	uk_call_ask(&sl.thread->cur, UK_CALL_SIGNAL);
	uk_thread_wake(sl.thread);
}

/* It ends by itself; and if it does not, this does. */
static void end_itself(void)
{
	const uint64_t give_up_ns = uk_time_now() + 9 * SEC;

	while (!is_done() && uk_time_now() < give_up_ns)
		uk_sched_thread_sleep(MS);
	UK_EXPECT(is_done());
	interrupt();
	end();
	UK_EXPECT_EQ(sl.result, 0);
}

UK_TEST(posix_sleep, who_is_interrupted_is_told_what_is_left)
{
	struct uk_abi_timespec rem = { -1, -1 };

	start(UK_ABI_CLOCK_MONOTONIC, 0, uk_timespec_of(1000 * SEC), &rem);
	UK_EXPECT(!is_done());
	interrupt();
	end();
	UK_EXPECT_EQ(sl.result, -EINTR);
	UK_EXPECT(uk_timespec_is_valid(&rem));
	UK_EXPECT_LE(uk_timespec_ns(&rem), 1000 * SEC);
	UK_EXPECT_GT(uk_timespec_ns(&rem), 500 * SEC);

	start(UK_ABI_CLOCK_REALTIME, 0, uk_timespec_of(1000 * SEC), NULL);
	interrupt();
	end();
	UK_EXPECT_EQ(sl.result, -EINTR);

	start(UK_ABI_CLOCK_REALTIME, 0, uk_timespec_of(1000 * SEC),
	      (void *)BAD);
	interrupt();
	end();
	UK_EXPECT_EQ(sl.result, -EFAULT);
}

UK_TEST(posix_sleep, an_absolute_sleep_tells_nothing_when_interrupted)
{
	for (unsigned int i = 0; i < UK_ARRAY_SIZE(clocks); i++) {
		struct uk_abi_timespec rem = { -1, -1 };
		uint64_t now;

		UK_EXPECT_EQ(uk_posix_clock_get(clocks[i], &now), 0);
		start(clocks[i], ABS, uk_timespec_of(now + 1000 * SEC), &rem);
		UK_EXPECT(!is_done());
		interrupt();
		end();
		UK_EXPECT_EQ(sl.result, -EINTR);
		UK_EXPECT_EQ(rem.tv_sec, -1);
		UK_EXPECT_EQ(rem.tv_nsec, -1);
	}
}

UK_TEST(posix_sleep, the_longest_time_is_long)
{
	static const struct uk_abi_timespec most = { INT64_MAX, 999999999 };
	struct uk_abi_timespec rem = { -1, -1 };

	for (unsigned int i = 0; i < UK_ARRAY_SIZE(clocks); i++) {
		for (int flags = 0; flags <= ABS; flags++) {
			start(clocks[i], flags, most, &rem);
			UK_EXPECT(!is_done());
			interrupt();
			end();
			UK_EXPECT_EQ(sl.result, -EINTR);
		}
	}
	UK_EXPECT(uk_timespec_is_valid(&rem));
	UK_EXPECT_GT(rem.tv_sec, 1000000000);
}

UK_TEST(posix_sleep, setting_the_clock_ends_a_sleep_until_a_wall_time)
{
	const struct wall_kept kept = wall_keep();
	const uint64_t until = kept.wall_ns + 1000 * SEC;

	start(UK_ABI_CLOCK_REALTIME, ABS, uk_timespec_of(until), NULL);
	UK_EXPECT(!is_done());
	/* Further away than before. */
	uk_time_wall_set(until - 2000 * SEC);
	uk_sched_thread_sleep(3 * MS);
	UK_EXPECT(!is_done());
	uk_time_wall_set(until);
	end_itself();
	/* It did not take that long. */
	UK_EXPECT_LT(uk_time_now() - kept.now_ns, 500 * SEC);
	wall_restore(&kept);
}

UK_TEST(posix_sleep, setting_the_clock_leaves_all_other_sleeps)
{
	const struct wall_kept kept = wall_keep();

	start(UK_ABI_CLOCK_REALTIME, 0, uk_timespec_of(1000 * SEC), NULL);
	uk_time_wall_set(kept.wall_ns + 2000 * SEC);
	uk_sched_thread_sleep(3 * MS);
	UK_EXPECT(!is_done());
	interrupt();
	end();
	UK_EXPECT_EQ(sl.result, -EINTR);

	start(UK_ABI_CLOCK_MONOTONIC, ABS,
	      uk_timespec_of(uk_time_now() + 1000 * SEC), NULL);
	uk_time_wall_set(kept.wall_ns + 4000 * SEC);
	uk_sched_thread_sleep(3 * MS);
	UK_EXPECT(!is_done());
	interrupt();
	end();
	UK_EXPECT_EQ(sl.result, -EINTR);
	wall_restore(&kept);
}

UK_TEST(posix_sleep, a_clock_set_closer_makes_a_sleep_shorter)
{
	const struct wall_kept kept = wall_keep();
	const uint64_t until = kept.wall_ns + 1000 * SEC;

	start(UK_ABI_CLOCK_TAI, ABS, uk_timespec_of(until), NULL);
	uk_time_wall_set(until - 20 * MS);
	end_itself();
	UK_EXPECT_GE(uk_time_wall(), until);
	wall_restore(&kept);
}
