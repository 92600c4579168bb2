/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <uk/abi/futex.h>
#include <uk/errno.h>
#include <uk/futex.h>
#include <uk/sched.h>
#include <uk/syscall.h>
#include <uk/test.h>
#include <uk/test_file.h>
#include <uk/thread.h>
#include <uk/time.h>

/* A thread that waits for a word. */
struct sleeper {
	struct uk_thread *thread;
	const uint32_t *addr;
	uint32_t val, bits;
	long rc;
	bool done;		/* atomic */
};

static long futex(const void *addr, int op, long val, long val2,
		  const void *to, long val3)
{
	return uk_syscall_r_futex((long)addr, op, val, val2, (long)to, val3);
}

static inline void sleep_on(void *arg)
{
	struct sleeper *const s = arg;

	s->rc = uk_futex_wait(s->addr, s->val, s->bits, UK_TIME_NEVER);
	__atomic_store_n(&s->done, true, __ATOMIC_RELEASE);
}

static inline bool is_done(const struct sleeper *s)
{
	return __atomic_load_n(&s->done, __ATOMIC_ACQUIRE);
}

/* It waits as soon as it does not run any more. */
static inline void lay_down(struct sleeper *s, const uint32_t *addr,
			    uint32_t val, uint32_t bits)
{
	*s = (struct sleeper){ .addr = addr, .val = val, .bits = bits };
	s->thread = uk_test_spawn(sleep_on, s);
	uk_test_until_it_waits(s->thread);
}

/* It has been woken, or is now: its result. */
static inline long get_up(struct sleeper *s)
{
	uk_thread_join(s->thread);
	return s->rc;
}
