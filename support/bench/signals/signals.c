/* SPDX-License-Identifier: BSD-3-Clause */
/* What threads of a program do to each other by system calls. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <uk/abi/futex.h>
#include <uk/abi/signal.h>
#include <uk/sched.h>
#include <uk/syscall.h>
#include <uk/thread.h>

#include "bench.h"

#define WAIT	(UK_ABI_FUTEX_WAIT | UK_ABI_FUTEX_PRIVATE_FLAG)
#define WAKE	(UK_ABI_FUTEX_WAKE | UK_ABI_FUTEX_PRIVATE_FLAG)

static void must(int ok)
{
	if (!ok)
		abort();
}

static volatile unsigned int nhandled;

static void handler(int sig)
{
	(void)sig;
	nhandled++;
}

static void set_handler(void)
{
	const struct uk_abi_sigaction a = { .handler = (uint64_t)handler };

	must(uk_syscall_r_rt_sigaction(UK_ABI_SIGUSR1, (long)&a, 0, 8) == 0);
}

static void run_self(unsigned int n)
{
	const long tid = uk_syscall_r_gettid();

	nhandled = 0;
	for (unsigned int i = 0; i < n; i++)
		must(uk_syscall_r_tkill(tid, UK_ABI_SIGUSR1) == 0);
	must(nhandled == n);
}

static void run_mask(unsigned int n)
{
	uint64_t mask = 0;

	while (n--)
		must(uk_syscall_r_rt_sigprocmask(UK_ABI_SIG_SETMASK,
						 (long)&mask, 0, 8) == 0);
}

/* Whose turn it is, each waits for its own. */
static uint32_t turn;

static void wait_for(uint32_t mine)
{
	while (__atomic_load_n(&turn, __ATOMIC_ACQUIRE) != mine)
		(void)uk_syscall_r_futex((long)&turn, WAIT, !mine, 0, 0, 0);
}

static void hand_over(uint32_t other)
{
	__atomic_store_n(&turn, other, __ATOMIC_RELEASE);
	(void)uk_syscall_r_futex((long)&turn, WAKE, 1, 0, 0, 0);
}

static void other(void *arg)
{
	(void)arg;
	for (;;) {
		wait_for(1);
		hand_over(0);
	}
}

static void start_other(void)
{
	struct uk_sched *const s = uk_sched_current();
	struct uk_thread *const t = uk_thread_create_fn1(
		s->a, other, NULL, s->a_stack, 0, NULL, 0, NULL, true, "other",
		NULL, NULL);

	must(t != NULL);
	must(uk_sched_thread_add(s, t) == 0);
}

/* Twice a round. */
static void run_futex(unsigned int n)
{
	for (n /= 2; n--;) {
		hand_over(1);
		wait_for(0);
	}
}

static const struct bench_work bench_signals[] = {
	{ "signal-self", set_handler, run_self, 1024 },
	{ "signal-mask", NULL, run_mask, 1024 },
	{ "futex-hand-over", start_other, run_futex, 1024 },
	{ .name = NULL },
};

const struct bench_work *const bench_tables[] = { bench_signals, NULL };
