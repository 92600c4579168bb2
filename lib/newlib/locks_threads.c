/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * newlib's locks are lib/uklock's. A stream's is allocated with it, by a
 * function that cannot fail: where there is no memory the stream shares one
 * lock with all others like it. That one is recursive, as theirs are, so they
 * are still safe, and only wait for each other more often.
 *
 * Each is counted as a call, as a signal's handler may use what it guards.
 */
#include <sys/lock.h>

#include <stdlib.h>

#include <uk/call.h>
#include <uk/mutex.h>

#include "locks.h"

struct __lock {
	struct uk_mutex mutex;
};

#define ONCE(name)							\
	struct __lock __lock_##name = {					\
		.mutex = UK_MUTEX_INITIALIZER(__lock_##name.mutex),	\
	};
#define AGAIN(name)							\
	struct __lock __lock_##name = {					\
		.mutex = UK_MUTEX_INITIALIZER_RECURSIVE(		\
				__lock_##name.mutex),			\
	};
NEWLIB_LOCKS(ONCE, AGAIN)

static AGAIN(shared)

static void make(_LOCK_T *lock, unsigned int flags)
{
	struct __lock *const l = malloc(sizeof(*l));

	if (l)
		uk_mutex_init_config(&l->mutex, flags);
	*lock = l ? l : &__lock_shared;
}

void __retarget_lock_init(_LOCK_T *lock)
{
	make(lock, 0);
}

void __retarget_lock_init_recursive(_LOCK_T *lock)
{
	make(lock, UK_MUTEX_CONFIG_RECURSE);
}

void __retarget_lock_close(_LOCK_T lock)
{
	if (lock != &__lock_shared)
		free(lock);
}

void __retarget_lock_close_recursive(_LOCK_T lock)
{
	__retarget_lock_close(lock);
}

void __retarget_lock_acquire(_LOCK_T lock)
{
	struct uk_current *const cur = uk_call_enter();

	uk_mutex_lock(&lock->mutex);
	uk_call_leave(cur);
}

void __retarget_lock_acquire_recursive(_LOCK_T lock)
{
	__retarget_lock_acquire(lock);
}

int __retarget_lock_try_acquire(_LOCK_T lock)
{
	return UK_CALL_SERVICE(uk_mutex_trylock(&lock->mutex));
}

int __retarget_lock_try_acquire_recursive(_LOCK_T lock)
{
	return __retarget_lock_try_acquire(lock);
}

void __retarget_lock_release(_LOCK_T lock)
{
	struct uk_current *const cur = uk_call_enter();

	uk_mutex_unlock(&lock->mutex);
	uk_call_leave(cur);
}

void __retarget_lock_release_recursive(_LOCK_T lock)
{
	__retarget_lock_release(lock);
}
