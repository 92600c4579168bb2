/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <uk/compiler.h>
#include <uk/xen_abi.h>
#include <uk/xenstore.h>

/*
 * One connection to a store. Indices that are this end's to write are kept here
 * and never read back.
 */
struct xs {
	struct uk_xen_store_ring *ring;
	uint32_t req_prod;
	uint32_t rsp_cons;
	uint32_t last_id;	/* of the last request */
	uint32_t last_token;	/* of the last watch */
	bool broken;		/* for good: -EPROTO */
	struct uk_xenstore_watch *watches;

	/* Tell the other end that the ring has changed. */
	void (*tell)(struct xs *xs);
	/*
	 * Let it work: false when it has had enough time since the beginning
	 * of this request, which @first says.
	 */
	bool (*wait)(struct xs *xs, bool first);
};

/*
 * wire.c: bytes. Return 0, -ETIMEDOUT or -EPROTO, after which the connection is
 * broken if a message was begun.
 */
UK_MUST_USE int xs_wire_init(struct xs *xs, struct uk_xen_store_ring *ring);
UK_MUST_USE int xs_put(struct xs *xs, const void *data, size_t len);
UK_MUST_USE int xs_get(struct xs *xs, void *data, size_t len);
/* Take @len bytes that nobody wants. */
UK_MUST_USE int xs_drop(struct xs *xs, size_t len);
/* Is there something to take? */
bool xs_has_input(const struct xs *xs);

/* A piece of what is sent. */
struct xs_piece {
	const void *data;
	size_t len;
};

/*
 * talk.c: send a request of @n pieces and take its answer, at most @size bytes
 * of it, into @buf. Returns its whole length, which may be more, or an error as
 * in <uk/xenstore.h>. Events that come before it are kept.
 */
UK_MUST_USE
int xs_ask(struct xs *xs, uint32_t type, uint32_t tx,
	   const struct xs_piece *pieces, unsigned int n, void *buf,
	   size_t size);

/* Take the events that have come, and answers too late for anybody. */
UK_MUST_USE int xs_take_events(struct xs *xs);

/* watch.c: an event of @len bytes is next in the ring. */
UK_MUST_USE int xs_take_event(struct xs *xs, uint32_t len);
UK_MUST_USE int xs_watch(struct xs *xs, struct uk_xenstore_watch *watch);
int xs_unwatch(struct xs *xs, struct uk_xenstore_watch *watch);
/*
 * The ring is another store's: have it know the watches, all of which have
 * fired. Returns 0 or an error.
 */
UK_MUST_USE int xs_connect_again(struct xs *xs);
/* One that has fired, and has not any more then; or NULL. */
struct uk_xenstore_watch *xs_next_fired(struct xs *xs);

/* store.c's calls, on connection @xs. */
UK_MUST_USE
int xs_read(struct xs *xs, uint32_t tx, const char *path, char *buf,
	    size_t size);
UK_MUST_USE
int xs_list(struct xs *xs, uint32_t tx, const char *path, char *buf,
	    size_t size);
UK_MUST_USE
int xs_write(struct xs *xs, uint32_t tx, const char *path, const char *text);
UK_MUST_USE int xs_remove(struct xs *xs, uint32_t tx, const char *path);
UK_MUST_USE int xs_begin(struct xs *xs, uint32_t *tx);
UK_MUST_USE int xs_end(struct xs *xs, uint32_t tx, bool commit);

/*
 * store.c, for suspend.c: nobody uses the store from the one to the other.
 * -EBUSY: a transaction is under way. In another domain than before (!@same)
 * it is that one's store then, with the watches.
 */
UK_MUST_USE int xs_freeze(void);
void xs_thaw(bool same);
