/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * pthread_cancel(). A thread that it does not reach stays where it waits, and
 * the case with it.
 */
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <time.h>
#include <unistd.h>

#include <uk/arch/percpu.h>
#include <uk/config.h>
#include <uk/test.h>
#include <uk/test_spread.h>

#define MS	1000000L

static struct {
	int fd[2];		/* a pipe */
	sem_t begun, go, never;
	pthread_mutex_t mutex;	/* which knows its owner */
	pthread_cond_t cond;
	int ncleanups;
	uint32_t calls;		/* that a cleanup was in */
	int unlocked;		/* what unlocking gave in a cleanup */
	ssize_t got;		/* by read() */
	volatile int nhandled;
	volatile bool stop;
} x;

static void begin(void)
{
	pthread_mutexattr_t attr;

	UK_EXPECT_EQ(pipe(x.fd), 0);
	UK_EXPECT_EQ(sem_init(&x.begun, 0, 0), 0);
	UK_EXPECT_EQ(sem_init(&x.go, 0, 0), 0);
	UK_EXPECT_EQ(sem_init(&x.never, 0, 0), 0);
	pthread_mutexattr_init(&attr);
	pthread_mutexattr_settype(&attr, PTHREAD_MUTEX_ERRORCHECK);
	UK_EXPECT_EQ(pthread_mutex_init(&x.mutex, &attr), 0);
	UK_EXPECT_EQ(pthread_cond_init(&x.cond, NULL), 0);
	x.ncleanups = 0;
	x.calls = 0;
	x.unlocked = -1;
	x.got = -2;
	x.nhandled = 0;
	x.stop = false;
}

static void end(void)
{
	close(x.fd[0]);
	close(x.fd[1]);
	UK_EXPECT_EQ(pthread_mutex_destroy(&x.mutex), 0);
}

static void pause_ms(long ms)
{
	const struct timespec ts = { ms / 1000, ms % 1000 * MS };

	nanosleep(&ts, NULL);
}

static void count(void *arg)
{
	(void)arg;
	x.ncleanups++;
	x.calls |= ukarch_current()->calls;
}

static pthread_t start(void *(*fn)(void *))
{
	pthread_t t = NULL;

	UK_EXPECT_EQ(pthread_create(&t, NULL, fn, NULL), 0);
	UK_EXPECT_EQ(sem_wait(&x.begun), 0);
	return t;
}

static void expect_cancelled(pthread_t t)
{
	void *result = NULL;

	UK_EXPECT_EQ(pthread_join(t, &result), 0);
	UK_EXPECT_EQ(result, PTHREAD_CANCELED);
	UK_EXPECT_EQ(x.ncleanups, 1);
	UK_EXPECT_EQ(x.calls, 0);
}

/* @fn says that it has begun, and waits for ever; with count() to clean up. */
static void expect_cancels(void *(*fn)(void *))
{
	pthread_t t;

	begin();
	t = start(fn);
	pause_ms(2);
	UK_EXPECT_EQ(x.ncleanups, 0);
	UK_EXPECT_EQ(pthread_cancel(t), 0);
	expect_cancelled(t);
	end();
}

static void *read_a_byte(void *arg)
{
	char byte;

	pthread_cleanup_push(count, NULL);
	sem_post(&x.begun);
	x.got = read(x.fd[0], &byte, 1);
	pthread_cleanup_pop(0);
	return arg;
}

UK_TEST(musl_cancel, a_thread_that_reads_from_an_empty_pipe)
{
	expect_cancels(read_a_byte);
	UK_EXPECT_EQ(x.got, -2);
}

static void *wait_for_semaphore(void *arg)
{
	pthread_cleanup_push(count, NULL);
	sem_post(&x.begun);
	sem_wait(&x.never);
	pthread_cleanup_pop(0);
	return arg;
}

UK_TEST(musl_cancel, a_thread_that_waits_for_a_semaphore)
{
	expect_cancels(wait_for_semaphore);
}

static void unlock(void *arg)
{
	count(arg);
	x.unlocked = pthread_mutex_unlock(&x.mutex);
}

static void *wait_for_condition(void *arg)
{
	pthread_mutex_lock(&x.mutex);
	pthread_cleanup_push(unlock, NULL);
	sem_post(&x.begun);
	for (;;)
		pthread_cond_wait(&x.cond, &x.mutex);
	pthread_cleanup_pop(0);
	return arg;
}

UK_TEST(musl_cancel, a_thread_that_waits_for_a_condition_has_its_mutex_then)
{
	expect_cancels(wait_for_condition);
	UK_EXPECT_EQ(x.unlocked, 0);
}

