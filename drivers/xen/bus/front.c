/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The life of a front-end, one step for each look at the back-end's state
 * (public/io/xenbus.h, and what back-ends do in fact).
 *
 * Two things make it end, whatever the back-end does: each phase in which this
 * end waits has a deadline, which nothing but the next phase moves; and the
 * phases go round only through start(), stop() and release(), which @started
 * pairs. The state is read when a watch has fired, and once after each change
 * of phase, as the one that was read may have been followed by another.
 *
 * Refused: a table of phase by state. Most of its fields would be the same, and
 * the few that are not are what a reader looks for.
 */
#include "bus_priv.h"

#include <uk/assert.h>
#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/print.h>

/* How often others may be faster than a transaction. */
#define TRIES	10u

static void enter(struct uk_xen_front *front, enum uk_xen_front_phase phase)
{
	front->phase = phase;
	front->since_ns = front->bus->now();
	__atomic_store_n(&front->fired, true, __ATOMIC_RELEASE);
}

static void on_watch(struct uk_xenstore_watch *watch)
{
	struct uk_xen_front *const front =
		UK_CONTAINER_OF(watch, struct uk_xen_front, watch);

	__atomic_store_n(&front->fired, true, __ATOMIC_RELEASE);
}

/* Where nobody has to be waited for any more. */
static void release(struct uk_xen_front *front)
{
	if (front->started)
		front->ops->release(front);
	front->started = false;
}

/* The back-end is not waited for, because of @error. */
static void fail(struct uk_xen_front *front, int error)
{
	if (!front->error)
		front->error = error;
	front->left = error;
	release(front);
	enter(front, UK_XEN_FRONT_FAILED);
}

/* Say that this end is closed, and wait for the back-end to be. */
static void close_own(struct uk_xen_front *front)
{
	const int rc = xenbus_switch(front, UK_XEN_BUS_CLOSED);

	if (rc < 0)
		fail(front, rc);
	else
		enter(front, UK_XEN_FRONT_CLOSING);
}

/* It is over, by @error; the back-end may begin anew. */
static void lose(struct uk_xen_front *front, int error)
{
	uk_pr_err("%s: lost its back-end in domain %u, error %d", front->node,
		  front->domid, -error);
	front->error = error;
	if (front->started)
		front->ops->stop(front, error);
	close_own(front);
}

/* It is over for good. */
static void give_up(struct uk_xen_front *front, int error)
{
	front->final = true;
	lose(front, error);
}

static int publish(struct uk_xen_front *front)
{
	uint32_t tx;
	int rc = -EAGAIN;

	for (unsigned int i = 0; i < TRIES && rc == -EAGAIN; i++) {
		rc = front->bus->begin(&tx);
		if (rc < 0)
			break;
		rc = front->ops->publish(front, tx);
		if (rc == 0)
			rc = uk_xen_front_write_number(front, tx, "state",
						       front->ops->published);
		if (rc == 0)
			rc = front->bus->commit(tx);
		else
			(void)front->bus->abort(tx);
	}
	return rc;
}

/* The back-end waits for what this end has to tell. */
static void offer(struct uk_xen_front *front)
{
	int rc = front->ops->start(front);

	front->started = rc == 0;
	if (rc == 0)
		rc = publish(front);
	if (rc < 0)
		give_up(front, rc);
	else
		enter(front, UK_XEN_FRONT_OFFERED);
}

static void connect(struct uk_xen_front *front)
{
	int rc = front->ops->connect(front);

	if (rc == 0 && front->ops->published != UK_XEN_BUS_CONNECTED)
		rc = xenbus_switch(front, UK_XEN_BUS_CONNECTED);
	if (rc < 0) {
		give_up(front, rc);
		return;
	}
	uk_pr_info("%s: connected to domain %u", front->node, front->domid);
	enter(front, UK_XEN_FRONT_UP);
}

static void begin_again(struct uk_xen_front *front)
{
	const int rc = xenbus_switch(front, UK_XEN_BUS_INITIALISING);

	front->error = 0;
	if (rc < 0)
		fail(front, rc);
	else
		enter(front, UK_XEN_FRONT_WAITING);
}

