/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Destructors of thread-local objects of C++: run in the thread, the last
 * registered first, when it ends by pthread_exit() or its function returns, or
 * by exit(), before the handlers of atexit() that were registered earlier.
 *
 * Each thread has a list, in thread-specific data: musl calls the key's
 * destructor when a thread ends. exit() does not, so a handler of atexit()
 * does for its caller.
 */
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>

struct entry {
	struct entry *next;
	void (*dtor)(void *object);
	void *object;
};

int __cxa_thread_atexit(void (*dtor)(void *object), void *object, void *dso);

static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_key_t key;
static int key_error;

/* A destructor may register another one, which is then the next. */
static void run(void *first)
{
	struct entry *entry = first;

	while (entry) {
		pthread_setspecific(key, entry->next);
		entry->dtor(entry->object);
		free(entry);
		entry = pthread_getspecific(key);
	}
}

static void run_at_exit(void)
{
	run(pthread_getspecific(key));
}

static void make_key(void)
{
	key_error = pthread_key_create(&key, run);
	if (!key_error && atexit(run_at_exit) != 0)
		key_error = ENOMEM;
}

/* Returns 0; other values are a failure, and the object lives for ever. */
int __cxa_thread_atexit(void (*dtor)(void *object), void *object, void *dso)
{
	struct entry *const entry = malloc(sizeof(*entry));

	(void)dso;
	pthread_once(&once, make_key);
	if (!entry || key_error) {
		free(entry);
		return -1;
	}
	entry->next = pthread_getspecific(key);
	entry->dtor = dtor;
	entry->object = object;
	if (pthread_setspecific(key, entry) != 0) {
		free(entry);
		return -1;
	}
	return 0;
}
