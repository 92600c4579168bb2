/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdint.h>

#include <uk/compiler.h>

/*
 * Grants: pages of this domain that another one may read, or read and write.
 * A grant has a number, which the other domain is told; it maps the page, or
 * has Xen copy, as long as the grant lasts and while it uses it.
 *
 * Context: any.
 */

/*
 * Let domain @domid use the whole page at @page, in the image or the linear
 * map, and have *@ref name the grant. The page is not freed before the grant
 * has ended. Return 0, or
 *   -ENODEV  this machine is no domain of Xen
 *   -ENOSPC  there is no grant left: see CONFIG_LIBXEN_GRANTS_FRAMES
 *   other errors of Xen
 */
UK_MUST_USE int uk_xen_grant(uint16_t domid, const void *page, uint32_t *ref);
UK_MUST_USE int uk_xen_grant_readonly(uint16_t domid, const void *page,
				      uint32_t *ref);

/*
 * End grant @ref, which is one; after a suspend (<uk/xen_suspend.h>) it is not
 * in force any more, but still to be ended. Returns 0, or -EBUSY: the other
 * domain uses the page right now, and nothing has changed; ask again later.
 */
UK_MUST_USE int uk_xen_grant_end(uint32_t ref);
