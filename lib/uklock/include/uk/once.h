/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <uk/compiler.h>
#include <uk/mutex.h>

/*
 * Something that is to be done once, by whoever comes first.
 *
 *	static struct uk_once once = UK_ONCE_INITIALIZER(once);
 *
 *	uk_once(&once, set_up, NULL);
 *
 * Context: thread.
 */
struct uk_once {
	unsigned int done;	/* atomic: acquire by readers, release */
	struct uk_mutex lock;	/* held while it is being done */
};

#define UK_ONCE_INITIALIZER(o)  { .lock = UK_MUTEX_INITIALIZER((o).lock) }

void uk_once_slow_(struct uk_once *once, void (*fn)(void *arg), void *arg);

/*
 * Call @fn(@arg), if nobody has called it for @once; when this returns it has
 * been called, and all that it wrote is seen. @fn may block, but not use @once.
 */
static inline void uk_once(struct uk_once *once, void (*fn)(void *arg),
			   void *arg)
{
	if (UK_UNLIKELY(!__atomic_load_n(&once->done, __ATOMIC_ACQUIRE)))
		uk_once_slow_(once, fn, arg);
}
