/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdint.h>

#include <uk/compiler.h>

struct uk_xen_runstate;
struct uk_xen_shared;

/*
 * Xen's system time of this domain in nanoseconds, to which the date of the
 * shared page belongs. clock.c or counter.c. Context: after
 * uk_xen_pages_start(); any.
 */
uint64_t xen_system_ns(void);

/*
 * The date by @shared, which may be written meanwhile, at system time @ns.
 * Returns 0, or -EIO: it says none.
 */
UK_MUST_USE
int xen_date(const struct uk_xen_shared *shared, uint64_t ns,
	     uint64_t *wall_ns);

/*
 * How long others had the CPU of @state, which may be written meanwhile.
 * Context: that CPU; preemption off.
 */
uint64_t xen_stolen_ns(const struct uk_xen_runstate *state);
