/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <uk/config.h>
#include <uk/intctlr.h>
#include <uk/xen_abi.h>
#include <uk/xen_event.h>

#define XEN_EVENTS_MAX		CONFIG_LIBXEN_EVENTS_MAX

/* Interrupts of a port in a second that make a storm. */
#define XEN_EVENTS_STORM	100000u

/* Who is called for a port. */
struct xen_slot {
	uk_xen_event_fn fn;	/* release by the binder; NULL: not bound */
	void *arg;		/* valid while @fn is set */
	uint32_t cpu;		/* index of the CPU that is interrupted */
	uint32_t running;	/* that CPU is in the handler */

	/* Written by that CPU: events in the second that began at @since. */
	uint32_t count;
	uint64_t since;
};

struct xen_events {
	struct uk_xen_shared *shared;
	uint64_t hz;		/* of the times that xen_events_scan() gets */
	uint32_t storms;	/* ports stopped; atomic */
	struct xen_slot slot[XEN_EVENTS_MAX];
};

/*
 * Take what is there for CPU @cpu, whose page part is @vcpu, at the time @now:
 * each port once. A port without a handler is masked. Returns the number of
 * handlers called. Context: interrupt.
 */
unsigned int xen_events_scan(struct xen_events *ev, struct uk_xen_vcpu *vcpu,
			     unsigned int cpu, uint64_t now);

static inline void xen_event_set_masked(struct uk_xen_shared *shared,
					unsigned int port, bool masked)
{
	const uint64_t bit = UINT64_C(1) << port % 64;

	/* Ordered with the pending bit that Xen sets and looks at. */
	if (masked)
		__atomic_fetch_or(&shared->mask[port / 64], bit,
				  __ATOMIC_SEQ_CST);
	else
		__atomic_fetch_and(&shared->mask[port / 64], ~bit,
				   __ATOMIC_SEQ_CST);
}

/*
 * arch/<arch>.c: have Xen fill the shared page, which it was told of. Returns
 * 0, or an error of Xen.
 */
int xen_pages_ready(void);

/*
 * arch/<arch>.c: have @fn called when Xen interrupts a CPU, and Xen interrupt
 * this one; then the same for another CPU. Return 0, or a negative errno that
 * is logged.
 */
int xen_upcall_start(uk_irq_fn fn);
void xen_upcall_cpu_start(void);

/* The same for a new domain, whose CPUs have what they had. */
int xen_upcall_resume(void);

/*
 * In a new domain: have the pages again, and no port, whose numbers are of the
 * one before; then this CPU's part. suspend.c
 */
void xen_events_resume(void);
void xen_events_cpu_resume(void);
