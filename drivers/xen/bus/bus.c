/* SPDX-License-Identifier: BSD-3-Clause */
/* The bus of this domain: its store, and a thread that sleeps between looks. */
#include "bus_priv.h"

#include <uk/sched.h>
#include <uk/time.h>

static void pause(void)
{
	uk_sched_thread_sleep(UK_TIME_NS_PER_MS);
}

static const struct uk_xen_bus bus = {
	.read = uk_xenstore_read,
	.list = uk_xenstore_list,
	.write = uk_xenstore_write,
	.begin = uk_xenstore_begin,
	.commit = uk_xenstore_commit,
	.abort = uk_xenstore_abort,
	.watch = uk_xenstore_watch,
	.unwatch = uk_xenstore_unwatch,
	.poll = uk_xenstore_poll,
	.now = uk_time_now,
	.pause = pause,
};

int uk_xen_front_open(struct uk_xen_front *front)
{
	return xenbus_open(front, &bus);
}

int uk_xen_bus_each(const char *type, void (*fn)(unsigned int number,
						 void *arg), void *arg)
{
	return xenbus_each(&bus, type, fn, arg);
}