static void step_offered(struct uk_xen_front *front,
			 enum uk_xen_bus_state other)
{
	if (other == UK_XEN_BUS_CONNECTED)
		connect(front);
	else if (other != UK_XEN_BUS_INIT_WAIT &&
		 other != UK_XEN_BUS_INITIALISED)
		give_up(front, -EPROTO);
}

static void step_up(struct uk_xen_front *front, enum uk_xen_bus_state other)
{
	if (other != UK_XEN_BUS_CONNECTED &&
	    other != UK_XEN_BUS_RECONFIGURING &&
	    other != UK_XEN_BUS_RECONFIGURED)
		give_up(front, -EPROTO);
	else if (front->ops->changed)
		front->ops->changed(front, other);
}

/* Something is shared, or about to be: does the back-end leave? */
static void step_together(struct uk_xen_front *front,
			  enum uk_xen_bus_state other)
{
	const bool is_up = front->phase == UK_XEN_FRONT_UP;

	switch (other) {
	case UK_XEN_BUS_UNKNOWN:
		lose(front, -ENODEV);
		return;
	case UK_XEN_BUS_CLOSING:
	case UK_XEN_BUS_CLOSED:
		if (is_up)
			lose(front, -ECONNRESET);
		else
			give_up(front, -ECONNREFUSED);
		return;
	default:
		if (is_up)
			step_up(front, other);
		else
			step_offered(front, other);
	}
}

/* Has the back-end let go of what was shared? */
static bool is_apart(enum uk_xen_bus_state other)
{
	return other == UK_XEN_BUS_UNKNOWN || other == UK_XEN_BUS_CLOSED ||
	       other == UK_XEN_BUS_INITIALISING ||
	       other == UK_XEN_BUS_INIT_WAIT;
}

static void step(struct uk_xen_front *front, enum uk_xen_bus_state other)
{
	switch (front->phase) {
	case UK_XEN_FRONT_WAITING:
		if (other == UK_XEN_BUS_INIT_WAIT)
			offer(front);
		return;
	case UK_XEN_FRONT_OFFERED:
	case UK_XEN_FRONT_UP:
		step_together(front, other);
		return;
	case UK_XEN_FRONT_ENDING:
		if (is_apart(other) || other == UK_XEN_BUS_CLOSING)
			close_own(front);
		return;
	case UK_XEN_FRONT_CLOSING:
		if (!is_apart(other))
			return;
		release(front);
		enter(front, front->final ? UK_XEN_FRONT_FAILED
					  : UK_XEN_FRONT_DOWN);
		return;
	case UK_XEN_FRONT_DOWN:
		if (other == UK_XEN_BUS_INIT_WAIT)
			begin_again(front);
		return;
	default:
		return;
	}
}

/* The back-end has had its time. */
static void step_late(struct uk_xen_front *front)
{
	switch (front->phase) {
	case UK_XEN_FRONT_WAITING:
	case UK_XEN_FRONT_OFFERED:
		give_up(front, -ETIMEDOUT);
		return;
	case UK_XEN_FRONT_ENDING:
		close_own(front);
		return;
	case UK_XEN_FRONT_CLOSING:
		uk_pr_err("%s: its back-end does not close", front->node);
		fail(front, -ETIMEDOUT);
		return;
	default:
		return;
	}
}

/* The store has failed, or says what makes no sense. */
static void step_broken(struct uk_xen_front *front, int error)
{
	switch (front->phase) {
	case UK_XEN_FRONT_ENDING:
	case UK_XEN_FRONT_CLOSING:
	case UK_XEN_FRONT_DOWN:
		fail(front, error);
		return;
	default:
		give_up(front, error);
	}
}

static bool is_late(const struct uk_xen_front *front)
{
	const uint64_t patience_ns = front->patience_ns ? front->patience_ns
							: XENBUS_PATIENCE_NS;

	return front->bus->now() - front->since_ns >= patience_ns;
}

/* Find the back-end and begin; the watch is not in use. */
static int begin(struct uk_xen_front *front)
{
	int rc;

	front->error = 0;
	front->left = 0;
	front->final = false;
	rc = xenbus_find(front);
	if (rc < 0)
		return rc;
	front->watch = (struct uk_xenstore_watch){
		.path = front->watched,
		.fn = on_watch,
	};
	rc = front->bus->watch(&front->watch);
	if (rc < 0)
		return rc;
	rc = xenbus_switch(front, UK_XEN_BUS_INITIALISING);
	if (rc < 0)
		(void)front->bus->unwatch(&front->watch);
	else
		enter(front, UK_XEN_FRONT_WAITING);
	return rc;
}

