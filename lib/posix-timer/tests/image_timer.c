/* SPDX-License-Identifier: BSD-3-Clause */
/* Lower bounds and order only: the host may be busy. */
#include <uk/abi/resource.h>
#include <uk/print.h>
#include <uk/thread.h>

#include "timer_fixture.h"

#define ABS		UK_ABI_TIMER_ABSTIME
#define REALTIME	UK_ABI_CLOCK_REALTIME
#define MONOTONIC	UK_ABI_CLOCK_MONOTONIC

static long create(int clk, const struct uk_abi_sigevent *ev, int *id)
{
	return uk_syscall_r_timer_create(clk, (long)ev, (long)id);
}

/* One that sends SIGUSR1 with @value. */
static int make(int clk, uint64_t value)
{
	const struct uk_abi_sigevent ev = { .value = value, .signo = USR1 };
	int id = -1;

	UK_EXPECT_EQ(create(clk, &ev, &id), 0);
	UK_EXPECT_GE(id, 0);
	return id;
}

static long set(int id, int flags, uint64_t value_ns, uint64_t interval_ns)
{
	const struct uk_abi_itimerspec spec = {
		.it_interval = uk_timespec_of(interval_ns),
		.it_value = uk_timespec_of(value_ns),
	};

	return uk_syscall_r_timer_settime(id, flags, (long)&spec, 0);
}

/* What is left; the interval goes to *@interval_ns. */
static uint64_t left(int id, uint64_t *interval_ns)
{
	struct uk_abi_itimerspec spec;

	UK_EXPECT_EQ(uk_syscall_r_timer_gettime(id, (long)&spec), 0);
	*interval_ns = uk_timespec_ns(&spec.it_interval);
	return uk_timespec_ns(&spec.it_value);
}

static long overrun(int id)
{
	return uk_syscall_r_timer_getoverrun(id);
}

static void drop(int id)
{
	UK_EXPECT_EQ(uk_syscall_r_timer_delete(id), 0);
}

UK_TEST(posix_timer, a_signal_comes_when_its_time_has)
{
	static const int clocks[] = { 0, 1, 7, 11 };
	struct uk_abi_siginfo info;
	uint64_t interval;

	uk_test_set_mask(BIT(USR1));
	for (unsigned int i = 0; i < UK_ARRAY_SIZE(clocks); i++) {
		const int id = make(clocks[i], 77);
		const uint64_t before = uk_time_now();

		UK_EXPECT_EQ(set(id, 0, 2 * MS, 0), 0);
		UK_EXPECT_EQ(take(BIT(USR1), 1000 * SEC, &info), USR1);
		UK_EXPECT_GE(uk_time_now() - before, 2 * MS);
		UK_EXPECT_EQ(info.code, UK_ABI_SI_TIMER);
		UK_EXPECT_EQ(info.timer.id, id);
		UK_EXPECT_EQ(info.timer.overrun, 0);
		UK_EXPECT_EQ(info.timer.value, 77);
		UK_EXPECT_EQ(left(id, &interval), 0);
		UK_EXPECT_EQ(interval, 0);
		drop(id);
	}
	uk_test_set_mask(0);
}

UK_TEST(posix_timer, by_itself_it_is_sigalrm_with_the_timers_number)
{
	struct uk_abi_siginfo info;
	int id = -1;

	uk_test_set_mask(BIT(ALRM));
	UK_EXPECT_EQ(create(MONOTONIC, NULL, &id), 0);
	UK_EXPECT_EQ(set(id, 0, 1, 0), 0);
	UK_EXPECT_EQ(take(BIT(ALRM), 1000 * SEC, &info), ALRM);
	UK_EXPECT_EQ(info.timer.value, (uint64_t)id);
	drop(id);
	uk_test_set_mask(0);
}

static unsigned int nhandled;

static void count(int sig UK_UNUSED, struct uk_abi_siginfo *info UK_UNUSED,
		  void *uc UK_UNUSED)
{
	nhandled++;
}

