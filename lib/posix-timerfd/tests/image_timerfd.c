/* SPDX-License-Identifier: BSD-3-Clause */
/* Lower bounds and order only: the host may be busy. */
#include <stddef.h>
#include <stdint.h>

#include <uk/abi/fcntl.h>
#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/fdtab.h>
#include <uk/file.h>
#include <uk/posix_time.h>
#include <uk/sched.h>
#include <uk/syscall.h>
#include <uk/test.h>
#include <uk/test_fd.h>
#include <uk/test_file.h>
#include <uk/thread.h>
#include <uk/time.h>

#define MS		UK_TIME_NS_PER_MS
#define SEC		UK_TIME_NS_PER_SEC
#define NONBLOCK	UK_ABI_TFD_NONBLOCK
#define ABS		UK_ABI_TFD_TIMER_ABSTIME
#define CANCEL		(ABS | UK_ABI_TFD_TIMER_CANCEL_ON_SET)
#define REALTIME	UK_ABI_CLOCK_REALTIME
#define MONOTONIC	UK_ABI_CLOCK_MONOTONIC

/* How many expirations a read tells, or its error. */
static long count(int fd)
{
	uint64_t n = 0;
	const long rc = uk_test_read(fd, &n, sizeof(n));

	return rc == sizeof(n) ? (long)n : rc;
}

static bool is_ready(int fd)
{
	const uint32_t ev = uk_test_events(fd);

	UK_EXPECT_EQ(ev & ~UK_FILE_IN, 0);
	return ev & UK_FILE_IN;
}

/* As poll(2) does. */
static int wait_ready(int fd, uint64_t ns)
{
	struct uk_file *const file = uk_fd_borrow(fd);
	int rc;

	UK_EXPECT_NOT_NULL(file);
	rc = uk_file_wait(file, UK_FILE_IN, uk_time_now() + ns);
	uk_fd_return(fd, file);
	return rc;
}

static int make(int clk, int flags)
{
	const long fd = uk_syscall_r_timerfd_create(clk, flags);

	UK_EXPECT_GE(fd, 0);
	return (int)fd;
}

static long set(int fd, int flags, uint64_t value_ns, uint64_t interval_ns)
{
	const struct uk_abi_itimerspec spec = {
		.it_interval = uk_timespec_of(interval_ns),
		.it_value = uk_timespec_of(value_ns),
	};

	return uk_syscall_r_timerfd_settime(fd, flags, (long)&spec, 0);
}

/* What is left; the interval goes to *@interval_ns. */
static uint64_t left(int fd, uint64_t *interval_ns)
{
	struct uk_abi_itimerspec spec;

	UK_EXPECT_EQ(uk_syscall_r_timerfd_gettime(fd, (long)&spec), 0);
	UK_EXPECT(uk_timespec_is_valid(&spec.it_value));
	*interval_ns = uk_timespec_ns(&spec.it_interval);
	return uk_timespec_ns(&spec.it_value);
}

UK_TEST(timerfd, a_read_waits_until_it_expires)
{
	static const int clocks[] = { 0, 1, 7, 8, 9 };

	for (unsigned int i = 0; i < UK_ARRAY_SIZE(clocks); i++) {
		const int fd = make(clocks[i], 0);
		const uint64_t before = uk_time_now();
		uint64_t interval;

		UK_EXPECT_EQ(set(fd, 0, 5 * MS, 0), 0);
		UK_EXPECT_EQ(count(fd), 1);
		UK_EXPECT_GE(uk_time_now() - before, 5 * MS);
		UK_EXPECT_EQ(left(fd, &interval), 0);
		UK_EXPECT_EQ(interval, 0);
		UK_EXPECT_EQ(uk_fd_close(fd), 0);
	}
}

