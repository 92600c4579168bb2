/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <uk/compiler.h>

/*
 * Xen, if this machine is one of its domains: calls to it, and what all
 * drivers of its devices need. Numbers and layouts are in <uk/xen_abi.h>,
 * event channels in <uk/xen_event.h>.
 *
 * It is found at the beginning of stage EARLY. Where there is no Xen, nothing
 * here may be called but uk_xen_is_here() and uk_xen_is_dom0().
 *
 * Context: any, unless said otherwise.
 */

/* Is this machine a domain of Xen? */
bool uk_xen_is_here(void);

/* Is it Xen's first domain, which has privileges and devices? */
bool uk_xen_is_dom0(void);

/*
 * Call number @call (UK_XEN_…) of Xen with up to three arguments. Memory that
 * an argument points to is named by its address here and must be mapped. Most
 * calls have an order first, then a pointer: uk_xen_order().
 *
 * Returns 0 or more, or a negative errno.
 */
int uk_xen_call(unsigned int call, uintptr_t a, uintptr_t b, uintptr_t c);

static inline int uk_xen_order(unsigned int call, unsigned int order,
			       const void *arg)
{
	return uk_xen_call(call, order, (uintptr_t)arg, 0);
}

/*
 * Parameter @index (UK_XEN_PARAM_…) of this domain. Return 0, or a negative
 * errno, after which *@value is untouched.
 */
UK_MUST_USE int uk_xen_param_get(uint32_t index, uint64_t *value);
UK_MUST_USE int uk_xen_param_set(uint32_t index, uint64_t value);

/* The number that Xen has for the page at @page, in image or linear map. */
uint64_t uk_xen_frame_of(const void *page);

/*
 * Have page @index of @space (UK_XEN_MAP_…) appear at @page, a whole page of
 * the image or the heap, whose memory goes back to Xen for good. Returns 0, or
 * a negative errno.
 */
UK_MUST_USE
int uk_xen_map(uint32_t space, uint64_t index, void *page);

/*
 * What Xen calls this CPU, in calls that take the number of a virtual CPU.
 * Context: any in which the CPU cannot change.
 */
uint32_t uk_xen_vcpu_id(void);

/*
 * Show @len bytes at @buf where Xen shows what its guests say in need: the log
 * of the hypervisor, or nowhere, if it does not let this domain. Uses nothing
 * but calls, so a crash may use it.
 */
void uk_xen_write(const char *buf, size_t len);