UK_TEST(posix_timer, a_handler_ends_the_call_that_waits)
{
	const struct uk_abi_timespec ts = { .tv_sec = 1000 };
	const int id = make(MONOTONIC, 0);

	nhandled = 0;
	UK_EXPECT_EQ(uk_test_act(USR1, count, 0, 0), 0);
	UK_EXPECT_EQ(set(id, 0, 2 * MS, 0), 0);
	UK_EXPECT_EQ(uk_syscall_r_nanosleep((long)&ts, 0), -EINTR);
	UK_EXPECT_EQ(nhandled, 1);
	UK_EXPECT_EQ(uk_test_act_plain(USR1, UK_ABI_SIG_DFL), 0);
	drop(id);
}

UK_TEST(posix_timer, what_expired_while_its_signal_waited_is_overrun)
{
	const int id = make(MONOTONIC, 0);
	struct uk_abi_siginfo info;
	uint64_t before, interval;
	long n;

	uk_test_set_mask(BIT(USR1));
	before = uk_time_now();
	UK_EXPECT_EQ(set(id, 0, MS, MS), 0);
	uk_sched_thread_sleep(20 * MS);
	UK_EXPECT_EQ(overrun(id), 0);
	UK_EXPECT_EQ(take(BIT(USR1), 1000 * SEC, &info), USR1);
	n = overrun(id);
	UK_EXPECT_EQ(info.timer.overrun, n);
	UK_EXPECT_GE(n, 19);
	UK_EXPECT_LE((uint64_t)n + 1, (uk_time_now() - before) / MS);
	UK_EXPECT_LE(left(id, &interval), MS);
	UK_EXPECT_EQ(interval, MS);
	/* It goes on. */
	UK_EXPECT_EQ(take(BIT(USR1), 1000 * SEC, &info), USR1);
	UK_EXPECT_EQ(overrun(id), info.timer.overrun);
	drop(id);
	uk_test_set_mask(0);
}

UK_TEST(posix_timer, the_shortest_interval_is_no_storm)
{
	const int id = make(MONOTONIC, 0);
	struct uk_abi_siginfo info;

	uk_test_set_mask(BIT(USR1));
	UK_EXPECT_EQ(set(id, 0, 1, 1), 0);
	uk_sched_thread_sleep(2 * MS);
	UK_EXPECT_EQ(take(BIT(USR1), 1000 * SEC, &info), USR1);
	UK_EXPECT_GE(info.timer.overrun, 2 * (int)MS - 2);
	drop(id);
	uk_test_set_mask(0);
}

/* Wait until the signal of a timer waits. */
static void until_sent(void)
{
	while (!(uk_test_pending_now() & BIT(USR1)))
		uk_sched_yield();
}

UK_TEST(posix_timer, setting_and_deleting_take_back_a_signal_that_waits)
{
	const int id = make(MONOTONIC, 0);
	const int other = make(MONOTONIC, 5);
	struct uk_abi_siginfo info;
	uint64_t interval;

	uk_test_set_mask(BIT(USR1));
	UK_EXPECT_EQ(set(id, 0, 1, MS), 0);
	until_sent();
	UK_EXPECT_EQ(set(id, 0, 0, 5), 0);
	UK_EXPECT_EQ(uk_test_pending_now(), 0);
	UK_EXPECT_EQ(overrun(id), 0);
	/* Without a value there is no interval. */
	UK_EXPECT_EQ(left(id, &interval), 0);
	UK_EXPECT_EQ(interval, 0);
	UK_EXPECT_EQ(set(id, 0, 1, 0), 0);
	until_sent();
	UK_EXPECT_EQ(set(other, 0, 1, 0), 0);
	uk_sched_thread_sleep(2 * MS);
	drop(id);
	/* Another one's of that number still does. */
	UK_EXPECT_EQ(take(BIT(USR1), 0, &info), USR1);
	UK_EXPECT_EQ(info.timer.value, 5);
	UK_EXPECT_EQ(take(BIT(USR1), 0, &info), -EAGAIN);
	drop(other);
	uk_test_set_mask(0);
}

struct taker {
	int tid;		/* atomic */
	long rc;
	struct uk_abi_siginfo info;
};