UK_TEST(timerfd, nonblocking_a_read_before_that_is_eagain)
{
	const int fd = make(MONOTONIC, NONBLOCK);
	uint64_t interval;

	UK_EXPECT_EQ(count(fd), -EAGAIN);
	UK_EXPECT(!is_ready(fd));
	UK_EXPECT_EQ(set(fd, 0, 1000 * SEC, 7 * SEC), 0);
	UK_EXPECT_EQ(count(fd), -EAGAIN);
	UK_EXPECT_GT(left(fd, &interval), 500 * SEC);
	UK_EXPECT_LE(left(fd, &interval), 1000 * SEC);
	UK_EXPECT_EQ(interval, 7 * SEC);
	UK_EXPECT(!is_ready(fd));

	UK_EXPECT_EQ(set(fd, 0, 1, 0), 0);
	UK_EXPECT_EQ(wait_ready(fd, 1000 * SEC), 0);
	UK_EXPECT(is_ready(fd));
	UK_EXPECT_EQ(count(fd), 1);
	UK_EXPECT(!is_ready(fd));
	UK_EXPECT_EQ(count(fd), -EAGAIN);
	UK_EXPECT_EQ(uk_fd_close(fd), 0);
}

UK_TEST(timerfd, a_periodic_timer_tells_of_all_its_expirations)
{
	const int fd = make(MONOTONIC, 0);
	const uint64_t before = uk_time_now();
	uint64_t first, last, n = 0;

	UK_EXPECT_EQ(set(fd, 0, 2 * MS, MS), 0);
	first = uk_time_now();
	for (unsigned int i = 0; i < 10; i++) {
		const long got = count(fd);

		UK_EXPECT_GE(got, 1);
		n += (uint64_t)got;
		last = uk_time_now();
		/* Not more than there were, not less than before the read. */
		UK_EXPECT_LE(n, (last - before - 2 * MS) / MS + 1);
		if (i % 3 == 0)
			uk_sched_thread_sleep(4 * MS);
	}
	last = uk_time_now();
	n += (uint64_t)count(fd);
	UK_EXPECT_GE(n, (last - first - 2 * MS) / MS + 1);
	UK_EXPECT_EQ(uk_fd_close(fd), 0);
}

UK_TEST(timerfd, the_shortest_interval_is_no_storm)
{
	const int fd = make(MONOTONIC, NONBLOCK);
	uint64_t before;

	before = uk_time_now();
	UK_EXPECT_EQ(set(fd, 0, 1, 1), 0);
	uk_sched_thread_sleep(2 * MS);
	UK_EXPECT_GE(count(fd), 2 * (long)MS - 1);
	UK_EXPECT_LE(count(fd), (long)(uk_time_now() - before));
	UK_EXPECT_EQ(set(fd, 0, 0, 0), 0);
	UK_EXPECT_EQ(count(fd), -EAGAIN);
	UK_EXPECT(!is_ready(fd));
	UK_EXPECT_EQ(uk_fd_close(fd), 0);
}

UK_TEST(timerfd, an_absolute_time_may_be_past)
{
	const int fd = make(MONOTONIC, 0);
	uint64_t n, interval;

	UK_EXPECT_EQ(set(fd, ABS, uk_time_now() + 3 * MS, 0), 0);
	UK_EXPECT_EQ(count(fd), 1);
	UK_EXPECT_EQ(set(fd, ABS, 1, 0), 0);
	UK_EXPECT_EQ(wait_ready(fd, 1000 * SEC), 0);
	UK_EXPECT_EQ(count(fd), 1);
	/* Since boot. */
	UK_EXPECT_EQ(set(fd, ABS, 1, MS), 0);
	n = uk_time_now() / MS;
	UK_EXPECT_EQ(wait_ready(fd, 1000 * SEC), 0);
	UK_EXPECT_GE(count(fd), (long)n);
	UK_EXPECT_LE(left(fd, &interval), MS);
	UK_EXPECT_EQ(uk_fd_close(fd), 0);
}

