/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stddef.h>

#include "futex_fixture.h"

#define WAITERS		UK_ABI_FUTEX_WAITERS
#define DIED		UK_ABI_FUTEX_OWNER_DIED

#define LOCK		UK_ABI_FUTEX_LOCK_PI
#define LOCK2		UK_ABI_FUTEX_LOCK_PI2
#define TRYLOCK		UK_ABI_FUTEX_TRYLOCK_PI
#define UNLOCK		UK_ABI_FUTEX_UNLOCK_PI
#define WAIT_REQUEUE	UK_ABI_FUTEX_WAIT_REQUEUE_PI
#define CMP_REQUEUE	UK_ABI_FUTEX_CMP_REQUEUE_PI
#define REALTIME	UK_ABI_FUTEX_CLOCK_REALTIME

#define MANY		0x7fffffff

static inline uint32_t my_tid(void)
{
	return (uint32_t)uk_syscall_r_gettid();
}

static inline uint32_t get(const uint32_t *word)
{
	return __atomic_load_n(word, __ATOMIC_ACQUIRE);
}

/* As programs do: in the word, if nobody else has it. */
static inline long take(uint32_t *word, uint32_t tid)
{
	uint32_t was = 0;

	if (__atomic_compare_exchange_n(word, &was, tid, false,
					__ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
		return 0;
	return futex(word, LOCK, 0, 0, NULL, 0);
}

/* The same, if nobody waits for it. */
static inline long drop(uint32_t *word, uint32_t tid)
{
	uint32_t was = tid;

	if (__atomic_compare_exchange_n(word, &was, 0, false,
					__ATOMIC_RELEASE, __ATOMIC_RELAXED))
		return 0;
	return futex(word, UNLOCK, 0, 0, NULL, 0);
}

/* A thread that makes one call for @word, and gives it back when told to. */
struct wanter {
	struct uk_thread *thread;
	uint32_t *word, *cond;	/* cond: it waits there first */
	uint32_t tid;
	long rc;
	uint32_t seen;		/* the word when it had it */
	bool got;		/* atomic */
	uint32_t go;		/* a word that is waited for */
	bool exits;		/* with the lock */
};

static inline bool is_set(const bool *flag)
{
	return __atomic_load_n(flag, __ATOMIC_ACQUIRE);
}

static inline void set(bool *flag)
{
	__atomic_store_n(flag, true, __ATOMIC_RELEASE);
}

static inline void await(const bool *flag)
{
	while (!is_set(flag))
		uk_sched_thread_sleep(UK_TIME_NS_PER_MS / 10);
}

static inline void want(void *arg)
{
	struct wanter *const x = arg;

	x->tid = my_tid();
	x->rc = x->cond ? futex(x->cond, WAIT_REQUEUE, get(x->cond), 0,
				x->word, 0)
			: futex(x->word, LOCK, 0, 0, NULL, 0);
	x->seen = get(x->word);
	set(&x->got);
	if (x->rc < 0)
		return;
	while (!get(&x->go))
		(void)futex(&x->go, UK_ABI_FUTEX_WAIT, 0, 0, NULL, 0);
	if (x->exits)
		uk_syscall_r_exit(0);
	UK_EXPECT_EQ(futex(x->word, UNLOCK, 0, 0, NULL, 0), 0);
}

static inline void let_go(struct wanter *x)
{
	__atomic_store_n(&x->go, 1, __ATOMIC_RELEASE);
	(void)uk_futex_wake(&x->go, 1, UK_FUTEX_ANY);
}

static inline void begin(struct wanter *x, uint32_t *word, uint32_t *cond)
{
	*x = (struct wanter){ .word = word, .cond = cond };
	x->thread = uk_test_spawn(want, x);
}

/* One that waits, as the word is taken; or that has it, as it is not. */
static inline void begin_waiting(struct wanter *x, uint32_t *word)
{
	begin(x, word, NULL);
	uk_test_until_it_waits(x->thread);
}

static inline void begin_having(struct wanter *x, uint32_t *word)
{
	begin(x, word, NULL);
	await(&x->got);
}

static inline void begin_cond(struct wanter *x, uint32_t *word, uint32_t *cond)
{
	begin(x, word, cond);
	uk_test_until_it_waits(x->thread);
}

/* It lets go. */
static inline long end(struct wanter *x)
{
	let_go(x);
	uk_thread_join(x->thread);
	return x->rc;
}
