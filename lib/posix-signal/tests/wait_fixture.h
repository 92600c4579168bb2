/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include "signal_fixture.h"

static unsigned int nhandled;	/* atomic */

static inline void count(int sig UK_UNUSED,
			 struct uk_abi_siginfo *info UK_UNUSED,
			 void *uc UK_UNUSED)
{
	__atomic_add_fetch(&nhandled, 1, __ATOMIC_RELAXED);
}

/* A thread that makes one call. */
struct caller {
	struct uk_thread *thread;
	long (*fn)(struct caller *c);
	uint64_t mask;		/* that it has meanwhile */
	long rc;
	int tid;		/* atomic: it is about to */
	uint32_t word;
	struct uk_abi_siginfo info;
	uint64_t mask_after;
};

static inline void call(void *arg)
{
	struct caller *const c = arg;

	set_mask(c->mask);
	__atomic_store_n(&c->tid, (int)uk_syscall_r_gettid(),
			 __ATOMIC_RELEASE);
	c->rc = c->fn(c);
	c->mask_after = mask_now();
}

static inline void start_with(struct caller *c, long (*fn)(struct caller *c),
			      uint64_t mask, uint32_t word)
{
	*c = (struct caller){ .fn = fn, .mask = mask, .word = word };
	c->thread = uk_test_spawn(call, c);
	while (!__atomic_load_n(&c->tid, __ATOMIC_ACQUIRE))
		uk_sched_yield();
	uk_test_until_it_waits(c->thread);
}

static inline void start(struct caller *c, long (*fn)(struct caller *c),
			 uint64_t mask)
{
	start_with(c, fn, mask, 0);
}

static inline long end(struct caller *c)
{
	uk_thread_join(c->thread);
	return c->rc;
}