UK_TEST(timerfd, setting_it_tells_what_it_was)
{
	const int fd = make(MONOTONIC, NONBLOCK);
	struct uk_abi_itimerspec spec = { .it_value = { 0, 0 } };

	UK_EXPECT_EQ(set(fd, 0, 1000 * SEC, 3), 0);
	UK_EXPECT_EQ(uk_syscall_r_timerfd_settime(fd, 0, (long)&spec,
						  (long)&spec), 0);
	UK_EXPECT_EQ(uk_timespec_ns(&spec.it_interval), 3);
	UK_EXPECT_GT(uk_timespec_ns(&spec.it_value), 500 * SEC);
	UK_EXPECT_EQ(uk_syscall_r_timerfd_gettime(fd, (long)&spec), 0);
	UK_EXPECT_EQ(uk_timespec_ns(&spec.it_value), 0);
	/* What had expired and was not read is forgotten. */
	UK_EXPECT_EQ(set(fd, 0, 1, 1), 0);
	UK_EXPECT_EQ(wait_ready(fd, 1000 * SEC), 0);
	UK_EXPECT_EQ(set(fd, 0, 1000 * SEC, 0), 0);
	UK_EXPECT(!is_ready(fd));
	UK_EXPECT_EQ(count(fd), -EAGAIN);
	UK_EXPECT_EQ(uk_fd_close(fd), 0);
}

UK_TEST(timerfd, the_longest_times_never_come)
{
	static const struct uk_abi_itimerspec most = {
		{ INT64_MAX, 999999999 }, { INT64_MAX, 999999999 },
	};
	uint64_t interval;

	for (int clk = 0; clk < 2; clk++) {
		for (int flags = 0; flags <= ABS; flags++) {
			const int fd = make(clk, NONBLOCK);

			UK_EXPECT_EQ(uk_syscall_r_timerfd_settime(
					     fd, flags, (long)&most, 0), 0);
			uk_sched_thread_sleep(MS);
			UK_EXPECT_EQ(count(fd), -EAGAIN);
			UK_EXPECT_GT(left(fd, &interval), 1000000000 * SEC);
			UK_EXPECT_EQ(uk_fd_close(fd), 0);
		}
	}
}

UK_TEST(timerfd, errors_come_in_the_order_of_linux)
{
	static const struct uk_abi_itimerspec none = { { 0, 0 }, { 0, 0 } };
	static const struct uk_abi_itimerspec bad[] = {
		{ { -1, 0 }, { 0, 0 } }, { { 0, 0 }, { 0, 1000000000 } },
		{ { 0, -1 }, { 0, 0 } }, { { 0, 0 }, { INT64_MIN, 0 } },
	};
	const int fd = make(MONOTONIC, NONBLOCK);
	const long other = uk_syscall_r_eventfd2(0, 0);
	struct uk_abi_itimerspec spec;

	UK_EXPECT_EQ(uk_syscall_r_timerfd_settime(-1, 4, UK_TEST_BAD, 0),
		     -EFAULT);
	UK_EXPECT_EQ(uk_syscall_r_timerfd_settime(-1, 4, (long)&none, 0),
		     -EINVAL);
	for (unsigned int i = 0; i < UK_ARRAY_SIZE(bad); i++)
		UK_EXPECT_EQ(uk_syscall_r_timerfd_settime(-1, 0, (long)&bad[i],
							  0), -EINVAL);
	UK_EXPECT_EQ(uk_syscall_r_timerfd_settime(-1, 0, (long)&none, 0),
		     -EBADF);
	UK_EXPECT_EQ(uk_syscall_r_timerfd_settime(other, 0, (long)&none, 0),
		     -EINVAL);
	UK_EXPECT_EQ(uk_syscall_r_timerfd_settime(fd, 0, (long)&none,
						  UK_TEST_BAD), -EFAULT);
	UK_EXPECT_EQ(uk_syscall_r_timerfd_gettime(-1, UK_TEST_BAD), -EBADF);
	UK_EXPECT_EQ(uk_syscall_r_timerfd_gettime(other, (long)&spec), -EINVAL);
	UK_EXPECT_EQ(uk_syscall_r_timerfd_gettime(fd, UK_TEST_BAD), -EFAULT);
	UK_EXPECT_EQ(uk_fd_close((int)other), 0);
	UK_EXPECT_EQ(uk_fd_close(fd), 0);
}

