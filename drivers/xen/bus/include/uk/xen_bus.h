/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <uk/compiler.h>
#include <uk/xen_abi.h>
#include <uk/xenstore.h>

/*
 * Split devices: the half in this domain, the front-end, finds the half in
 * another one, the back-end, and agrees with it by nodes of the store. Each end
 * has a state there, and they go on by turns:
 *
 *	back-end	this end	the driver is called
 *			Initialising
 *	InitWait			start: rings, grants, ports
 *			as published	publish: names them, in a transaction
 *	Connected	Connected	connect: what the back-end tells
 *	the same again,
 *	Reconfiguring, -ed		changed
 *	Closing, Closed			stop: no request any more
 *			Closed
 *	Closed				release: ends ports and grants
 *	InitWait	Initialising	start, and so on
 *
 * A back-end whose node is gone, whose state makes no sense or goes back, that
 * does not answer for long, or a store that fails, is stop and release too,
 * with an error; wherever that happens, the two come once each after a start
 * that succeeded, in this order.
 *
 * After a suspend (<uk/xen_suspend.h>) its back-end is another one: stop, with
 * -ECONNRESET, and release come at the next look, if it was started, and then
 * it is as just opened. What is left in a ring was never done, or its answer is
 * lost.
 *
 * Nothing happens by itself: uk_xen_front_poll() looks, and calls the driver's
 * functions. It does one step at a time, so a back-end that changes its state
 * without an end costs a look for each call.
 *
 * Context: threads, from stage DEV on. The owner serialises the calls for a
 * front-end. The driver's functions are called in the same context, and call
 * nothing for their front-end here but what reads and writes nodes, and
 * uk_xen_front_switch().
 */

/* Of a node's whole name, with the NUL. */
#define UK_XEN_NODE_LEN		32
#define UK_XEN_PATH_LEN		128

struct uk_xen_bus;
struct uk_xen_front;

/* A driver. A negative errno of the first three ends the device with it. */
struct uk_xen_front_ops {
	/*
	 * What this end publishes itself as: UK_XEN_BUS_INITIALISED, or
	 * UK_XEN_BUS_CONNECTED where the back-end waits for that before it
	 * connects (a network card's).
	 */
	enum uk_xen_bus_state published;

	/* The back-end waits: make what is shared. On failure undo all. */
	int (*start)(struct uk_xen_front *front);
	/* Write own nodes in @tx. Called again if others were faster. */
	int (*publish)(struct uk_xen_front *front, uint32_t tx);
	/* The back-end is connected: read its nodes. */
	int (*connect)(struct uk_xen_front *front);
	/*
	 * It may have changed while connected, and is at @other; once in the
	 * beginning. May be NULL.
	 */
	void (*changed)(struct uk_xen_front *front,
			enum uk_xen_bus_state other);
	/*
	 * It is over, by @error, or 0: it is closed from here. The back-end may
	 * still use what is shared.
	 */
	void (*stop)(struct uk_xen_front *front, int error);
	/*
	 * The back-end is done with what is shared, or will never be: a grant
	 * that does not end then (-EBUSY) keeps its page for good.
	 */
	void (*release)(struct uk_xen_front *front);
};

enum uk_xen_front_phase {
	UK_XEN_FRONT_SHUT,	/* not open; zero */
	UK_XEN_FRONT_WAITING,	/* for InitWait */
	UK_XEN_FRONT_OFFERED,	/* published: for Connected */
	UK_XEN_FRONT_UP,
	UK_XEN_FRONT_ENDING,	/* from here: for Closing */
	UK_XEN_FRONT_CLOSING,	/* Closed here: for Closed */
	UK_XEN_FRONT_DOWN,	/* closed; InitWait begins anew */
	UK_XEN_FRONT_FAILED,	/* for good: it may be closed, and opened */
};

struct uk_xen_front {
	/* The owner sets these; the rest is zero before it is opened. */
	const struct uk_xen_front_ops *ops;
	const char *type;	/* "vif", "vbd", ... */
	unsigned int number;
	uint64_t patience_ns;	/* with each state; 0: ten seconds */