static void *wait_long_for_condition(void *arg)
{
	struct timespec at;

	clock_gettime(CLOCK_REALTIME, &at);
	at.tv_sec += 1000;
	pthread_mutex_lock(&x.mutex);
	pthread_cleanup_push(unlock, NULL);
	sem_post(&x.begun);
	while (pthread_cond_timedwait(&x.cond, &x.mutex, &at) == 0)
		;
	pthread_cleanup_pop(0);
	return arg;
}

UK_TEST(musl_cancel, a_thread_that_waits_long_for_a_condition)
{
	expect_cancels(wait_long_for_condition);
	UK_EXPECT_EQ(x.unlocked, 0);
}

static void *sleep_long(void *arg)
{
	pthread_cleanup_push(count, NULL);
	sem_post(&x.begun);
	pause_ms(1000000);
	pthread_cleanup_pop(0);
	return arg;
}

UK_TEST(musl_cancel, a_thread_that_sleeps)
{
	expect_cancels(sleep_long);
}

static void *wait_until_told(void *arg)
{
	while (sem_wait(&x.go) != 0)
		;
	return arg;
}

static void *join_another(void *arg)
{
	pthread_cleanup_push(count, NULL);
	sem_post(&x.begun);
	pthread_join(*(pthread_t *)arg, NULL);
	pthread_cleanup_pop(0);
	return arg;
}

UK_TEST(musl_cancel, a_thread_that_joins_leaves_the_other_one_to_be_joined)
{
	pthread_t joined = NULL, t = NULL;

	begin();
	UK_EXPECT_EQ(pthread_create(&joined, NULL, wait_until_told, NULL), 0);
	UK_EXPECT_EQ(pthread_create(&t, NULL, join_another, &joined), 0);
	UK_EXPECT_EQ(sem_wait(&x.begun), 0);
	pause_ms(2);
	UK_EXPECT_EQ(pthread_cancel(t), 0);
	expect_cancelled(t);
	UK_EXPECT_EQ(sem_post(&x.go), 0);
	UK_EXPECT_EQ(pthread_join(joined, NULL), 0);
	end();
}

static void *go_on_and_then_read(void *arg)
{
	pthread_cleanup_push(count, NULL);
	sem_post(&x.begun);
	while (!x.stop)
		sched_yield();
	x.nhandled = 1;
	read_a_byte(arg);
	pthread_cleanup_pop(0);
	return arg;
}

/* With the same look before a call that would not wait. */
UK_TEST(musl_cancel, a_thread_that_does_not_wait_goes_on_to_its_next_point)
{
	pthread_t t;

	begin();
	UK_EXPECT_EQ(write(x.fd[1], "x", 1), 1);
	t = start(go_on_and_then_read);
	UK_EXPECT_EQ(pthread_cancel(t), 0);
	pause_ms(2);
	UK_EXPECT_EQ(x.ncleanups, 0);
	x.stop = true;
	UK_EXPECT_EQ(pthread_join(t, NULL), 0);
	UK_EXPECT_EQ(x.nhandled, 1);
	UK_EXPECT_EQ(x.got, -2);
	UK_EXPECT_EQ(x.ncleanups, 2);
	end();
}

static void *test_at_last(void *arg)
{
	pthread_cleanup_push(count, NULL);
	sem_post(&x.begun);
	while (!x.stop)
		sched_yield();
	pthread_testcancel();
	pthread_cleanup_pop(0);
	return arg;
}

UK_TEST(musl_cancel, a_thread_that_asks_whether_it_is_to_end)
{
	pthread_t t;

	begin();
	t = start(test_at_last);
	UK_EXPECT_EQ(pthread_cancel(t), 0);
	x.stop = true;
	expect_cancelled(t);
	end();
}

static void *read_undisturbed(void *arg)
{
	char byte;

	pthread_cleanup_push(count, NULL);
	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, NULL);
	sem_post(&x.begun);
	x.got = read(x.fd[0], &byte, 1);
	sem_post(&x.begun);
	pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, NULL);
	pthread_testcancel();
	pthread_cleanup_pop(0);
	return arg;
}

UK_TEST(musl_cancel, a_thread_that_forbids_it_only_when_it_allows_it_again)
{
	pthread_t t;

	begin();
	t = start(read_undisturbed);
	pause_ms(2);
	UK_EXPECT_EQ(pthread_cancel(t), 0);
	pause_ms(2);
	UK_EXPECT_EQ(x.got, -2);
	UK_EXPECT_EQ(write(x.fd[1], "x", 1), 1);
	UK_EXPECT_EQ(sem_wait(&x.begun), 0);
	UK_EXPECT_EQ(x.got, 1);
	expect_cancelled(t);
	end();
}

