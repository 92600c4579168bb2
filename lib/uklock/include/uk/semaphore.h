/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <uk/compiler.h>
#include <uk/wait.h>

/*
 * A count that can be taken from as long as there is some of it. Who has to
 * wait gets its part in the order of coming.
 *
 * Context: thread, unless said otherwise.
 */
struct uk_semaphore {
	/*
	 * What is there, or, below zero, how many are short of it. Atomic:
	 * acquire by down, release by up.
	 */
	long count;
	long owed;		/* ups that came before their waiter; wq.lock */
	struct uk_waitq wq;
};

#define UK_SEMAPHORE_INITIALIZER(s, count_)				\
	{ .count = (count_), .wq = UK_WAITQ_INIT((s).wq) }

/* Make @s a semaphore with @count, at least 0. */
void uk_semaphore_init(struct uk_semaphore *s, long count);

/* Behind the inline functions: the caller has taken what is not there. */
void uk_semaphore_wait_(struct uk_semaphore *s);
/* ... has given to somebody who is short. */
void uk_semaphore_grant_(struct uk_semaphore *s);

/* Take one; wait for it. */
static inline void uk_semaphore_down(struct uk_semaphore *s)
{
	uk_might_block();
	/* Acquire, with the release in uk_semaphore_up(). */
	if (UK_UNLIKELY(__atomic_fetch_sub(&s->count, 1, __ATOMIC_ACQUIRE) <=
			0))
		uk_semaphore_wait_(s);
}

/* Take one if there is one. Returns 1 if it was taken, else 0. Context: any. */
UK_MUST_USE static inline int uk_semaphore_down_try(struct uk_semaphore *s)
{
	long n = __atomic_load_n(&s->count, __ATOMIC_RELAXED);

	while (n > 0)
		if (__atomic_compare_exchange_n(&s->count, &n, n - 1, true,
						__ATOMIC_ACQUIRE,
						__ATOMIC_RELAXED))
			return 1;
	return 0;
}

/*
 * Take one, waiting until uk_time_now() is @deadline_ns at the latest (0 or
 * UK_TIME_NEVER: for ever). Needs lib/uktime in the image. Returns 0, or
 *   -ETIMEDOUT  there was none so long
 */
UK_MUST_USE int uk_semaphore_down_until(struct uk_semaphore *s,
					uint64_t deadline_ns);

/*
 * The same within @timeout_ns. Returns the nanoseconds it took, or UINT64_MAX:
 * there was none so long.
 */
uint64_t uk_semaphore_down_to(struct uk_semaphore *s, uint64_t timeout_ns);

/* Give one. Context: any but NMI. */
static inline void uk_semaphore_up(struct uk_semaphore *s)
{
	/* Release, with the acquire in uk_semaphore_down(). */
	if (UK_UNLIKELY(__atomic_fetch_add(&s->count, 1, __ATOMIC_RELEASE) <
			0))
		uk_semaphore_grant_(s);
}

/* What interrupt handlers of ports call. */
static inline void uk_semaphore_up_isr(struct uk_semaphore *s)
{
	uk_semaphore_up(s);
}

UK_MUST_USE static inline int uk_semaphore_down_try_isr(struct uk_semaphore *s)
{
	return uk_semaphore_down_try(s);
}
