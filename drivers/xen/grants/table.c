/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The grant table, version 1 (public/grant_table.h): what an entry says is in
 * force when its flags are written, and ends when they are zero again; Xen sets
 * two of them meanwhile, while the page is in use. So they change by one atomic
 * step, which fails if Xen was faster.
 */
#include "grants_priv.h"

#include <uk/assert.h>
#include <uk/errno.h>

#define IN_USE	(UK_XEN_GRANT_READING | UK_XEN_GRANT_WRITING)

/* A domain that begins to use a page at each look is using it. */
#define TRIES	10u

static uint64_t bit(uint32_t ref)
{
	return UINT64_C(1) << ref % 64;
}

void xen_grants_init(struct xen_grants *g, struct uk_xen_grant *table)
{
	*g = (struct xen_grants){
		.table = table,
		.low = UK_XEN_GRANT_NRESERVED,
	};
}

void xen_grants_grow(struct xen_grants *g, uint32_t n)
{
	UK_ASSERT(n % 64 == 0 && g->nentries + n <= XEN_GRANTS_MAX);

	g->nentries += n;
}

/* From @ref on, a word at a time; entries come by whole words. */
static uint32_t next_free(const struct xen_grants *g, uint32_t ref)
{
	for (; ref < g->nentries; ref = (ref / 64 + 1) * 64) {
		const uint64_t free = ~g->taken[ref / 64] & -bit(ref);

		if (free)
			return ref / 64 * 64 + (uint32_t)__builtin_ctzll(free);
	}
	return g->nentries;
}

int xen_grants_add(struct xen_grants *g, uint16_t domid, uint32_t frame,
		   uint16_t flags, uint32_t *ref)
{
	const uint32_t i = next_free(g, g->low);

	if (i == g->nentries)
		return -ENOSPC;
	g->taken[i / 64] |= bit(i);
	g->low = i + 1;
	g->table[i].domid = domid;
	g->table[i].frame = frame;
	/* The rest is there when Xen sees the permission. */
	__atomic_store_n(&g->table[i].flags,
			 (uint16_t)(flags | UK_XEN_GRANT_PERMIT_ACCESS),
			 __ATOMIC_RELEASE);
	*ref = i;
	return 0;
}

int xen_grants_end(struct xen_grants *g, uint32_t ref)
{
	unsigned int left = TRIES;
	uint16_t flags, *at;

	UK_ASSERT(ref < g->nentries && g->taken[ref / 64] & bit(ref));

	at = &g->table[ref].flags;
	flags = __atomic_load_n(at, __ATOMIC_RELAXED);
	do {
		if (flags & IN_USE || left-- == 0)
			return -EBUSY;
	} while (!__atomic_compare_exchange_n(at, &flags, 0, false,
					      __ATOMIC_SEQ_CST,
					      __ATOMIC_RELAXED));
	g->taken[ref / 64] &= ~bit(ref);
	if (ref < g->low)
		g->low = ref;
	return 0;
}