static void note(int sig)
{
	(void)sig;
	x.nhandled++;
}

static void forbid(int sig)
{
	note(sig);
	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, NULL);
}

static void handle(void (*fn)(int))
{
	struct sigaction act = { .sa_handler = fn, .sa_flags = SA_RESTART };

	UK_EXPECT_EQ(sigaction(SIGUSR1, &act, NULL), 0);
}

/* A host that is busy may take its time. */
static void expect_handled(int n)
{
	for (int i = 0; x.nhandled < n && i < 5000; i++)
		pause_ms(1);
	UK_EXPECT_EQ(x.nhandled, n);
}

UK_TEST(musl_cancel, another_signal_ends_no_wait_and_makes_none_deaf)
{
	pthread_t t;

	begin();
	handle(note);
	t = start(read_a_byte);
	pause_ms(2);
	for (int i = 1; i <= 3; i++) {
		UK_EXPECT_EQ(pthread_kill(t, SIGUSR1), 0);
		expect_handled(i);
		UK_EXPECT_EQ(x.got, -2);
	}
	UK_EXPECT_EQ(pthread_cancel(t), 0);
	expect_cancelled(t);
	handle(SIG_DFL);
	end();
}

UK_TEST(musl_cancel, a_handler_may_forbid_it_while_its_thread_waits)
{
	pthread_t t;

	begin();
	handle(forbid);
	t = start(read_a_byte);
	pause_ms(2);
	UK_EXPECT_EQ(pthread_kill(t, SIGUSR1), 0);
	expect_handled(1);
	UK_EXPECT_EQ(pthread_cancel(t), 0);
	pause_ms(2);
	UK_EXPECT_EQ(x.got, -2);
	UK_EXPECT_EQ(write(x.fd[1], "x", 1), 1);
	UK_EXPECT_EQ(pthread_join(t, NULL), 0);
	UK_EXPECT_EQ(x.got, 1);
	UK_EXPECT_EQ(x.ncleanups, 0);
	handle(SIG_DFL);
	end();
}

/* Reads for ever; what it has read is in x.nhandled. */
static void *read_on(void *arg)
{
	char byte;

	sem_post(&x.begun);
	while (read(x.fd[0], &byte, 1) == 1)
		x.nhandled++;
	return arg;
}

UK_TEST(musl_cancel, what_a_call_has_done_is_not_lost)
{
	const int rounds = 100;
	char left[101];
	ssize_t nleft;

	begin();
	uk_test_spread_begin();
	for (int i = 0; i < rounds; i++) {
		const pthread_t t = start(read_on);
		void *result = NULL;

		if (i % 3)
			sched_yield();
		UK_EXPECT_EQ(write(x.fd[1], "x", 1), 1);
		if (i % 2)
			sched_yield();
		UK_EXPECT_EQ(pthread_cancel(t), 0);
		UK_EXPECT_EQ(pthread_join(t, &result), 0);
		UK_EXPECT_EQ(result, PTHREAD_CANCELED);
	}
	uk_test_spread_end();
	UK_EXPECT_EQ(write(x.fd[1], "x", 1), 1);
	nleft = read(x.fd[0], left, sizeof(left));
	UK_EXPECT_EQ(x.nhandled + nleft, rounds + 1);
	end();
}

#if UK_IS_ENABLED(CONFIG_HAVE_PREEMPT)
static void *compute(void *arg)
{
	volatile unsigned long n = 0;

	pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, NULL);
	pthread_cleanup_push(count, NULL);
	sem_post(&x.begun);
	while (!x.stop)
		n++;
	pthread_cleanup_pop(0);
	return arg;
}

UK_TEST(musl_cancel, a_thread_that_computes_and_may_be_cancelled_anywhere)
{
	expect_cancels(compute);
}
#endif

UK_TEST(musl_cancel, a_thread_that_has_not_begun_yet)
{
	pthread_t t = NULL;
	void *result = NULL;

	begin();
	UK_EXPECT_EQ(pthread_create(&t, NULL, wait_until_told, NULL), 0);
	UK_EXPECT_EQ(pthread_cancel(t), 0);
	UK_EXPECT_EQ(pthread_join(t, &result), 0);
	UK_EXPECT_EQ(result, PTHREAD_CANCELED);
	end();
}