UK_TEST(timerfd, only_these_clocks_and_flags_make_one)
{
	static const int none[] = { -1, 2, 3, 4, 5, 6, 10, 11, 12, 77 };
	const int fd = make(MONOTONIC, UK_ABI_TFD_CLOEXEC | NONBLOCK);
	uint64_t val = 0;

	for (unsigned int i = 0; i < UK_ARRAY_SIZE(none); i++)
		UK_EXPECT_EQ(uk_syscall_r_timerfd_create(none[i], 0), -EINVAL);
	UK_EXPECT_EQ(uk_syscall_r_timerfd_create(MONOTONIC, 1), -EINVAL);
	UK_EXPECT_EQ(uk_syscall_r_fcntl(fd, UK_ABI_F_GETFD, 0), 1);
	UK_EXPECT_EQ(uk_syscall_r_fcntl(fd, UK_ABI_F_GETFL, 0),
		     UK_ABI_O_RDWR | UK_ABI_O_NONBLOCK);
	UK_EXPECT_EQ(uk_test_read(fd, &val, 7), -EINVAL);
	UK_EXPECT_EQ(set(fd, 0, 1, 0), 0);
	UK_EXPECT_EQ(wait_ready(fd, 1000 * SEC), 0);
	/* It is taken all the same. */
	UK_EXPECT_EQ(uk_test_read(fd, (void *)UK_TEST_BAD, 8), -EFAULT);
	UK_EXPECT_EQ(count(fd), -EAGAIN);
	UK_EXPECT_EQ(uk_fd_close(fd), 0);
}

/* Wall time, kept: it is set back by restore(). */
static struct {
	uint64_t wall_ns, now_ns;
} kept;

static void keep(void)
{
	kept.wall_ns = uk_time_wall();
	kept.now_ns = uk_time_now();
}

static void restore(void)
{
	uk_time_wall_set(kept.wall_ns + (uk_time_now() - kept.now_ns));
}

UK_TEST(timerfd_wall, an_absolute_time_comes_when_the_clock_is_set_there)
{
	const int fd = make(REALTIME, NONBLOCK);
	const int rel = make(REALTIME, NONBLOCK);
	const int mono = make(MONOTONIC, NONBLOCK);

	keep();
	UK_EXPECT_EQ(set(fd, ABS, kept.wall_ns + 1000 * SEC, 0), 0);
	UK_EXPECT_EQ(set(rel, 0, 1000 * SEC, 0), 0);
	UK_EXPECT_EQ(set(mono, ABS, kept.now_ns + 1000 * SEC, 0), 0);
	uk_time_wall_set(kept.wall_ns - 1000 * SEC);
	UK_EXPECT_EQ(wait_ready(fd, 2 * MS), -ETIMEDOUT);
	uk_time_wall_set(kept.wall_ns + 1000 * SEC);
	UK_EXPECT_EQ(wait_ready(fd, 1000 * SEC), 0);
	UK_EXPECT_EQ(count(fd), 1);
	uk_sched_thread_sleep(2 * MS);
	UK_EXPECT_EQ(count(rel), -EAGAIN);
	UK_EXPECT_EQ(count(mono), -EAGAIN);
	restore();
	UK_EXPECT_EQ(uk_fd_close(fd), 0);
	UK_EXPECT_EQ(uk_fd_close(rel), 0);
	UK_EXPECT_EQ(uk_fd_close(mono), 0);
}

UK_TEST(timerfd_wall, who_waits_in_a_read_goes_on_when_the_clock_is_set)
{
	const int fd = make(REALTIME, 0);

	keep();
	UK_EXPECT_EQ(set(fd, ABS, kept.wall_ns + 1000 * SEC, SEC), 0);
	uk_time_wall_set(kept.wall_ns + 1009 * SEC);
	UK_EXPECT_GE(count(fd), 10);
	UK_EXPECT_LT(uk_time_now() - kept.now_ns, 500 * SEC);
	restore();
	UK_EXPECT_EQ(uk_fd_close(fd), 0);
}

