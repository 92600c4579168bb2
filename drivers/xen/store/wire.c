/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The two rings of the store's page, as streams of bytes. The other end's index
 * is read once for each piece, and believed only if it says no more than the
 * ring holds. A message that is cut short by a store that has stopped leaves
 * the two ends out of step, so the connection is over then.
 */
#include "store_priv.h"

#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/string.h>

#define RING_LEN	((uint32_t)sizeof(((struct uk_xen_store_ring *)0)->req))

static uint32_t read_index(const uint32_t *index)
{
	return __atomic_load_n(index, __ATOMIC_ACQUIRE);
}

static void write_index(uint32_t *index, uint32_t value)
{
	__atomic_store_n(index, value, __ATOMIC_RELEASE);
}

static int lose(struct xs *xs)
{
	xs->broken = true;
	return -EPROTO;
}

int xs_wire_init(struct xs *xs, struct uk_xen_store_ring *ring)
{
	const uint32_t prod = read_index(&ring->req_prod);
	const uint32_t cons = read_index(&ring->rsp_cons);

	if (prod - read_index(&ring->req_cons) > RING_LEN ||
	    read_index(&ring->rsp_prod) - cons > RING_LEN)
		return -EPROTO;
	xs->ring = ring;
	xs->req_prod = prod;
	xs->rsp_cons = cons;
	return 0;
}

/* How far data go in one piece: to the end of the ring at most. */
static uint32_t piece(uint32_t index, uint32_t have, size_t want)
{
	const uint32_t whole = UK_MIN(have, RING_LEN - index % RING_LEN);

	return (uint32_t)UK_MIN((size_t)whole, want);
}

int xs_put(struct xs *xs, const void *data, size_t len)
{
	const char *p = data;

	while (len > 0) {
		const uint32_t used = xs->req_prod -
				      read_index(&xs->ring->req_cons);
		uint32_t n;

		if (used > RING_LEN)
			return lose(xs);
		n = piece(xs->req_prod, RING_LEN - used, len);
		if (n == 0) {
			xs->tell(xs);
			if (!xs->wait(xs, false)) {
				xs->broken = true;
				return -ETIMEDOUT;
			}
			continue;
		}
		memcpy(&xs->ring->req[xs->req_prod % RING_LEN], p, n);
		xs->req_prod += n;
		write_index(&xs->ring->req_prod, xs->req_prod);
		p += n;
		len -= n;
	}
	return 0;
}

bool xs_has_input(const struct xs *xs)
{
	return read_index(&xs->ring->rsp_prod) != xs->rsp_cons;
}

/* The next bytes, up to @len, in one piece; @data NULL: nobody wants them. */
static int get_piece(struct xs *xs, char *data, size_t len)
{
	const uint32_t have = read_index(&xs->ring->rsp_prod) - xs->rsp_cons;
	uint32_t n;

	if (have > RING_LEN)
		return lose(xs);
	n = piece(xs->rsp_cons, have, len);
	if (n && data)
		memcpy(data, &xs->ring->rsp[xs->rsp_cons % RING_LEN], n);
	xs->rsp_cons += n;
	if (n) {
		write_index(&xs->ring->rsp_cons, xs->rsp_cons);
		xs->tell(xs);
	}
	return (int)n;
}

static int get(struct xs *xs, char *data, size_t len)
{
	bool begun = false;

	while (len > 0) {
		const int n = get_piece(xs, data, len);

		if (n < 0)
			return n;
		if (n == 0 && !xs->wait(xs, false)) {
			xs->broken |= begun;
			return -ETIMEDOUT;
		}
		begun |= n > 0;
		if (data)
			data += n;
		len -= (size_t)n;
	}
	return 0;
}

int xs_get(struct xs *xs, void *data, size_t len)
{
	return get(xs, data, len);
}

int xs_drop(struct xs *xs, size_t len)
{
	return get(xs, NULL, len);
}
