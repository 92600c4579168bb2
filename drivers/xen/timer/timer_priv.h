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

/*
 * suspend.c: what a clock adds to system time, so that it goes on in a domain
 * that was restored. Written alone, all others stand.
 */
extern uint64_t xen_clock_offset_ns;

/*
 * In a new domain, on this CPU, with its part of the pages: the timer, which
 * interrupts soon, if this CPU has had one; and what is known of stolen time,
 * which goes on. event.c, stolen.c
 */
void xen_event_cpu_resume(void);
void xen_stolen_cpu_resume(void);

/* Do all CPUs agree on the time? If they did before, see that they do. */
void xen_clock_resume(void);
