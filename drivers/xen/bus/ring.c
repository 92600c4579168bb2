/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A shared ring (public/io/ring.h of Xen) from the front-end's side.
 *
 * Invariant: rsp_cons <= rsp_seen <= req_told <= req_prod <= rsp_cons +
 * nentries, as distances of indices that run on. The only foreign value in it
 * is rsp_seen, and what the other end says becomes it only if it is between its
 * neighbours; so no loop of a caller is longer than the requests it sent. The
 * other end's index is read once for all responses it tells of, not for each.
 */
#include <uk/xen_ring.h>

#include <uk/assert.h>
#include <uk/errno.h>
#include <uk/string.h>
#include <uk/xen_abi.h>

#define HEAD	offsetof(struct uk_xen_ring_page, entries)

int uk_xen_ring_init(struct uk_xen_ring *ring, void *page, size_t len,
		     uint32_t entry_len)
{
	uint32_t n = 1;

	if (entry_len == 0 || entry_len % 4 || len < HEAD + entry_len)
		return -EINVAL;
	while (n < UINT32_MAX / 4 &&
	       (uint64_t)n * 2 * entry_len <= len - HEAD)
		n *= 2;
	memset(page, 0, len);
	*ring = (struct uk_xen_ring){
		.page = page,
		.entry_len = entry_len,
		.nentries = n,
	};
	/* Each end wants to be told of the first. */
	ring->page->req_event = 1;
	ring->page->rsp_event = 1;
	return 0;
}

static void *entry(const struct uk_xen_ring *ring, uint32_t index)
{
	return ring->page->entries +
	       (size_t)(index & (ring->nentries - 1)) * ring->entry_len;
}

uint32_t uk_xen_ring_room(const struct uk_xen_ring *ring)
{
	return ring->nentries - (ring->req_prod - ring->rsp_cons);
}

void *uk_xen_ring_request(struct uk_xen_ring *ring)
{
	if (uk_xen_ring_room(ring) == 0)
		return NULL;
	return entry(ring, ring->req_prod++);
}

bool uk_xen_ring_push(struct uk_xen_ring *ring)
{
	const uint32_t old = ring->req_told;
	uint32_t event;

	ring->req_told = ring->req_prod;
	/* The entries are there when the other end sees the index. */
	__atomic_store_n(&ring->page->req_prod, ring->req_told,
			 __ATOMIC_RELEASE);
	/*
	 * The other end writes its wish, then looks at the index; here it is
	 * the other way round: one of both sees the other.
	 */
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	event = __atomic_load_n(&ring->page->req_event, __ATOMIC_RELAXED);
	/* Is it one of old + 1 to req_told? */
	return ring->req_told - event < ring->req_told - old;
}

/* See what the other end says. Returns as uk_xen_ring_rest(). */
static int look(struct uk_xen_ring *ring)
{
	/* What is read after it is as new as the index. */
	const uint32_t prod = __atomic_load_n(&ring->page->rsp_prod,
					      __ATOMIC_ACQUIRE);

	if (ring->broken ||
	    prod - ring->rsp_cons > ring->req_told - ring->rsp_cons) {
		ring->broken = true;
		return -EPROTO;
	}
	ring->rsp_seen = prod;
	return prod != ring->rsp_cons;
}

int uk_xen_ring_take(struct uk_xen_ring *ring, void *rsp, size_t len)
{
	UK_ASSERT(len <= ring->entry_len);

	if (ring->broken || ring->rsp_cons == ring->rsp_seen) {
		const int rc = look(ring);

		if (rc <= 0)
			return rc;
	}
	memcpy(rsp, entry(ring, ring->rsp_cons), len);
	ring->rsp_cons++;
	return 1;
}

int uk_xen_ring_rest(struct uk_xen_ring *ring)
{
	__atomic_store_n(&ring->page->rsp_event, ring->rsp_cons + 1,
			 __ATOMIC_RELAXED);
	/* As in uk_xen_ring_push(), with the ends changed. */
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	return look(ring);
}
