/* SPDX-License-Identifier: BSD-3-Clause */
#include <uk/posix_time.h>

#include <stddef.h>
#include <stdint.h>

#include <uk/alloc.h>
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

/* Made by pthread_getcpuclockid(3) and clock_getcpuclockid(3). */
#define CPU_CLOCK(id, which)	((int)(~(unsigned int)(id) << 3 | (which)))

static uint64_t get(int clk)
{
	struct uk_abi_timespec ts = { -1, -1 };

	UK_EXPECT_EQ(uk_syscall_r_clock_gettime(clk, (long)&ts), 0);
	UK_EXPECT(uk_timespec_is_valid(&ts));
	return uk_timespec_ns(&ts);
}

static long settime(int clk, long sec, long nsec)
{
	const struct uk_abi_timespec ts = { sec, nsec };

	return uk_syscall_r_clock_settime(clk, (long)&ts);
}

UK_TEST(posix_clock, each_clock_tells_what_it_is_for)
{
	static const int mono[] = {
		UK_ABI_CLOCK_MONOTONIC, UK_ABI_CLOCK_MONOTONIC_RAW,
		UK_ABI_CLOCK_MONOTONIC_COARSE, UK_ABI_CLOCK_BOOTTIME,
	};
	static const int wall[] = {
		UK_ABI_CLOCK_REALTIME, UK_ABI_CLOCK_REALTIME_COARSE,
		UK_ABI_CLOCK_TAI,
	};
	uint64_t last = uk_time_now();

	for (unsigned int i = 0; i < UK_ARRAY_SIZE(mono); i++) {
		const uint64_t ns = get(mono[i]);

		UK_EXPECT_GE(ns, last);
		last = ns;
	}
	UK_EXPECT_GE(uk_time_now(), last);
	last = uk_time_wall();
	for (unsigned int i = 0; i < UK_ARRAY_SIZE(wall); i++) {
		const uint64_t ns = get(wall[i]);

		UK_EXPECT_GE(ns, last);
		last = ns;
	}
	UK_EXPECT_GE(uk_time_wall(), last);
}

UK_TEST(posix_clock, an_unknown_clock_is_refused_before_the_pointer)
{
	static const int none[] = { 8, 9, 10, 12, 16, INT32_MAX, INT32_MIN,
				    -1, -5 };

	for (unsigned int i = 0; i < UK_ARRAY_SIZE(none); i++) {
		UK_EXPECT_EQ(uk_syscall_r_clock_gettime(none[i], BAD),
			     -EINVAL);
		UK_EXPECT_EQ(uk_syscall_r_clock_getres(none[i], BAD), -EINVAL);
		UK_EXPECT_EQ(uk_syscall_r_clock_getres(none[i], 0), -EINVAL);
	}
	UK_EXPECT_EQ(uk_syscall_r_clock_gettime(0, BAD), -EFAULT);
	UK_EXPECT_EQ(uk_syscall_r_clock_gettime(1, 0), -EFAULT);
	/* The number is an int: what is above that is not looked at. */
	UK_EXPECT_EQ(uk_syscall_r_clock_gettime(0x100000001, BAD), -EFAULT);
}

UK_TEST(posix_clock, the_resolution_is_that_of_readings)
{
	struct uk_abi_timespec ts = { -1, -1 };

	UK_EXPECT_EQ(uk_syscall_r_clock_getres(1, (long)&ts), 0);
	UK_EXPECT_EQ(uk_timespec_ns(&ts), uk_time_resolution());
	UK_EXPECT_EQ(uk_syscall_r_clock_getres(0, 0), 0);
	UK_EXPECT_EQ(uk_syscall_r_clock_getres(0, BAD), -EFAULT);
}

UK_TEST(posix_clock, only_realtime_is_set)
{
	const struct wall_kept kept = wall_keep();
	const uint64_t mono = get(UK_ABI_CLOCK_MONOTONIC);

	UK_EXPECT_EQ(settime(0, 2000000000, 5), 0);
	UK_EXPECT_GE(get(0), 2000000000 * SEC + 5);
	UK_EXPECT_GE(get(UK_ABI_CLOCK_TAI), 2000000000 * SEC + 5);
	UK_EXPECT_LT(get(0), 2000001000 * SEC);
	for (int clk = 1; clk < 20; clk++) {
		UK_EXPECT_EQ(settime(clk, 1000000000, 0), -EINVAL);
		UK_EXPECT_EQ(uk_syscall_r_clock_settime(clk, BAD), -EINVAL);
	}
	UK_EXPECT_GE(get(0), 2000000000 * SEC);
	UK_EXPECT_GE(get(UK_ABI_CLOCK_MONOTONIC), mono);
	UK_EXPECT_LT(get(UK_ABI_CLOCK_MONOTONIC) - mono, 1000 * SEC);
	wall_restore(&kept);
}