static void take_one(void *arg)
{
	struct taker *const t = arg;

	uk_test_set_mask(BIT(USR1));
	__atomic_store_n(&t->tid, (int)uk_syscall_r_gettid(),
			 __ATOMIC_RELEASE);
	t->rc = take(BIT(USR1), 1000 * SEC, &t->info);
}

UK_TEST(posix_timer, it_sends_to_one_thread_if_that_is_wished)
{
	struct taker t = { .tid = 0 };
	struct uk_thread *const thread = uk_test_spawn(take_one, &t);
	struct uk_abi_sigevent ev = {
		.signo = USR1, .notify = UK_ABI_SIGEV_THREAD_ID, .value = 9,
	};
	int id = -1;

	while (!__atomic_load_n(&t.tid, __ATOMIC_ACQUIRE))
		uk_sched_yield();
	ev.tid = t.tid;
	UK_EXPECT_EQ(create(MONOTONIC, &ev, &id), 0);
	uk_test_set_mask(BIT(USR1));
	UK_EXPECT_EQ(set(id, 0, 1, 0), 0);
	uk_thread_join(thread);
	UK_EXPECT_EQ(t.rc, USR1);
	UK_EXPECT_EQ(t.info.timer.value, 9);
	/* It is gone: nobody gets any. */
	UK_EXPECT_EQ(set(id, 0, 1, MS), 0);
	uk_sched_thread_sleep(3 * MS);
	UK_EXPECT_EQ(uk_test_pending_now(), 0);
	drop(id);
	UK_EXPECT_EQ(create(MONOTONIC, &ev, &id), -EINVAL);
	uk_test_set_mask(0);
}

UK_TEST(posix_timer, one_that_sends_nothing_tells_what_is_left)
{
	const struct uk_abi_sigevent ev = { .notify = UK_ABI_SIGEV_NONE };
	uint64_t interval;
	int id = -1;

	UK_EXPECT_EQ(create(MONOTONIC, &ev, &id), 0);
	UK_EXPECT_EQ(set(id, 0, MS, 300000), 0);
	uk_sched_thread_sleep(5 * MS);
	UK_EXPECT_LE(left(id, &interval), 300000);
	UK_EXPECT_EQ(interval, 300000);
	UK_EXPECT_EQ(overrun(id), 0);
	UK_EXPECT_EQ(set(id, ABS, 5, 0), 0);
	UK_EXPECT_EQ(left(id, &interval), 0);
	drop(id);
}

UK_TEST(posix_timer, an_absolute_time_of_wall_time_moves_with_the_clock)
{
	const uint64_t wall_ns = uk_time_wall(), now_ns = uk_time_now();
	const int id = make(REALTIME, 1), rel = make(REALTIME, 2);
	struct uk_abi_siginfo info;

	uk_test_set_mask(BIT(USR1));
	UK_EXPECT_EQ(set(id, ABS, wall_ns + 1000 * SEC, 0), 0);
	UK_EXPECT_EQ(set(rel, 0, 1000 * SEC, 0), 0);
	UK_EXPECT_EQ(take(BIT(USR1), 2 * MS, &info), -EAGAIN);
	uk_time_wall_set(wall_ns + 1001 * SEC);
	UK_EXPECT_EQ(take(BIT(USR1), 1000 * SEC, &info), USR1);
	UK_EXPECT_EQ(info.timer.value, 1);
	UK_EXPECT_EQ(take(BIT(USR1), 2 * MS, &info), -EAGAIN);
	uk_time_wall_set(wall_ns + (uk_time_now() - now_ns));
	/* A past one has come already. */
	UK_EXPECT_EQ(set(id, ABS, 1, 0), 0);
	UK_EXPECT_EQ(take(BIT(USR1), 1000 * SEC, &info), USR1);
	drop(id);
	drop(rel);
	uk_test_set_mask(0);
}

