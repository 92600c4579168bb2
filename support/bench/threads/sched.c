/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Threads. A yield is to another thread that yields, so a call here is two of
 * them; creation, a switch to the new thread, its exit and the way back are
 * one.
 */
#include <stddef.h>
#include <stdlib.h>

#include <uk/alloc.h>
#include <uk/sched.h>
#include <uk/thread.h>

#include "bench.h"

static struct uk_thread *start(uk_thread_fn1_t fn)
{
	struct uk_alloc *const a = uk_alloc_get_default();
	struct uk_thread *const t = uk_thread_create_fn1(
		a, fn, NULL, a, 0, NULL, 0, a, false, "bench", NULL, NULL);

	if (!t || uk_sched_thread_add(uk_sched_current(), t) < 0)
		abort();
	return t;
}

static void yield_for_ever(void *arg)
{
	(void)arg;
	for (;;)
		uk_sched_yield();
}

static void prepare_yield(void)
{
	start(yield_for_ever);
}

static void run_yield(unsigned int n)
{
	for (unsigned int i = 0; i < n; i += 2)
		uk_sched_yield();
}

static void nothing(void *arg)
{
	(void)arg;
}

static void run_join(unsigned int n)
{
	for (unsigned int i = 0; i < n; i++)
		uk_thread_join(start(nothing));
}

const struct bench_work bench_sched[] = {
	{ .name = "thread-join", .run = run_join },
	/* The other thread stays, so this is last. */
	{ .name = "yield", .prepare = prepare_yield, .run = run_yield },
	{ .name = NULL },
};