UK_TEST(posix_clock, what_is_no_time_to_set_is_refused)
{
	const uint64_t before = get(0);

	UK_EXPECT_EQ(uk_syscall_r_clock_settime(0, BAD), -EFAULT);
	UK_EXPECT_EQ(settime(0, -1, 0), -EINVAL);
	UK_EXPECT_EQ(settime(0, 2000000000, 1000000000), -EINVAL);
	UK_EXPECT_EQ(settime(0, 2000000000, -1), -EINVAL);
	UK_EXPECT_EQ(settime(0, INT64_MAX, 0), -EINVAL);
	UK_EXPECT_EQ(settime(0, 8277292036, 0), -EINVAL);
	/* Before boot, that would be. */
	UK_EXPECT_EQ(settime(0, 0, 0), -EINVAL);
	UK_EXPECT_EQ(uk_syscall_r_clock_settime(-1, BAD), -EFAULT);
	UK_EXPECT_EQ(settime(-1, -1, -1), -EINVAL);
	UK_EXPECT_GE(get(0), before);
	UK_EXPECT_LT(get(0) - before, 1000 * SEC);
}

static void burn(void *arg)
{
	const uint64_t end = uk_time_now() + *(uint64_t *)arg;

	while (uk_time_now() < end)
		;
}

static void burn_in_a_thread(uint64_t ns)
{
	struct uk_alloc *const a = uk_alloc_get_default();
	struct uk_thread *const t = uk_thread_create_fn1(
		a, burn, &ns, a, 0, NULL, 0, NULL, false, "burn", NULL, NULL);

	UK_EXPECT_NOT_NULL(t);
	UK_EXPECT_EQ(uk_sched_thread_add(uk_sched_current(), t), 0);
	uk_thread_join(t);
}

UK_TEST(posix_clock_cpu, without_counters_there_is_no_cpu_time)
{
	struct uk_abi_tms tms = { .tms_utime = 5 };

	if (UK_IS_ENABLED(CONFIG_LIBUKSCHED_STATS))
		UK_TEST_SKIP("this image counts");
	for (int clk = 2; clk <= 3; clk++) {
		UK_EXPECT_EQ(uk_syscall_r_clock_gettime(clk, BAD), -EINVAL);
		UK_EXPECT_EQ(uk_syscall_r_clock_getres(clk, 0), -EINVAL);
	}
	UK_EXPECT_EQ(uk_syscall_r_clock_gettime(CPU_CLOCK(0, 6), BAD),
		     -EINVAL);
	UK_EXPECT_GE(uk_syscall_r_times((long)&tms), 0);
	UK_EXPECT_EQ(tms.tms_utime, 0);
}

UK_TEST(posix_clock_cpu, work_counts_and_sleep_does_not)
{
	uint64_t own, all, slept, mono, work_ns = 20 * MS;

	if (!UK_IS_ENABLED(CONFIG_LIBUKSCHED_STATS))
		UK_TEST_SKIP("nobody counts");
	own = get(UK_ABI_CLOCK_THREAD_CPUTIME_ID);
	all = get(UK_ABI_CLOCK_PROCESS_CPUTIME_ID);
	/* Its rate may have been measured, to some per cent on a busy host. */
	mono = uk_time_now();
	burn(&work_ns);
	slept = get(UK_ABI_CLOCK_THREAD_CPUTIME_ID);
	UK_EXPECT_GE(slept, own + work_ns / 2);
	UK_EXPECT_LE(slept - own, 2 * (uk_time_now() - mono));
	uk_sched_thread_sleep(200 * MS);
	UK_EXPECT_LT(get(UK_ABI_CLOCK_THREAD_CPUTIME_ID) - slept, 150 * MS);
	UK_EXPECT_GE(get(UK_ABI_CLOCK_PROCESS_CPUTIME_ID), all + work_ns / 2);
	UK_EXPECT_GE(get(CPU_CLOCK(0, 6)), slept);
	UK_EXPECT_GE(get(CPU_CLOCK(0, 2)), all);
	UK_EXPECT_EQ(uk_syscall_r_clock_gettime(CPU_CLOCK(1 << 23, 6), BAD),
		     -EINVAL);
	UK_EXPECT_EQ(uk_syscall_r_clock_gettime(CPU_CLOCK(1 << 23, 2), BAD),
		     -EINVAL);
	UK_EXPECT_EQ(uk_syscall_r_clock_gettime(CPU_CLOCK(0, 7), BAD),
		     -EINVAL);
	UK_EXPECT_EQ(settime(CPU_CLOCK(0, 6), 1, 1), -EPERM);
}