	/* To be read. */
	enum uk_xen_front_phase phase;
	int error;		/* why it is DOWN or FAILED */
	uint16_t domid;		/* of the back-end */
	char node[UK_XEN_NODE_LEN];	/* this end's: "device/vif/0" */
	char other[UK_XEN_PATH_LEN];	/* the back-end's */

	/* Private. */
	const struct uk_xen_bus *bus;
	struct uk_xenstore_watch watch;
	char watched[UK_XEN_PATH_LEN];
	uint64_t since_ns;	/* when the phase began */
	int left;		/* why the back-end was not waited for, or 0 */
	bool fired;		/* its state is to be read; atomic */
	bool started;
	bool final;		/* FAILED comes next, not DOWN */
	uint32_t domain;	/* in which it was opened */
};

/*
 * Call @fn for each device of @type that this domain was given, by its number.
 *
 * Returns how many there are, or
 *   -E2BIG  some 80 of them at most are looked at: there are more
 *   an error of the store
 */
UK_MUST_USE
int uk_xen_bus_each(const char *type, void (*fn)(unsigned int number,
						 void *arg), void *arg);

/*
 * Find the back-end of @front, and begin. @front stays where it is until it is
 * closed. Returns 0, after which it is WAITING, or
 *   -EINVAL        the type is too long
 *   -ENODEV        there is no such device, or no store
 *   -EPROTO        its nodes make no sense; the reason is logged
 *   an error of the store
 * after which it is SHUT.
 */
UK_MUST_USE int uk_xen_front_open(struct uk_xen_front *front);

/*
 * Look what has happened to @front, which is open, and do a step. Returns 0,
 * also if it is DOWN, or its error once it is FAILED:
 *   -ETIMEDOUT     the back-end has not answered in time
 *   -EPROTO        its state makes no sense, or has gone back
 *   -ECONNREFUSED  it closes instead of connecting
 *   an error of the store, or of the driver's functions
 */
int uk_xen_front_poll(struct uk_xen_front *front);

/*
 * Poll until @front is UP, or will not be for now; other threads run meanwhile.
 * Returns 0, or its error: as above, or
 *   -ECONNRESET    the back-end has closed
 *   -ENODEV        its node is gone
 */
UK_MUST_USE int uk_xen_front_wait(struct uk_xen_front *front);

/*
 * Be at @state for the back-end to see, while UP: UK_XEN_BUS_CONNECTED,
 * _RECONFIGURING or _RECONFIGURED. Returns 0, -EINVAL: it is not UP or cannot
 * be at that, or an error of the store.
 */
UK_MUST_USE
int uk_xen_front_switch(struct uk_xen_front *front,
			enum uk_xen_bus_state state);

/*
 * Part from the back-end in order, and wait for it; then @front is SHUT. It is
 * one that was opened. Returns 0, or
 *   -ETIMEDOUT     it has not closed: grants may be in use
 *   an error of the store
 */
int uk_xen_front_close(struct uk_xen_front *front);

/* Which end's nodes. */
enum uk_xen_end { UK_XEN_OWN, UK_XEN_OTHER };

/*
 * Node @name of an end, as uk_xenstore_read() reads it, also errors; or as a
 * decimal number up to @max:
 *   -EILSEQ  it is no number
 *   -ERANGE  it is more
 * *@val is untouched on failure. A node that need not be there is -ENOENT.
 */
UK_MUST_USE
int uk_xen_front_read(struct uk_xen_front *front, enum uk_xen_end end,
		      const char *name, char *buf, size_t size);
UK_MUST_USE
int uk_xen_front_read_number(struct uk_xen_front *front, enum uk_xen_end end,
			     const char *name, uint64_t max, uint64_t *val);

/* Have own node @name be @text or @val, in @tx. Errors: uk_xenstore_write(). */
UK_MUST_USE
int uk_xen_front_write(struct uk_xen_front *front, uint32_t tx,
		       const char *name, const char *text);
UK_MUST_USE
int uk_xen_front_write_number(struct uk_xen_front *front, uint32_t tx,
			      const char *name, uint64_t val);
