/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdint.h>

#include <uk/compiler.h>

/*
 * Event channels: how Xen, other domains and virtual devices interrupt this
 * domain. Each has a number here, its port, and one handler.
 *
 * Handlers run in an interrupt, on the CPU on which the port was bound: on the
 * trap stack, with interrupts off, which they leave off; they do not block and
 * do not use the heap. Events that come while a port is masked, or its handler
 * runs, are kept as one and told afterwards. A port that interrupts more than
 * 100,000 times in a second is masked and reported once, as a storm.
 *
 * Context, unless said otherwise: boot, stage CPU or later, and threads.
 *
 * Ports are taken with
 *   0        the port is bound and masked: uk_xen_event_unmask() lets it come
 *   -ENODEV  this machine is no domain of Xen, or Xen cannot interrupt it
 *   -ENOSPC  the port has a number from CONFIG_LIBXEN_EVENTS_MAX on; it has
 *            been closed again
 *   other errors of Xen
 * *@port is untouched on failure.
 */

struct uk_xen_shared;
struct uk_xen_vcpu;

typedef void (*uk_xen_event_fn)(unsigned int port, void *arg);

/*
 * Have the pages that this domain shares with Xen. Returns 0, or -ENODEV; the
 * result stays the same, the reason is logged.
 */
UK_MUST_USE int uk_xen_pages_start(void);

/*
 * Make this domain ready for events: called by what follows. Returns 0, or
 * -ENODEV; the result stays the same, the reason is logged.
 */
UK_MUST_USE int uk_xen_events_start(void);

/*
 * The same for another CPU, for as much as the boot CPU has started. Returns
 * 0, or a negative errno: nothing can be bound to this CPU. Context: this CPU,
 * interrupts off; any number of times.
 */
UK_MUST_USE int uk_xen_events_cpu_init(void);

/*
 * The page that this domain shares with Xen, and what this CPU does; after
 * uk_xen_pages_start(), or uk_xen_events_cpu_init() on another one. Written by
 * Xen at any time. Context: any; of the second, one in which the CPU cannot
 * change.
 */
struct uk_xen_shared *uk_xen_shared(void);
struct uk_xen_vcpu *uk_xen_vcpu(void);

/* Virtual interrupt @virq (UK_XEN_VIRQ_…) of this CPU. Context: any. */
UK_MUST_USE
int uk_xen_event_bind_virq(unsigned int virq, uk_xen_event_fn fn, void *arg,
			   unsigned int *port);

/* A port that domain @domid may connect to, once. */
UK_MUST_USE
int uk_xen_event_offer(uint16_t domid, uk_xen_event_fn fn, void *arg,
		       unsigned int *port);

/* Connect to port @remote that domain @domid offers. */
UK_MUST_USE
int uk_xen_event_connect(uint16_t domid, uint32_t remote, uk_xen_event_fn fn,
			 void *arg, unsigned int *port);

/* Take port @port, which the domain's tools have bound. */
UK_MUST_USE
int uk_xen_event_adopt(unsigned int port, uk_xen_event_fn fn, void *arg);

/*
 * Tell the other end of @port. What was written before is seen there. Returns
 * 0, or an error of Xen: the other end is closed. Context: any.
 */
int uk_xen_event_send(unsigned int port);

/* Hold @port, which is bound, back, or let it come. Context: any. */
void uk_xen_event_mask(unsigned int port);
void uk_xen_event_unmask(unsigned int port);

/*
 * Give @port back. When this returns its handler does not run and is not
 * called any more. Not from the handler.
 */
void uk_xen_event_close(unsigned int port);
