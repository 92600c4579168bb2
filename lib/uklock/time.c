/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Waiting for locks no longer than so. What is given at the last moment is
 * kept: only who has left the queue by itself comes back with -ETIMEDOUT.
 */
#include <uk/errno.h>
#include <uk/time.h>

#include "completion_priv.h"
#include "condvar_priv.h"
#include "lock_priv.h"
#include "rwlock_priv.h"
#include "semaphore_priv.h"

static int lock_until(struct uk_mutex *m, uint64_t deadline_ns)
{
	struct uk_waiter w = { .data = 0 };

	uk_might_block();
	if (lock_mutex_quick(m))
		return 0;
	while (!lock_mutex_enter(m, &w)) {
		if (uk_waitq_park_until(&m->wq, &w, deadline_ns) < 0) {
			lock_mutex_left(m, &w);
			return -ETIMEDOUT;
		}
		if (lock_mutex_woken(m, &w))
			return 0;
	}
	return 0;
}

int uk_mutex_lock_until(struct uk_mutex *m, uint64_t deadline_ns)
{
	int rc;

	/* It does not wait for ever, so this is no deadlock. */
	rc = lock_until(m, deadline_ns);
	if (rc == 0)
		lock_debug_locked(m);
	return rc;
}

/*
 * The caller is short of one and does not want it any more. That can be undone
 * as long as there are more of its kind than ups; else one of these is on its
 * way to the caller, which has to wait for it.
 */
static bool give_up(struct uk_semaphore *s)
{
	long n = __atomic_load_n(&s->count, __ATOMIC_RELAXED);

	while (n < 0)
		if (__atomic_compare_exchange_n(&s->count, &n, n + 1, true,
						__ATOMIC_RELAXED,
						__ATOMIC_RELAXED))
			return true;
	return false;
}

int uk_semaphore_down_until(struct uk_semaphore *s, uint64_t deadline_ns)
{
	struct uk_waiter w;

	uk_might_block();
	/* Acquire, with the release in uk_semaphore_up(). */
	if (__atomic_fetch_sub(&s->count, 1, __ATOMIC_ACQUIRE) > 0 ||
	    !lock_sem_enter(s, &w) ||
	    !uk_waitq_park_until(&s->wq, &w, deadline_ns))
		return 0;
	if (give_up(s))
		return -ETIMEDOUT;
	uk_semaphore_wait_(s);
	return 0;
}

static uint64_t deadline(uint64_t now, uint64_t timeout_ns)
{
	/* 0 would be for ever. */
	return timeout_ns >= UK_TIME_NEVER - now ? UK_TIME_NEVER :
						   UK_MAX(now + timeout_ns,
							  UINT64_C(1));
}

uint64_t uk_semaphore_down_to(struct uk_semaphore *s, uint64_t timeout_ns)
{
	uint64_t from;

	if (uk_semaphore_down_try(s))
		return 0;
	from = uk_time_now();
	if (uk_semaphore_down_until(s, deadline(from, timeout_ns)) < 0)
		return UINT64_MAX;
	return uk_time_now() - from;
}

static int rw_until(struct uk_rwlock *l, uint32_t how, uint64_t deadline_ns)
{
	struct uk_waiter w;

	uk_might_block();
	if (lock_rw_enter(l, &w, how) ||
	    !uk_waitq_park_until(&l->wq, &w, deadline_ns))
		return 0;
	lock_rw_waiter_left(l);
	return -ETIMEDOUT;
}

int uk_rwlock_rlock_until(struct uk_rwlock *l, uint64_t deadline_ns)
{
	return rw_until(l, UK_RWLOCK_READER, deadline_ns);
}

int uk_rwlock_wlock_until(struct uk_rwlock *l, uint64_t deadline_ns)
{
	return rw_until(l, UK_RWLOCK_WRITER, deadline_ns);
}

int uk_condvar_wait_until(struct uk_condvar *cv, struct uk_mutex *m,
			  uint64_t deadline_ns)
{
	struct uk_waiter w;
	int rc;

	lock_condvar_enter(cv, m, &w);
	rc = uk_waitq_park_until(&cv->wq, &w, deadline_ns);
	uk_mutex_lock(m);
	return rc;
}

int uk_completion_wait_until(struct uk_completion *c, uint64_t deadline_ns)
{
	struct uk_waiter w;

	uk_might_block();
	if (!lock_completion_enter(c, &w))
		return 0;
	return uk_waitq_park_until(&c->wq, &w, deadline_ns);
}
