/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Destructors of thread-local objects of C++: run in the thread, the last
 * registered first, when it ends (reent_threads.c), or by exit(), before the
 * handlers of atexit() that were registered earlier.
 */
#include <stdbool.h>
#include <stdlib.h>

#include "../newlib_priv.h"

struct entry {
	struct entry *next;
	void (*dtor)(void *object);
	void *object;
};

int __cxa_thread_atexit(void (*dtor)(void *object), void *object, void *dso);

static _Thread_local struct entry *last;
static bool at_exit;	/* atomic: the handler is registered */

/* A destructor may register another one, which is then the next. */
void newlib_thread_dtors(void)
{
	while (last) {
		struct entry *const entry = last;

		last = entry->next;
		entry->dtor(entry->object);
		free(entry);
	}
}

/* Returns 0; other values are a failure, and the object lives for ever. */
int __cxa_thread_atexit(void (*dtor)(void *object), void *object, void *dso)
{
	struct entry *const entry = malloc(sizeof(*entry));

	(void)dso;
	if (!entry)
		return -1;
	if (!__atomic_exchange_n(&at_exit, true, __ATOMIC_RELAXED) &&
	    atexit(newlib_thread_dtors) != 0) {
		__atomic_store_n(&at_exit, false, __ATOMIC_RELAXED);
		free(entry);
		return -1;
	}
	entry->dtor = dtor;
	entry->object = object;
	entry->next = last;
	last = entry;
	return 0;
}