UK_TEST(posix_clock_cpu, threads_that_are_gone_count_in_the_process)
{
	uint64_t own, all, last;

	if (!UK_IS_ENABLED(CONFIG_LIBUKSCHED_STATS))
		UK_TEST_SKIP("nobody counts");
	own = get(UK_ABI_CLOCK_THREAD_CPUTIME_ID);
	all = last = get(UK_ABI_CLOCK_PROCESS_CPUTIME_ID);
	for (unsigned int i = 0; i < 10; i++) {
		burn_in_a_thread(2 * MS);
		UK_EXPECT_GE(get(UK_ABI_CLOCK_PROCESS_CPUTIME_ID), last);
		last = get(UK_ABI_CLOCK_PROCESS_CPUTIME_ID);
	}
	UK_EXPECT_GE(last - all, 10 * MS);
	UK_EXPECT_LT(get(UK_ABI_CLOCK_THREAD_CPUTIME_ID) - own, last - all);
}

UK_TEST(posix_clock_cpu, main_and_the_process_are_asked_for_by_number)
{
	uint64_t own, all;

	if (!UK_IS_ENABLED(CONFIG_LIBUKSCHED_STATS) ||
	    !UK_IS_ENABLED(CONFIG_LIBPOSIX_TIME_NUMBERS))
		UK_TEST_SKIP("nobody counts, or has a number");
	/* It runs the cases. */
	own = get(UK_ABI_CLOCK_THREAD_CPUTIME_ID);
	all = get(UK_ABI_CLOCK_PROCESS_CPUTIME_ID);
	UK_EXPECT_GE(get(CPU_CLOCK(1, 6)), own);
	UK_EXPECT_GE(get(CPU_CLOCK(1, 2)), all);
	own = get(CPU_CLOCK(1, 4));
	UK_EXPECT_GE(get(CPU_CLOCK(0, 6)), own);
}

UK_TEST(posix_clock, the_older_calls_tell_the_same)
{
	struct uk_abi_timezone tz = { 7, 7 };
	struct uk_abi_timeval tv = { -1, -1 };
	uint64_t before = get(0);
	long sec = 0, ticks;

	UK_EXPECT_EQ(uk_syscall_r_gettimeofday((long)&tv, (long)&tz), 0);
	UK_EXPECT_GE((uint64_t)tv.tv_sec * SEC + (uint64_t)tv.tv_usec * 1000,
		     before / 1000 * 1000);
	UK_EXPECT_LT((unsigned long)tv.tv_usec, 1000000);
	UK_EXPECT_EQ(tz.tz_minuteswest, 0);
	UK_EXPECT_EQ(tz.tz_dsttime, 0);
	UK_EXPECT_EQ(uk_syscall_r_gettimeofday(0, 0), 0);
	UK_EXPECT_EQ(uk_syscall_r_gettimeofday(BAD, 0), -EFAULT);
	UK_EXPECT_EQ(uk_syscall_r_gettimeofday((long)&tv, BAD), -EFAULT);

	UK_EXPECT_GE(uk_syscall_r_time(0), (long)(before / SEC));
	UK_EXPECT_GE(uk_syscall_r_time((long)&sec), (long)(before / SEC));
	UK_EXPECT_GE(sec, (long)(before / SEC));
	UK_EXPECT_EQ(uk_syscall_r_time(BAD), -EFAULT);

	before = uk_time_now();
	ticks = uk_syscall_r_times(0);
	UK_EXPECT_GE(ticks, (long)(before / (SEC / 100)));
	UK_EXPECT_LE(ticks, (long)(uk_time_now() / (SEC / 100)));
	UK_EXPECT_EQ(uk_syscall_r_times(BAD), -EFAULT);
}

static long set_day(long sec, long usec, long tz)
{
	const struct uk_abi_timeval tv = { sec, usec };

	return uk_syscall_r_settimeofday((long)&tv, tz);
}

