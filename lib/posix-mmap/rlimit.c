/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * setrlimit(2) is lib/posix-process's, which tells by an event of what it has
 * set; the limit is read again here, under the lock, so the last one set is the
 * one that stays.
 *
 * RLIMIT_STACK is what it is here, 8 MiB, until somebody sets it: at first it
 * tells the stack of "main", which is none of these areas.
 */
#include <uk/errno.h>
#include <uk/event.h>
#include <uk/mm.h>
#include <uk/mutex.h>
#include <uk/rlimit.h>

#include "mmap_priv.h"

static struct uk_mutex lock = UK_MUTEX_INITIALIZER(lock);

/* What @resource limits here; -ENOENT: nothing. */
static int limit_of(unsigned int resource)
{
	switch (resource) {
	case UK_ABI_RLIMIT_AS:
		return UK_MM_AS;
	case UK_ABI_RLIMIT_DATA:
		return UK_MM_DATA;
	case UK_ABI_RLIMIT_MEMLOCK:
		return UK_MM_MEMLOCK;
	case UK_ABI_RLIMIT_STACK:
		return UK_MM_STACK;
	}
	return -ENOENT;
}

_Static_assert(UK_ABI_RLIM_INFINITY == SIZE_MAX, "no limit is none here");

static enum uk_event_result on_set(void *data)
{
	const unsigned int resource = *(const unsigned int *)data;
	const int which = limit_of(resource);

	if (which < 0)
		return UK_EVENT_NOT_HANDLED;
	uk_mutex_lock(&lock);
	uk_mm_set_limit((enum uk_mm_limit)which, uk_rlimit(resource));
	uk_mutex_unlock(&lock);
	return UK_EVENT_HANDLED_CONT;
}

UK_EVENT_HANDLER(uk_rlimit_set, on_set);