UK_TEST(timerfd_wall, what_has_expired_stays_so_when_the_clock_is_set_back)
{
	const int fd = make(REALTIME, NONBLOCK);

	keep();
	UK_EXPECT_EQ(set(fd, ABS, kept.wall_ns, 0), 0);
	UK_EXPECT_EQ(wait_ready(fd, 1000 * SEC), 0);
	uk_time_wall_set(kept.wall_ns - 1000 * SEC);
	UK_EXPECT(is_ready(fd));
	UK_EXPECT_EQ(count(fd), 1);
	UK_EXPECT_EQ(count(fd), -EAGAIN);
	restore();
	UK_EXPECT_EQ(uk_fd_close(fd), 0);
}

UK_TEST(timerfd_wall, a_set_clock_cancels_if_that_was_asked_for)
{
	const int fd = make(REALTIME, NONBLOCK);
	const int other = make(REALTIME, NONBLOCK);

	keep();
	UK_EXPECT_EQ(set(fd, CANCEL, kept.wall_ns + 1000 * SEC, 0), 0);
	UK_EXPECT_EQ(set(other, ABS, kept.wall_ns + 1000 * SEC, 0), 0);
	restore();
	UK_EXPECT(is_ready(fd));
	UK_EXPECT_EQ(count(fd), -ECANCELED);
	UK_EXPECT(!is_ready(fd));
	UK_EXPECT_EQ(count(fd), -EAGAIN);
	UK_EXPECT_EQ(count(other), -EAGAIN);

	/* Or who sets the timer again is told, and it is set. */
	restore();
	UK_EXPECT_EQ(set(fd, CANCEL, uk_time_wall() + MS, 0), -ECANCELED);
	UK_EXPECT_EQ(wait_ready(fd, 1000 * SEC), 0);
	UK_EXPECT_EQ(count(fd), 1);
	/* Without the flag, or by another clock, nobody is. */
	UK_EXPECT_EQ(set(fd, ABS, kept.wall_ns + 1000 * SEC, 0), 0);
	restore();
	UK_EXPECT_EQ(count(fd), -EAGAIN);
	UK_EXPECT_EQ(uk_fd_close(fd), 0);
	UK_EXPECT_EQ(uk_fd_close(other), 0);
}

#define ROUNDS	300u

static struct {
	int fd;
	bool stop;		/* atomic */
	unsigned int nread;
} race;

static void read_all(void *arg UK_UNUSED)
{
	while (!__atomic_load_n(&race.stop, __ATOMIC_ACQUIRE)) {
		if (wait_ready(race.fd, MS) == 0 && count(race.fd) > 0)
			race.nread++;
	}
}

/* Timers that fire while others set, read, and move the clock. */
UK_TEST(timerfd_wall, setting_reading_and_firing_at_once_lose_nothing)
{
	struct uk_thread *t;

	keep();
	race.fd = make(REALTIME, NONBLOCK);
	race.stop = false;
	race.nread = 0;
	t = uk_test_spawn(read_all, NULL);
	for (unsigned int i = 0; i < ROUNDS; i++) {
		UK_EXPECT_EQ(set(race.fd, ABS, uk_time_wall() + i * 100,
				 i % 3 * 50000), 0);
		if (i % 4 == 0)
			restore();
		uk_sched_yield();
	}
	/* The last word: it comes, whatever was before. */
	UK_EXPECT_EQ(set(race.fd, ABS, uk_time_wall() + MS, MS), 0);
	race.nread = 0;
	uk_sched_thread_sleep(20 * MS);
	__atomic_store_n(&race.stop, true, __ATOMIC_RELEASE);
	uk_thread_join(t);
	UK_EXPECT_GE(race.nread + (count(race.fd) > 0), 1);
	restore();
	UK_EXPECT_EQ(uk_fd_close(race.fd), 0);
}