UK_TEST(posix_clock, settimeofday_sets_all_or_nothing)
{
	const struct wall_kept kept = wall_keep();
	struct uk_abi_timezone tz = { 901, 0 }, got = { 0, 0 };

	UK_EXPECT_EQ(uk_syscall_r_settimeofday(BAD, 0), -EFAULT);
	UK_EXPECT_EQ(uk_syscall_r_settimeofday(0, BAD), -EFAULT);
	UK_EXPECT_EQ(set_day(2000000000, 1000000, BAD), -EINVAL);
	UK_EXPECT_EQ(set_day(2000000000, -1, 0), -EINVAL);
	UK_EXPECT_EQ(set_day(2000000000, 0, BAD), -EFAULT);
	UK_EXPECT_EQ(set_day(-1, 0, 0), -EINVAL);
	UK_EXPECT_EQ(set_day(2000000000, 0, (long)&tz), -EINVAL);
	UK_EXPECT_LT(get(0), kept.wall_ns + 1000 * SEC);

	tz = (struct uk_abi_timezone){ -60, 1 };
	UK_EXPECT_EQ(set_day(-1, 0, (long)&tz), -EINVAL);
	UK_EXPECT_EQ(uk_syscall_r_gettimeofday(0, (long)&got), 0);
	UK_EXPECT_EQ(got.tz_minuteswest, 0);
	UK_EXPECT_EQ(set_day(2000000000, 999999, (long)&tz), 0);
	UK_EXPECT_GE(get(0), 2000000000 * SEC + 999999000);
	UK_EXPECT_EQ(uk_syscall_r_gettimeofday(0, (long)&got), 0);
	UK_EXPECT_EQ(got.tz_minuteswest, -60);
	UK_EXPECT_EQ(got.tz_dsttime, 1);

	tz = (struct uk_abi_timezone){ 0, 0 };
	UK_EXPECT_EQ(uk_syscall_r_settimeofday(0, (long)&tz), 0);
	wall_restore(&kept);
}

UK_TEST(posix_clock, adjtimex_tells_of_a_clock_that_nobody_disciplines)
{
	struct uk_abi_timex tx = { .modes = 0, .offset = 99 };
	const uint64_t before = get(0);

	UK_EXPECT_EQ(uk_syscall_r_adjtimex((long)&tx), UK_ABI_TIME_ERROR);
	UK_EXPECT_EQ(tx.status, UK_ABI_STA_UNSYNC);
	UK_EXPECT_EQ(tx.tick, 10000);
	UK_EXPECT_EQ(tx.offset, 0);
	UK_EXPECT_GE((uint64_t)tx.time.tv_sec * SEC +
		     (uint64_t)tx.time.tv_usec * 1000, before / 1000 * 1000);
	tx.modes = UK_ABI_ADJ_OFFSET_SS_READ;
	UK_EXPECT_EQ(uk_syscall_r_clock_adjtime(0, (long)&tx),
		     UK_ABI_TIME_ERROR);
	UK_EXPECT_EQ(tx.modes, UK_ABI_ADJ_OFFSET_SS_READ);
}

UK_TEST(posix_clock, adjtimex_changes_nothing)
{
	struct uk_abi_timex tx = { .modes = 1, .offset = 99 };

	UK_EXPECT_EQ(uk_syscall_r_adjtimex((long)&tx), -EPERM);
	UK_EXPECT_EQ(tx.offset, 99);
	tx.modes = UK_ABI_ADJ_OFFSET_SINGLESHOT;
	UK_EXPECT_EQ(uk_syscall_r_adjtimex((long)&tx), -EPERM);
	tx.modes = 0x8000;
	UK_EXPECT_EQ(uk_syscall_r_adjtimex((long)&tx), -EINVAL);
	UK_EXPECT_EQ(uk_syscall_r_adjtimex(BAD), -EFAULT);
	UK_EXPECT_EQ(uk_syscall_r_clock_adjtime(77, BAD), -EFAULT);
	UK_EXPECT_EQ(uk_syscall_r_clock_adjtime(77, (long)&tx), -EINVAL);
	UK_EXPECT_EQ(uk_syscall_r_clock_adjtime(10, (long)&tx), -EINVAL);
	UK_EXPECT_EQ(uk_syscall_r_clock_adjtime(1, (long)&tx), -EOPNOTSUPP);
	UK_EXPECT_EQ(uk_syscall_r_clock_adjtime(-6, (long)&tx), -EOPNOTSUPP);
}
