/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <uk/compiler.h>

/*
 * The ring of a split device, at its front-end: requests go out, responses come
 * in, in pages that the back-end's domain shares (uk_xen_grant()). What is in
 * an entry is the device's: this is of indices, order and telling.
 *
 *	while (uk_xen_ring_room(ring) && more) {
 *		req = uk_xen_ring_request(ring);
 *		... fill *req ...
 *	}
 *	if (uk_xen_ring_push(ring))
 *		uk_xen_event_send(port);
 *
 * and in the event's handler, or the thread that it wakes,
 *
 *	do {
 *		while ((rc = uk_xen_ring_take(ring, &rsp, sizeof(rsp))) > 0)
 *			... check rsp.id, use it ...
 *		if (rc == 0)
 *			rc = uk_xen_ring_rest(ring);
 *	} while (rc > 0);
 *
 * The other end writes its half at any time and may be anybody. An index that
 * tells of more responses than requests were sent is -EPROTO, then and from
 * then on: the driver ends its device. A response is copied out once; that its
 * id is one of a request under way is the driver's to check.
 *
 * Context: any; the owner serialises the calls.
 */

struct uk_xen_ring_page;

/* Private. Own indices are kept here and never read back. */
struct uk_xen_ring {
	struct uk_xen_ring_page *page;
	uint32_t entry_len;
	uint32_t nentries;	/* a power of two */
	uint32_t req_prod;	/* of the next request; not told yet ... */
	uint32_t req_told;	/* ... from here on */
	uint32_t rsp_cons;	/* of the next response */
	uint32_t rsp_seen;	/* what the other end said last, checked */
	bool broken;
};

/*
 * Make an empty ring in the @len bytes at @page, whole pages of this domain
 * that nobody else uses yet, with entries of @entry_len bytes: the longer one
 * of request and response, as their union has it.
 *
 * Returns 0, or -EINVAL: not one entry fits, or its length is no multiple of 4.
 */
UK_MUST_USE
int uk_xen_ring_init(struct uk_xen_ring *ring, void *page, size_t len,
		     uint32_t entry_len);

/* How many requests may be begun: the entries less the responses still due. */
uint32_t uk_xen_ring_room(const struct uk_xen_ring *ring);

/*
 * The entry of the next request, which the caller fills before it calls
 * uk_xen_ring_push(); it has what was there before. NULL: there is no room.
 */
void *uk_xen_ring_request(struct uk_xen_ring *ring);

/*
 * Let the other end see all requests. Returns whether it wants to be told by
 * an event; a false word of it costs one event too many, or it waits.
 */
UK_MUST_USE bool uk_xen_ring_push(struct uk_xen_ring *ring);

/*
 * Copy the next response, its first @len bytes, to @rsp. Returns 1, or
 *   0        there is none
 *   -EPROTO  the other end's index makes no sense, now or before; *@rsp is
 *            untouched
 */
UK_MUST_USE
int uk_xen_ring_take(struct uk_xen_ring *ring, void *rsp, size_t len);

/*
 * No response is there: have the next one be told by an event. Returns 0, or
 *   1        one has come meanwhile: take it
 *   -EPROTO  as above
 */
UK_MUST_USE int uk_xen_ring_rest(struct uk_xen_ring *ring);
