/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <uk/compiler.h>
#include <uk/xen_bus.h>

#define XENBUS_PATIENCE_NS	UINT64_C(10000000000)

/* Where front-ends look: the store of this domain, or a test's. */
struct uk_xen_bus {
	/* As those of <uk/xenstore.h>. */
	int (*read)(uint32_t tx, const char *path, char *buf, size_t size);
	int (*list)(uint32_t tx, const char *path, char *buf, size_t size);
	int (*write)(uint32_t tx, const char *path, const char *text);
	int (*begin)(uint32_t *tx);
	int (*commit)(uint32_t tx);
	int (*abort)(uint32_t tx);
	int (*watch)(struct uk_xenstore_watch *watch);
	int (*unwatch)(struct uk_xenstore_watch *watch);
	int (*poll)(void);

	/*
	 * Between the two this domain is not suspended. Returns a number of
	 * the domain, which is another one in the next. They nest.
	 */
	uint32_t (*enter)(void);
	void (*leave)(void);

	uint64_t (*now)(void);	/* ns */
	void (*pause)(void);	/* let others run for a while */
};

/* front.c: as those of <uk/xen_bus.h>, on @bus. */
UK_MUST_USE
int xenbus_open(struct uk_xen_front *front, const struct uk_xen_bus *bus);
UK_MUST_USE
int xenbus_each(const struct uk_xen_bus *bus, const char *type,
		void (*fn)(unsigned int number, void *arg), void *arg);

/*
 * nodes.c: fill in node, other, domid and watched. Returns as
 * uk_xen_front_open().
 */
UK_MUST_USE int xenbus_find(struct uk_xen_front *front);

/*
 * Where the back-end is, UK_XEN_BUS_UNKNOWN without a node. Returns 0, or
 * -EPROTO: nowhere, or an error of the store.
 */
UK_MUST_USE
int xenbus_read_state(struct uk_xen_front *front,
		      enum uk_xen_bus_state *state);

/*
 * Be at @state, unless this end's node was taken away: then nobody is told, and
 * nothing is written anew. Returns 0, or an error of the store.
 */
UK_MUST_USE
int xenbus_switch(struct uk_xen_front *front, enum uk_xen_bus_state state);

/*
 * bus.c, for suspend.c: nobody is in the middle of something from the one to
 * the other; -EBUSY: somebody is. Then, if it is another domain than before.
 */
UK_MUST_USE int xenbus_freeze(void);
void xenbus_thaw(bool same);
