/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <uk/compiler.h>
#include <uk/config.h>
#include <uk/xen_abi.h>

#define XEN_GRANTS_PAGE		(4096 / sizeof(struct uk_xen_grant))
#define XEN_GRANTS_MAX		(CONFIG_LIBXEN_GRANTS_FRAMES * XEN_GRANTS_PAGE)

/* A table and which of its entries are taken. The owner serialises. */
struct xen_grants {
	struct uk_xen_grant *table;	/* shared with Xen */
	uint32_t nentries;		/* that Xen has, by now */
	uint32_t low;			/* none is free below */
	uint64_t taken[XEN_GRANTS_MAX / 64];
};

/* Begin with @table, of which nothing is there yet. */
void xen_grants_init(struct xen_grants *g, struct uk_xen_grant *table);

/* @n more entries are there, a multiple of 64. */
void xen_grants_grow(struct xen_grants *g, uint32_t n);

/*
 * Let @domid use @frame, with @flags beside the permission. Returns 0, or
 * -ENOSPC: all entries are taken.
 */
UK_MUST_USE
int xen_grants_add(struct xen_grants *g, uint16_t domid, uint32_t frame,
		   uint16_t flags, uint32_t *ref);

/* As uk_xen_grant_end(). */
UK_MUST_USE int xen_grants_end(struct xen_grants *g, uint32_t ref);

/*
 * In a new domain: have the table's pages again, in which no grant is. Those
 * that were there are still taken, and end at once. Context: see suspend.c.
 */
void xen_grants_resume(void);
