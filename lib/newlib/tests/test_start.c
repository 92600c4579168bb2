/* SPDX-License-Identifier: BSD-3-Clause */
/* What the program finds when it begins, and the calls that need nobody. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/times.h>
#include <time.h>
#include <unistd.h>

#include <uk/config.h>
#include <uk/syscall.h>
#include <uk/test.h>

UK_TEST(newlib_start, time_is_told_or_refused_but_not_invented)
{
	struct timespec ts = { -1, -1 };

	errno = 0;
	if (clock_gettime(CLOCK_MONOTONIC, &ts) != 0)
		UK_EXPECT_EQ(errno, ENOSYS);
	else
		UK_EXPECT(ts.tv_sec >= 0 && ts.tv_nsec < 1000000000);
}

#ifdef HAVE_uk_syscall_clock_gettime
UK_TEST(newlib_start, the_clocks_have_the_numbers_of_the_calls)
{
	struct timespec a, b, res;

	UK_EXPECT_EQ(clock_gettime(CLOCK_MONOTONIC, &a), 0);
	UK_EXPECT_EQ(clock_gettime(CLOCK_MONOTONIC, &b), 0);
	UK_EXPECT(b.tv_sec > a.tv_sec ||
		  (b.tv_sec == a.tv_sec && b.tv_nsec >= a.tv_nsec));
	UK_EXPECT_EQ(clock_getres(CLOCK_MONOTONIC, &res), 0);
	UK_EXPECT_EQ(uk_syscall_r_clock_gettime(1, (long)&a), 0);
	UK_EXPECT_LE(a.tv_sec - b.tv_sec, 10);
	errno = 0;
	UK_EXPECT_EQ(clock_gettime((clockid_t)1000, &a), -1);
	UK_EXPECT_EQ(errno, EINVAL);
	errno = 0;
	UK_EXPECT_EQ(clock_settime(CLOCK_MONOTONIC, &a), -1);
	UK_EXPECT_EQ(errno, EINVAL);
}

UK_TEST(newlib_start, time_and_gettimeofday_are_one_clock)
{
	struct timeval tv;
	const time_t before = time(NULL);

	UK_EXPECT_EQ(gettimeofday(&tv, NULL), 0);
	UK_EXPECT_GE(tv.tv_sec, before);
	UK_EXPECT_LE(tv.tv_sec, time(NULL));
	UK_EXPECT_LT(tv.tv_usec, 1000000);
}

UK_TEST(newlib_start, sleep_takes_the_time_that_it_was_told)
{
	const struct timespec nap = { .tv_nsec = 2000000 };
	const struct timespec wrong = { .tv_nsec = 1000000000 };
	struct timespec a, b;

	UK_EXPECT_EQ(clock_gettime(CLOCK_MONOTONIC, &a), 0);
	UK_EXPECT_EQ(nanosleep(&nap, NULL), 0);
	UK_EXPECT_EQ(usleep(1000), 0);
	UK_EXPECT_EQ(clock_nanosleep(CLOCK_MONOTONIC, 0, &nap, NULL), 0);
	UK_EXPECT_EQ(clock_gettime(CLOCK_MONOTONIC, &b), 0);
	UK_EXPECT_GE((b.tv_sec - a.tv_sec) * 1000000000 + b.tv_nsec - a.tv_nsec,
		     5000000);
	UK_EXPECT_EQ(clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &a, NULL),
		     0);
	UK_EXPECT_EQ(sleep(0), 0);
	errno = 0;
	UK_EXPECT_EQ(nanosleep(&wrong, NULL), -1);
	UK_EXPECT_EQ(errno, EINVAL);
	errno = 0;
	UK_EXPECT_EQ(clock_nanosleep(CLOCK_MONOTONIC, 0, &wrong, NULL), EINVAL);
	UK_EXPECT_EQ(errno, 0);
}

UK_TEST(newlib_start, cpu_time_is_counted_or_refused)
{
	struct timespec ts;
	struct tms t;
	const bool counted =
		clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts) == 0;
	const clock_t c = clock();

	UK_EXPECT_EQ(c != (clock_t)-1, counted);
	UK_EXPECT_NE(times(&t), (clock_t)-1);
	UK_EXPECT_EQ(t.tms_cutime, 0);
}
#endif

UK_TEST(newlib_start, random_bytes_are_given_or_refused)
{
	unsigned char a[32] = { 0 }, b[32] = { 0 };

	errno = 0;
	if (getentropy(a, sizeof(a)) != 0) {
		UK_EXPECT_EQ(errno, ENOSYS);
		return;
	}
	UK_EXPECT_EQ(getentropy(b, sizeof(b)), 0);
	UK_EXPECT(memcmp(a, b, sizeof(a)) != 0);
	UK_EXPECT(arc4random() != arc4random() ||
		  arc4random() != arc4random());
	for (int i = 0; i < 100; i++)
		UK_EXPECT_LT(arc4random_uniform(10), 10);
}

UK_TEST(newlib_start, getentropy_gives_256_bytes_at_most)
{
	static char bytes[257];

	errno = 0;
	UK_EXPECT_EQ(getentropy(bytes, sizeof(bytes)), -1);
	UK_EXPECT_EQ(errno, EIO);
}

UK_TEST(newlib_start, the_program_has_a_number)
{
	UK_EXPECT_GE(getpid(), 1);
	UK_EXPECT_EQ(getpid(), getpid());
}

static volatile int handled;

static void handle(int sig)
{
	handled = sig;
}

UK_TEST(newlib_start, raise_calls_the_handler_of_signal)
{
	handled = 0;
	UK_EXPECT_EQ(signal(SIGUSR1, handle), SIG_DFL);
	UK_EXPECT_EQ(raise(SIGUSR1), 0);
	UK_EXPECT_EQ(handled, SIGUSR1);
	UK_EXPECT_EQ(SIGUSR1, 10);
	UK_EXPECT_EQ(signal(SIGUSR2, SIG_IGN), SIG_DFL);
	UK_EXPECT_EQ(raise(SIGUSR2), 0);
	UK_EXPECT_EQ(signal(SIGUSR2, SIG_DFL), SIG_IGN);
	errno = 0;
	UK_EXPECT_EQ(signal(NSIG, handle), SIG_ERR);
	UK_EXPECT_EQ(errno, EINVAL);
}

UK_TEST(newlib_start, kill_finds_nobody_or_is_refused)
{
	errno = 0;
	UK_EXPECT_EQ(kill(4711, 0), -1);
	UK_EXPECT(errno == ESRCH || errno == ENOSYS);
}

static int at_exit_calls;

static void at_exit(void)
{
	at_exit_calls++;
}

/* They run when the image ends, behind all of this. */
UK_TEST(newlib_start, more_than_32_handlers_of_atexit_are_taken)
{
	for (int i = 0; i < 40; i++)
		UK_EXPECT_EQ(atexit(at_exit), 0);
	UK_EXPECT_EQ(at_exit_calls, 0);
}