UK_TEST(posix_timer, who_ignores_its_signal_gets_it_when_he_listens_again)
{
	const int id = make(MONOTONIC, 0), once = make(MONOTONIC, 0);

	nhandled = 0;
	UK_EXPECT_EQ(uk_test_act_plain(USR1, UK_ABI_SIG_IGN), 0);
	UK_EXPECT_EQ(set(id, 0, 1, 1000 * SEC), 0);
	UK_EXPECT_EQ(set(once, 0, 1, 0), 0);
	uk_sched_thread_sleep(2 * MS);
	UK_EXPECT_EQ(uk_test_act(USR1, count, 0, 0), 0);
	UK_EXPECT_EQ(nhandled, 1);
	/* Dropped while it waits, too. */
	uk_test_set_mask(BIT(USR1));
	UK_EXPECT_EQ(set(id, 0, 1, 1000 * SEC), 0);
	until_sent();
	UK_EXPECT_EQ(uk_test_act_plain(USR1, UK_ABI_SIG_IGN), 0);
	UK_EXPECT_EQ(uk_test_pending_now(), 0);
	UK_EXPECT_EQ(uk_test_act(USR1, count, 0, 0), 0);
	uk_test_set_mask(0);
	UK_EXPECT_EQ(nhandled, 2);
	UK_EXPECT_EQ(uk_test_act_plain(USR1, UK_ABI_SIG_DFL), 0);
	drop(id);
	drop(once);
}

UK_TEST(posix_timer, clocks_without_timers_are_told_from_those_that_are_none)
{
	static const int unsupported[] = { 4, 5, 6, 8, 9, -5 };
	static const int none[] = { 10, 12, 77, -1, ~77 * 8, ~77 * 8 + 4 };
	int id = -77;

	for (unsigned int i = 0; i < UK_ARRAY_SIZE(unsupported); i++)
		UK_EXPECT_EQ(create(unsupported[i], NULL, &id), -EOPNOTSUPP);
	for (unsigned int i = 0; i < UK_ARRAY_SIZE(none); i++)
		UK_EXPECT_EQ(create(none[i], NULL, &id), -EINVAL);
	UK_EXPECT_EQ(id, -77);
}

UK_TEST(posix_timer, bad_requests_are_refused_as_on_linux)
{
	static const struct { int notify, signo, rc; } evs[] = {
		{ 0, 0, -EINVAL }, { 0, 65, -EINVAL }, { 0, -1, -EINVAL },
		{ 1, 99, 0 }, { 2, 0, -EINVAL }, { 2, 10, 0 },
		{ 3, 10, -EINVAL }, { 5, 10, -EINVAL }, { 6, 10, -EINVAL },
		{ 4, 10, -EINVAL },
	};
	const struct uk_abi_itimerspec bad = { .it_value = { -1, 0 } };
	const struct uk_abi_itimerspec good = { .it_value = { 1000, 0 } };
	int id = make(MONOTONIC, 0), other = -1;

	for (unsigned int i = 0; i < UK_ARRAY_SIZE(evs); i++) {
		const struct uk_abi_sigevent ev = {
			.notify = evs[i].notify, .signo = evs[i].signo,
			.tid = 77777,
		};

		UK_EXPECT_EQ(create(MONOTONIC, &ev, &other), evs[i].rc);
		if (evs[i].rc == 0)
			drop(other);
	}
	UK_EXPECT_EQ(uk_syscall_r_timer_create(77, BAD, BAD), -EFAULT);
	UK_EXPECT_EQ(uk_syscall_r_timer_create(77, 0, BAD), -EINVAL);
	UK_EXPECT_EQ(uk_syscall_r_timer_create(1, 0, BAD), -EFAULT);
	UK_EXPECT_EQ(uk_syscall_r_timer_settime(-5, 0, 0, 0), -EINVAL);
	UK_EXPECT_EQ(uk_syscall_r_timer_settime(-5, 0, BAD, 0), -EFAULT);
	UK_EXPECT_EQ(uk_syscall_r_timer_settime(id, 0, (long)&bad, 0),
		     -EINVAL);
	UK_EXPECT_EQ(uk_syscall_r_timer_settime(-5, 0, (long)&good, BAD),
		     -EINVAL);
	UK_EXPECT_EQ(uk_syscall_r_timer_settime(id, 0, (long)&good, BAD),
		     -EFAULT);
	UK_EXPECT_EQ(uk_syscall_r_timer_gettime(-5, BAD), -EINVAL);
	UK_EXPECT_EQ(uk_syscall_r_timer_gettime(id, BAD), -EFAULT);
	UK_EXPECT_EQ(overrun(-5), -EINVAL);
	drop(id);
	UK_EXPECT_EQ(uk_syscall_r_timer_delete(id), -EINVAL);
}

