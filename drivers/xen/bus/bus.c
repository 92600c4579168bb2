/* SPDX-License-Identifier: BSD-3-Clause */
/* The bus of this domain: its store, and a thread that sleeps between looks. */
#include "bus_priv.h"

#include <uk/errno.h>
#include <uk/sched.h>
#include <uk/time.h>

static struct {
	uint32_t nbusy;		/* atomic: calls that are under way */
	bool frozen;		/* atomic: who begins waits */
	uint32_t domain;	/* atomic: how often it was restored */
} st;

static void pause(void)
{
	uk_sched_thread_sleep(UK_TIME_NS_PER_MS);
}

static uint32_t enter(void)
{
	__atomic_fetch_add(&st.nbusy, 1, __ATOMIC_SEQ_CST);
	/* Pairs with xenbus_freeze(): one of the two sees the other. */
	while (__atomic_load_n(&st.frozen, __ATOMIC_SEQ_CST)) {
		__atomic_fetch_sub(&st.nbusy, 1, __ATOMIC_RELEASE);
		pause();
		__atomic_fetch_add(&st.nbusy, 1, __ATOMIC_SEQ_CST);
	}
	return __atomic_load_n(&st.domain, __ATOMIC_RELAXED);
}

static void leave(void)
{
	__atomic_fetch_sub(&st.nbusy, 1, __ATOMIC_RELEASE);
}

static void set_frozen(bool frozen)
{
	__atomic_store_n(&st.frozen, frozen, __ATOMIC_SEQ_CST);
}

int xenbus_freeze(void)
{
	set_frozen(true);
	if (__atomic_load_n(&st.nbusy, __ATOMIC_SEQ_CST) == 0)
		return 0;
	set_frozen(false);
	return -EBUSY;
}

void xenbus_thaw(bool same)
{
	if (!same)
		__atomic_fetch_add(&st.domain, 1, __ATOMIC_RELAXED);
	set_frozen(false);
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
	.enter = enter,
	.leave = leave,
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
