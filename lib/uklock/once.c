/* SPDX-License-Identifier: BSD-3-Clause */
/* Doing something once, where it may not have been done. */
#include <uk/once.h>

void uk_once_slow_(struct uk_once *once, void (*fn)(void *arg), void *arg)
{
	uk_mutex_lock(&once->lock);
	/* Written under the lock only. */
	if (!once->done) {
		fn(arg);
		/* Release, with the acquire in uk_once(). */
		__atomic_store_n(&once->done, 1, __ATOMIC_RELEASE);
	}
	uk_mutex_unlock(&once->lock);
}