UK_TEST(posix_timer, there_are_no_more_than_the_limit_says_nor_than_memory)
{
	struct uk_abi_rlimit was, low;
	int id = -1;

	UK_EXPECT_EQ(uk_syscall_r_getrlimit(UK_ABI_RLIMIT_SIGPENDING,
					    (long)&was), 0);
	low = (struct uk_abi_rlimit){ 0, was.max };
	UK_EXPECT_EQ(uk_syscall_r_setrlimit(UK_ABI_RLIMIT_SIGPENDING,
					    (long)&low), 0);
	UK_EXPECT_EQ(create(MONOTONIC, NULL, &id), -EAGAIN);
	UK_EXPECT_EQ(uk_syscall_r_setrlimit(UK_ABI_RLIMIT_SIGPENDING,
					    (long)&was), 0);
	uk_test_fail_nth(1);
	UK_EXPECT_EQ(create(MONOTONIC, NULL, &id), -EAGAIN);
	uk_test_fail_nth(0);
	UK_EXPECT_EQ(id, -1);
}

/* Use CPU time until a signal waits. Returns how much time that took. */
static uint64_t burn_until_sent(void)
{
	const uint64_t before = uk_time_now();

	while (!(uk_test_pending_now() & BIT(USR1)))
		burn(MS / 4);
	return uk_time_now() - before;
}

/* Numbers in the first @n, each once, in an order that is not theirs. */
static unsigned int nth(unsigned int i, unsigned int n)
{
	/* Prime, and no divisor of what @n is here. */
	return (unsigned int)((uint64_t)i * 7919 % n);
}

/*
 * Make up to @most timers, find each, and delete them all; every 64th counts.
 * Returns how many there were.
 */
static unsigned int make_many(unsigned int most)
{
	const struct uk_abi_sigevent ev = { .notify = UK_ABI_SIGEV_NONE };
	struct uk_abi_rlimit was, high;
	unsigned int n = 0;
	uint64_t interval;
	int first = -1, id;

	UK_EXPECT_EQ(uk_syscall_r_getrlimit(UK_ABI_RLIMIT_SIGPENDING,
					    (long)&was), 0);
	high = (struct uk_abi_rlimit){ most, UK_MAX(most, was.max) };
	UK_EXPECT_EQ(uk_syscall_r_setrlimit(UK_ABI_RLIMIT_SIGPENDING,
					    (long)&high), 0);
	for (; n <= most && create(MONOTONIC, &ev, &id) == 0; n++) {
		if (n == 0)
			first = id;
		UK_EXPECT_EQ(id, first + (int)n);
		if (n % 64 == 0)
			UK_EXPECT_EQ(set(id, 0, 3600 * SEC + n, 0), 0);
	}
	UK_EXPECT_EQ(create(MONOTONIC, &ev, &id), -EAGAIN);
	for (unsigned int i = 0; i < n; i++) {
		const unsigned int at = nth(i, n);
		const uint64_t ns = left(first + (int)at, &interval);

		UK_EXPECT_EQ(ns > 3500 * SEC, at % 64 == 0);
	}
	for (unsigned int i = 0; i < n; i++)
		drop(first + (int)nth(i, n));
	UK_EXPECT_EQ(uk_syscall_r_timer_delete(first), -EINVAL);
	UK_EXPECT_EQ(uk_syscall_r_setrlimit(UK_ABI_RLIMIT_SIGPENDING,
					    (long)&was), 0);
	return n;
}

UK_TEST(posix_timer, thousands_are_found_among_each_other)
{
	UK_EXPECT_EQ(make_many(4096), 4096);
	UK_EXPECT_EQ(make_many(3), 3);
}

/* Of a machine that is large enough, or not: exhaustion.py looks which. */
UK_TEST(on_demand, a_million_timers_or_as_many_as_there_is_memory_for)
{
	const unsigned int n = make_many(1000000);

	uk_pr_info("%u timers", n);
	/* All memory is back. */
	UK_EXPECT_EQ(make_many(n < 4096 ? n : 4096), n < 4096 ? n : 4096);
}

