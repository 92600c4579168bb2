/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Guards where there are threads: all that wait for somebody to initialise
 * something wait in one queue, which is rarely more than one of them.
 *
 * Each is counted as a call, as a signal's handler may have guards.
 */
#include "guard.h"

#include <stdbool.h>

#include <uk/call.h>
#include <uk/wait.h>

static DEFINE_WAIT_QUEUE(changed);

/* Acquire, with the release of who lets it go. */
static bool take(struct guard *guard)
{
	return !__atomic_exchange_n(&guard->busy, 1, __ATOMIC_ACQUIRE);
}

static bool is_free(const struct guard *guard)
{
	return !__atomic_load_n(&guard->busy, __ATOMIC_ACQUIRE);
}

int __cxa_guard_acquire(struct guard *guard)
{
	for (;;) {
		if (__atomic_load_n(&guard->done, __ATOMIC_ACQUIRE))
			return 0;
		if (take(guard))
			break;
		(void)UK_CALL_SERVICE(uk_waitq_wait_event(&changed,
							  is_free(guard)));
	}
	/* The one before may have finished between the two looks. */
	if (!guard->done)
		return 1;
	__cxa_guard_abort(guard);
	return 0;
}

void __cxa_guard_release(struct guard *guard)
{
	/* Release, with the acquire of the compiler's look. */
	__atomic_store_n(&guard->done, 1, __ATOMIC_RELEASE);
	__cxa_guard_abort(guard);
}

void __cxa_guard_abort(struct guard *guard)
{
	struct uk_current *const cur = uk_call_enter();

	__atomic_store_n(&guard->busy, 0, __ATOMIC_RELEASE);
	uk_waitq_wake_up(&changed);
	uk_call_leave(cur);
}
