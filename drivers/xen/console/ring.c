/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Two rings in one page, whose indices run on and are taken modulo the size.
 * What the other end writes is read once: the check and the use are of one
 * value.
 */
#include "console_priv.h"

#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/xen_abi.h>

#define OUT_LEN	((uint32_t)sizeof(((struct uk_xen_console_ring *)0)->out))
#define IN_LEN	((uint32_t)sizeof(((struct uk_xen_console_ring *)0)->in))

/* What is read after it is as new as the index: pairs with the other's end. */
static uint32_t read_index(const uint32_t *index)
{
	return __atomic_load_n(index, __ATOMIC_ACQUIRE);
}

/* What was read or written before it is done when the other end sees it. */
static void write_index(uint32_t *index, uint32_t value)
{
	__atomic_store_n(index, value, __ATOMIC_RELEASE);
}

int xencons_ring_init(struct xencons_ring *ring,
		      struct uk_xen_console_ring *page)
{
	const uint32_t prod = read_index(&page->out_prod);
	const uint32_t cons = read_index(&page->in_cons);

	if (prod - read_index(&page->out_cons) > OUT_LEN ||
	    read_index(&page->in_prod) - cons > IN_LEN)
		return -EPROTO;
	ring->out_prod = prod;
	ring->in_cons = cons;
	/* Who sees the page finds its indices: another CPU may write. */
	__atomic_store_n(&ring->page, page, __ATOMIC_RELEASE);
	return 0;
}

int xencons_ring_put(struct xencons_ring *ring, const char *buf, size_t len)
{
	const uint32_t used = ring->out_prod -
			      read_index(&ring->page->out_cons);
	uint32_t n;

	if (used > OUT_LEN)
		return -EPROTO;
	n = (uint32_t)UK_MIN(len, (size_t)(OUT_LEN - used));
	for (uint32_t i = 0; i < n; i++)
		ring->page->out[(ring->out_prod + i) % OUT_LEN] = buf[i];
	ring->out_prod += n;
	write_index(&ring->page->out_prod, ring->out_prod);
	return (int)n;
}

bool xencons_ring_is_read(const struct xencons_ring *ring)
{
	return read_index(&ring->page->out_cons) == ring->out_prod;
}

int xencons_ring_get(struct xencons_ring *ring, char *buf, size_t len)
{
	const uint32_t have = read_index(&ring->page->in_prod) -
			      ring->in_cons;
	uint32_t n;

	if (have > IN_LEN)
		return -EPROTO;
	n = (uint32_t)UK_MIN(len, (size_t)have);
	for (uint32_t i = 0; i < n; i++)
		buf[i] = ring->page->in[(ring->in_cons + i) % IN_LEN];
	ring->in_cons += n;
	write_index(&ring->page->in_cons, ring->in_cons);
	return (int)n;
}