UK_TEST(posix_timer, cpu_time_is_what_a_clock_of_it_counts)
{
	/* The caller's, by its number, and the process's by its. */
	const int clocks[] = { 3, 2, ~1 * 8 + 6, ~1 * 8 + 2 };
	struct uk_abi_siginfo info;

	if (!UK_IS_ENABLED(CONFIG_LIBUKSCHED_STATS)) {
		UK_EXPECT_EQ(create(2, NULL, (int *)BAD), -EINVAL);
		UK_TEST_SKIP("nobody counts");
	}
	uk_test_set_mask(BIT(USR1));
	for (unsigned int i = 0; i < UK_ARRAY_SIZE(clocks); i++) {
		const int id = make(clocks[i], 0);
		uint64_t interval;

		UK_EXPECT_EQ(set(id, 0, 10 * MS, 20 * MS), 0);
		/* Other threads work too, in the tests' image. */
		if (i % 2 == 0) {
			uk_sched_thread_sleep(20 * MS);
			UK_EXPECT_EQ(uk_test_pending_now(), 0);
			UK_EXPECT_GE(left(id, &interval), 2 * MS);
			/* By half: its rate may have been measured. */
			UK_EXPECT_GE(burn_until_sent(), 2 * MS);
		}
		UK_EXPECT_EQ((burn_until_sent(),
			      take(BIT(USR1), 1000 * SEC, &info)), USR1);
		(void)burn_until_sent();
		drop(id);
	}
	uk_test_set_mask(0);
}

#define ROUNDS	300

static bool stop;		/* atomic */
static int all_tid;		/* atomic */
static unsigned int ntaken;	/* atomic */

static void take_all(void *arg UK_UNUSED)
{
	struct uk_abi_siginfo info;

	uk_test_set_mask(BIT(USR1));
	__atomic_store_n(&all_tid, (int)uk_syscall_r_gettid(),
			 __ATOMIC_RELEASE);
	while (!__atomic_load_n(&stop, __ATOMIC_ACQUIRE)) {
		if (take(BIT(USR1), MS, &info) == USR1)
			__atomic_add_fetch(&ntaken, 1, __ATOMIC_RELAXED);
	}
}

/* Timers that fire and are taken while others set, ask for and delete them. */
UK_TEST(posix_timer, setting_taking_firing_and_deleting_at_once_lose_nothing)
{
	struct uk_abi_sigevent ev = {
		.signo = USR1, .notify = UK_ABI_SIGEV_THREAD_ID,
	};
	struct uk_thread *t;
	uint64_t interval;
	int id[4];

	stop = false;
	all_tid = 0;
	t = uk_test_spawn(take_all, NULL);
	while (!__atomic_load_n(&all_tid, __ATOMIC_ACQUIRE))
		uk_sched_yield();
	ev.tid = all_tid;
	for (unsigned int i = 0; i < ROUNDS; i++) {
		for (unsigned int k = 0; k < 4; k++) {
			UK_EXPECT_EQ(create((int)k % 2, &ev, &id[k]), 0);
			UK_EXPECT_EQ(set(id[k], 0, 1 + i * 100, k * 10000), 0);
		}
		if (i % 8 == 0)
			uk_time_wall_set(uk_time_wall() + 1);
		uk_sched_yield();
		for (unsigned int k = 0; k < 4; k++) {
			(void)left(id[k], &interval);
			UK_EXPECT_EQ(set(id[k], 0, 1, 1), 0);
			if (k % 2)
				uk_sched_yield();
			drop(id[k]);
		}
	}
	UK_EXPECT_EQ(create(MONOTONIC, &ev, &id[0]), 0);
	__atomic_store_n(&ntaken, 0, __ATOMIC_RELAXED);
	UK_EXPECT_EQ(set(id[0], 0, 1, MS), 0);
	while (__atomic_load_n(&ntaken, __ATOMIC_RELAXED) < 3)
		uk_sched_yield();
	drop(id[0]);
	__atomic_store_n(&stop, true, __ATOMIC_RELEASE);
	uk_thread_join(t);
}