/*
 * This is another domain, so the back-end is, and has never heard of what was
 * shared: nobody is waited for. What was over for good is; one that the old
 * back-end had left has another one now.
 */
static void move(struct uk_xen_front *front)
{
	const bool is_stopped = front->phase == UK_XEN_FRONT_ENDING ||
				front->phase == UK_XEN_FRONT_CLOSING;
	int rc;

	if (front->started && !is_stopped)
		front->ops->stop(front, -ECONNRESET);
	release(front);
	if (front->final) {
		enter(front, UK_XEN_FRONT_FAILED);
		return;
	}
	(void)front->bus->unwatch(&front->watch);
	rc = begin(front);
	if (rc < 0)
		fail(front, rc);
}

static void look(struct uk_xen_front *front)
{
	enum uk_xen_bus_state other;
	int rc = front->bus->poll();

	if (rc >= 0 && __atomic_exchange_n(&front->fired, false,
					   __ATOMIC_ACQUIRE)) {
		rc = xenbus_read_state(front, &other);
		if (rc == 0)
			step(front, other);
	}
	if (rc < 0)
		step_broken(front, rc);
	/* Also after a step: who changes its state for ever is late too. */
	if (is_late(front))
		step_late(front);
}

int uk_xen_front_poll(struct uk_xen_front *front)
{
	uint32_t domain;

	UK_ASSERT(front->phase != UK_XEN_FRONT_SHUT);

	domain = front->bus->enter();
	if (front->phase != UK_XEN_FRONT_FAILED) {
		if (domain == front->domain)
			look(front);
		else
			move(front);
	}
	front->domain = domain;
	front->bus->leave();
	return front->phase == UK_XEN_FRONT_FAILED ? front->error : 0;
}

int uk_xen_front_wait(struct uk_xen_front *front)
{
	while (uk_xen_front_poll(front) == 0) {
		if (front->phase == UK_XEN_FRONT_UP)
			return 0;
		if (front->phase == UK_XEN_FRONT_DOWN)
			break;
		front->bus->pause();
	}
	return front->error;
}

int uk_xen_front_switch(struct uk_xen_front *front,
			enum uk_xen_bus_state state)
{
	int rc = -EINVAL;

	if (front->phase != UK_XEN_FRONT_UP ||
	    (state != UK_XEN_BUS_CONNECTED &&
	     state != UK_XEN_BUS_RECONFIGURING &&
	     state != UK_XEN_BUS_RECONFIGURED))
		return -EINVAL;
	if (front->bus->enter() == front->domain)
		rc = xenbus_switch(front, state);
	front->bus->leave();
	return rc;
}

int xenbus_open(struct uk_xen_front *front, const struct uk_xen_bus *bus)
{
	int rc;

	UK_ASSERT(front->phase == UK_XEN_FRONT_SHUT);

	front->bus = bus;
	front->domain = bus->enter();
	rc = begin(front);
	bus->leave();
	return rc;
}

/* Stop, and say so. */
static void part(struct uk_xen_front *front)
{
	int rc;

	front->ops->stop(front, 0);
	rc = xenbus_switch(front, UK_XEN_BUS_CLOSING);
	if (rc < 0)
		fail(front, rc);
	else
		enter(front, UK_XEN_FRONT_ENDING);
}

int uk_xen_front_close(struct uk_xen_front *front)
{
	UK_ASSERT(front->phase != UK_XEN_FRONT_SHUT);

	/* In another domain: the next look sees that, and begins nothing. */
	(void)front->bus->enter();
	front->final = true;
	if (front->phase == UK_XEN_FRONT_OFFERED ||
	    front->phase == UK_XEN_FRONT_UP)
		part(front);
	else if (front->phase == UK_XEN_FRONT_WAITING)
		close_own(front);
	front->bus->leave();
	while (front->phase == UK_XEN_FRONT_ENDING ||
	       front->phase == UK_XEN_FRONT_CLOSING) {
		(void)uk_xen_front_poll(front);
		front->bus->pause();
	}
	(void)front->bus->unwatch(&front->watch);
	front->phase = UK_XEN_FRONT_SHUT;
	return front->left;
}
