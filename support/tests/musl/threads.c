/* SPDX-License-Identifier: BSD-3-Clause */
#include "threads.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static pthread_t first;

static void *last(void *how)
{
	pthread_join(first, NULL);
	puts("alone");
	if (!strcmp(how, "kill")) {
		fflush(stdout);
		kill(getpid(), SIGKILL);
		pause();
	}
	return NULL;
}

void leave_one(const char *how)
{
	pthread_t thread;

	first = pthread_self();
	if (pthread_create(&thread, NULL, last, (void *)how) ||
	    pthread_detach(thread))
		_exit(98);
	pthread_exit(NULL);
}
