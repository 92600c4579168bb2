/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Calls on descriptors that do not wait, and the ones of two threads that wait
 * for each other in turn: there and back is one.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <uk/sched.h>
#include <uk/syscall.h>
#include <uk/thread.h>

#include "files.h"

#define TIMES	1024u

static int there[2], back[2], event;

static void open_pipe(int fd[2])
{
	must(uk_syscall_r_pipe2((long)fd, 0), 0);
}

/* A page for its ring comes with the first byte. */
static void pass_byte(const int fd[2])
{
	char c = 'x';

	must(uk_syscall_r_write(fd[1], (long)&c, 1), 1);
	must(uk_syscall_r_read(fd[0], (long)&c, 1), 1);
}

static void prepare_pipe(void)
{
	open_pipe(there);
	pass_byte(there);
}

static void run_pipe(unsigned int n)
{
	for (unsigned int i = 0; i < n; i++)
		pass_byte(there);
}

static void prepare_event(void)
{
	const long fd = uk_syscall_r_eventfd2(0, 0);

	if (fd < 0)
		abort();
	event = (int)fd;
}

static void run_event(unsigned int n)
{
	uint64_t num = 1;

	for (unsigned int i = 0; i < n; i++) {
		must(uk_syscall_r_write(event, (long)&num, 8), 8);
		must(uk_syscall_r_read(event, (long)&num, 8), 8);
	}
}

static void answer_for_ever(void *arg)
{
	char c;

	(void)arg;
	for (;;) {
		must(uk_syscall_r_read(there[0], (long)&c, 1), 1);
		must(uk_syscall_r_write(back[1], (long)&c, 1), 1);
	}
}

static void run_ping_pong(unsigned int n)
{
	char c = 'x';

	for (unsigned int i = 0; i < n; i++) {
		must(uk_syscall_r_write(there[1], (long)&c, 1), 1);
		must(uk_syscall_r_read(back[0], (long)&c, 1), 1);
	}
}

static void prepare_ping_pong(void)
{
	open_pipe(back);
	if (!uk_sched_thread_create(uk_sched_current(), answer_for_ever, NULL,
				    "answer"))
		abort();
	run_ping_pong(1);
}

const struct bench_work bench_files[] = {
	{ "pipe", prepare_pipe, run_pipe, TIMES },
	{ "eventfd", prepare_event, run_event, TIMES },
	/* Its other thread waits for ever. */
	{ "ping-pong", prepare_ping_pong, run_ping_pong, TIMES },
	{ NULL, NULL, NULL, 0 }
};
