/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The host's side of include/hosted_threads.h: sees libc and no Kiln header.
 *
 * The threads begin together, behind a barrier, so that the work of the first
 * is not over before the last is there.
 */
#include <pthread.h>
#include <stdlib.h>

#define MOST	16u

void hosted_threads(unsigned int n, void (*fn)(void *arg, unsigned int i),
		    void *arg);

struct worker {
	pthread_t thread;
	pthread_barrier_t *start;
	void (*fn)(void *arg, unsigned int i);
	void *arg;
	unsigned int i;
};

static void *work(void *arg)
{
	struct worker *const w = arg;

	pthread_barrier_wait(w->start);
	w->fn(w->arg, w->i);
	return NULL;
}

void hosted_threads(unsigned int n, void (*fn)(void *arg, unsigned int i),
		    void *arg)
{
	struct worker workers[MOST];
	pthread_barrier_t start;

	if (n < 1 || n > MOST || pthread_barrier_init(&start, NULL, n))
		abort();
	for (unsigned int i = 0; i < n; i++) {
		workers[i] = (struct worker){
			.start = &start, .fn = fn, .arg = arg, .i = i
		};
		if (pthread_create(&workers[i].thread, NULL, work,
				   &workers[i]))
			abort();
	}
	for (unsigned int i = 0; i < n; i++)
		if (pthread_join(workers[i].thread, NULL))
			abort();
	pthread_barrier_destroy(&start);
}
