/* SPDX-License-Identifier: BSD-3-Clause */
/* Signals and what they interrupt: jumps out of handlers, and storms. */
#define _GNU_SOURCE		/* F_SETPIPE_SZ */
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <uk/arch/percpu.h>
#include <uk/config.h>
#include <uk/test.h>
#include <uk/test_spread.h>

#define NWRITERS	2
#define NLINES		400
#define LINE_MAX	1000

static sigjmp_buf out;
static volatile int nhandled;

static void count(int sig)
{
	(void)sig;
	nhandled++;
}

static void leap(int sig)
{
	count(sig);
	siglongjmp(out, sig);
}

static void handle(void (*fn)(int), int flags)
{
	struct sigaction act = { .sa_handler = fn, .sa_flags = flags };

	UK_EXPECT_EQ(sigaction(SIGUSR1, &act, NULL), 0);
	nhandled = 0;
}

static bool is_blocked(void)
{
	sigset_t now;

	pthread_sigmask(SIG_BLOCK, NULL, &now);
	return sigismember(&now, SIGUSR1) == 1;
}

/* The thread is in no call, as seen by the core. */
static void expect_outside(void)
{
	UK_EXPECT_EQ(ukarch_current()->calls, 0);
}

UK_TEST(musl_leap, a_handler_may_leave_by_a_jump_time_after_time)
{
	static volatile int came;

	came = 0;
	handle(leap, 0);
	for (volatile int i = 1; i <= 1000; i++) {
		const int sig = sigsetjmp(out, 1);

		if (sig == 0) {
			raise(SIGUSR1);
			UK_EXPECT(!"the handler has returned");
		}
		came += sig == SIGUSR1 && !is_blocked();
	}
	UK_EXPECT_EQ(came, 1000);
	UK_EXPECT_EQ(nhandled, 1000);
	expect_outside();
	handle(SIG_DFL, 0);
}

UK_TEST(musl_leap, a_jump_that_saves_no_mask_leaves_the_signal_blocked)
{
	sigset_t set;

	handle(leap, 0);
	if (sigsetjmp(out, 0) == 0)
		raise(SIGUSR1);
	UK_EXPECT(is_blocked());
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	UK_EXPECT_EQ(pthread_sigmask(SIG_UNBLOCK, &set, NULL), 0);
	expect_outside();
	handle(SIG_DFL, 0);
}

static pthread_t first;

static void *interrupt(void *arg)
{
	usleep(2000);
	pthread_kill(first, SIGUSR1);
	return arg;
}

UK_TEST(musl_leap, a_jump_leaves_a_call_that_waits)
{
	pthread_t t = NULL;
	int fd[2];
	char byte;

	first = pthread_self();
	UK_EXPECT_EQ(pipe(fd), 0);
	handle(leap, SA_RESTART);
	if (sigsetjmp(out, 1) == 0) {
		UK_EXPECT_EQ(pthread_create(&t, NULL, interrupt, NULL), 0);
		UK_EXPECT_EQ(read(fd[0], &byte, 1), 0);
		UK_EXPECT(!"the call has returned");
	}
	UK_EXPECT_EQ(nhandled, 1);
	expect_outside();
	/* The pipe is as it was, and calls are. */
	UK_EXPECT_EQ(write(fd[1], "x", 1), 1);
	UK_EXPECT_EQ(read(fd[0], &byte, 1), 1);
	UK_EXPECT_EQ(pthread_join(t, NULL), 0);
	close(fd[0]);
	close(fd[1]);
	handle(SIG_DFL, 0);
}

/*
 * The storm: writers print lines to one stream on a pipe and use the heap
 * between them, while signals come to them; a reader looks at the lines.
 */
static struct {
	FILE *to, *from;
	long nbad;
	bool done;		/* atomic: the writers are */
	long nseen;		/* atomic, by handlers */
} s;

/* What a handler may call, with a call's lock of its own. */
static void call_too(int sig)
{
	(void)sig;
	(void)getpid();
	(void)write(-1, "", 1);
	__atomic_fetch_add(&s.nseen, 1, __ATOMIC_RELAXED);
}

/* Line @n of @who: "a 17 aaaaaaa", as long as its number says. */
static void make_line(char line[LINE_MAX], char who, int n)
{
	const int len = sprintf(line, "%c %d ", who, n);
	const int end = 16 + n * 37 % (LINE_MAX - 32);

	memset(line + len, who, (size_t)(end - len));
	strcpy(line + end, "\n");
}

static void *print_lines(void *name)
{
	for (int i = 0; i < NLINES; i++) {
		char *const line = malloc(LINE_MAX);

		make_line(line, *(char *)name, i);
		fprintf(s.to, "%s", line);
		free(realloc(line, LINE_MAX * 2));
	}
	fflush(s.to);
	return NULL;
}

static void *send_signals(void *writers)
{
	pthread_t *const t = writers;

	while (!__atomic_load_n(&s.done, __ATOMIC_ACQUIRE)) {
		for (int i = 0; i < NWRITERS; i++)
			pthread_kill(t[i], SIGUSR1);
		sched_yield();
	}
	return NULL;
}

static void read_lines(void)
{
	int next[NWRITERS] = { 0 };

	for (int i = 0; i < NWRITERS * NLINES; i++) {
		char line[LINE_MAX], want[LINE_MAX];

		if (!fgets(line, sizeof(line), s.from)) {
			s.nbad++;
			return;
		}
		make_line(want, line[0], next[line[0] == 'b']++);
		s.nbad += strcmp(line, want) != 0;
	}
}

UK_TEST(musl_storm, signals_leave_whole_what_calls_and_locks_protect)
{
	static char name[NWRITERS][2] = { "a", "b" };
	pthread_t t[NWRITERS], sender;
	int fd[2];

	memset(&s, 0, sizeof(s));
	handle(call_too, SA_RESTART);
	UK_EXPECT_EQ(pipe(fd), 0);
	/* Full most of the time, so that there are waits. */
	UK_EXPECT_EQ(fcntl(fd[1], F_SETPIPE_SZ, 4096), 4096);
	s.from = fdopen(fd[0], "r");
	s.to = fdopen(fd[1], "w");
	if (!UK_EXPECT_NOT_NULL(s.from) || !UK_EXPECT_NOT_NULL(s.to))
		return;
	uk_test_spread_begin();
	for (int i = 0; i < NWRITERS; i++)
		UK_EXPECT_EQ(pthread_create(&t[i], NULL, print_lines, name[i]),
			     0);
	UK_EXPECT_EQ(pthread_create(&sender, NULL, send_signals, t), 0);
	uk_test_spread_end();
	read_lines();
	UK_EXPECT_EQ(s.nbad, 0);
	/* While they can still be sent to. */
	__atomic_store_n(&s.done, true, __ATOMIC_RELEASE);
	UK_EXPECT_EQ(pthread_join(sender, NULL), 0);
	for (int i = 0; i < NWRITERS; i++)
		UK_EXPECT_EQ(pthread_join(t[i], NULL), 0);
	UK_EXPECT_GE(s.nseen, 20);
	fclose(s.to);
	fclose(s.from);
	handle(SIG_DFL, 0);
	expect_outside();
}
