/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Ports of this domain, and the pages it shares with Xen for them.
 *
 * They are made when the first one asks, as a domain without events needs
 * none. Each CPU's part is in its per-CPU block, for all CPUs alike: the shared
 * page has room for 32 of them on x86_64, and for one on arm64.
 */
#include <uk/xen_event.h>

#include <stddef.h>

#include <uk/arch/cpu.h>
#include <uk/arch/percpu.h>
#include <uk/assert.h>
#include <uk/errno.h>
#include <uk/percpu.h>
#include <uk/print.h>
#include <uk/spinlock.h>
#include <uk/xen.h>

#include "events_priv.h"

#define HZ_GUESS	1000000000u

/* A part must not cross the end of a page (public/vcpu.h): it is 64 at most. */
struct cpu_part {
	struct uk_xen_vcpu vcpu;
	bool ready;		/* Xen has it */
	bool upcalls;		/* not used by the boot CPU */
} UK_ALIGNED(128);

static UK_PERCPU(struct cpu_part, part);

static uint8_t shared_page[UKARCH_PAGE_SIZE]
	UK_SECTION(".bss..pages") UK_ALIGNED(UKARCH_PAGE_SIZE);

static struct xen_events ev;

/* Guards binding; what interrupts read is ordered by slot->fn. */
static struct uk_spinlock lock;

/* Written by the first caller, at boot or the only thread. */
static struct {
	bool pages_tried, tried;
	int pages_error, error;
} started;

struct uk_xen_shared *uk_xen_shared(void)
{
	return ev.shared;
}

struct uk_xen_vcpu *uk_xen_vcpu(void)
{
	return &uk_this_cpu_ptr(part)->vcpu;
}

static enum uk_irq_result on_upcall(unsigned int irq UK_UNUSED,
				    void *arg UK_UNUSED)
{
	struct cpu_part *const p = uk_this_cpu_ptr(part);

	if (!p->ready || !xen_events_scan(&ev, &p->vcpu,
					  uk_this_cpu(uk_cpu).idx,
					  ukarch_ticks()))
		return UK_IRQ_NOT_MINE;
	return UK_IRQ_HANDLED;
}

static int call(unsigned int order, const void *arg)
{
	return uk_xen_order(UK_XEN_EVENT_CHANNEL_OP, order, arg);
}

static int register_part(void)
{
	struct cpu_part *const p = uk_this_cpu_ptr(part);
	const struct uk_xen_register_vcpu reg = {
		.frame = uk_xen_frame_of(&p->vcpu),
		.offset = (uint32_t)((uintptr_t)&p->vcpu % UKARCH_PAGE_SIZE),
	};
	int rc;

	UK_ASSERT(reg.offset + sizeof(p->vcpu) <= UKARCH_PAGE_SIZE);

	rc = uk_xen_call(UK_XEN_VCPU_OP, UK_XEN_VCPU_REGISTER_INFO,
			 uk_xen_vcpu_id(), (uintptr_t)&reg);
	if (rc < 0)
		uk_pr_err("Xen refuses the page of CPU %u, error %d",
			  uk_xen_vcpu_id(), -rc);
	p->ready = rc == 0;
	return rc;
}

/* Returns 0, or an error of Xen that is logged. */
static int map_pages(void)
{
	int rc = uk_xen_map(UK_XEN_MAP_SHARED_INFO, 0, shared_page);

	if (rc < 0) {
		uk_pr_err("Xen refuses the shared page, error %d", -rc);
		return rc;
	}
	ev.shared = (struct uk_xen_shared *)shared_page;
	rc = xen_pages_ready();
	if (rc < 0) {
		uk_pr_err("Xen does not fill the shared page, error %d", -rc);
		return rc;
	}
	for (unsigned int i = 0; i < UK_XEN_PORT_WORDS; i++)
		__atomic_store_n(&ev.shared->mask[i], UINT64_MAX,
				 __ATOMIC_RELAXED);
	return 0;
}

static int start_pages(void)
{
	if (!uk_xen_is_here() || map_pages() < 0)
		return -ENODEV;
	ev.hz = ukarch_ticks_hz();
	if (!ev.hz)
		ev.hz = HZ_GUESS;
	return register_part() < 0 ? -ENODEV : 0;
}

int uk_xen_pages_start(void)
{
	if (!started.pages_tried)
		started.pages_error = start_pages();
	started.pages_tried = true;
	return started.pages_error;
}

int uk_xen_events_start(void)
{
	if (started.tried)
		return started.error;
	started.error = uk_xen_pages_start();
	if (started.error == 0 && xen_upcall_start(on_upcall) < 0)
		started.error = -ENODEV;
	started.tried = true;
	return started.error;
}

int uk_xen_events_cpu_init(void)
{
	struct cpu_part *const p = uk_this_cpu_ptr(part);
	int rc = started.pages_error;

	if (!started.pages_tried)
		return -ENODEV;
	if (rc == 0 && !p->ready)
		rc = register_part();
	if (rc == 0 && started.tried && started.error == 0 && !p->upcalls) {
		xen_upcall_cpu_start();
		p->upcalls = true;
	}
	return rc;
}

void uk_xen_event_mask(unsigned int port)
{
	xen_event_set_masked(ev.shared, port, true);
}

/* What is pending Xen tells again, whichever CPU the port is bound to. */
void uk_xen_event_unmask(unsigned int port)
{
	const struct uk_xen_port unmask = { .port = port };

	UK_ASSERT(port < XEN_EVENTS_MAX && ev.slot[port].fn);

	(void)call(UK_XEN_EVENT_UNMASK, &unmask);
}

int uk_xen_event_send(unsigned int port)
{
	const struct uk_xen_port send = { .port = port };

	return call(UK_XEN_EVENT_SEND, &send);
}

/* Port @port is bound; it may be ours to close. */
static int take(uint32_t port, uk_xen_event_fn fn, void *arg,
		bool close_if_none)
{
	const struct uk_xen_port close = { .port = port };
	unsigned long irqs;
	int rc = 0;

	if (port >= XEN_EVENTS_MAX) {
		if (close_if_none)
			(void)call(UK_XEN_EVENT_CLOSE, &close);
		return -ENOSPC;
	}
	irqs = uk_spin_lock_irqsave(&lock);
	if (ev.slot[port].fn) {
		rc = -EBUSY;
	} else {
		xen_event_set_masked(ev.shared, port, true);
		ev.slot[port].arg = arg;
		ev.slot[port].cpu = uk_this_cpu(uk_cpu).idx;
		ev.slot[port].count = 0;
		/* The CPU's interrupt may look at any time. */
		__atomic_store_n(&ev.slot[port].fn, fn, __ATOMIC_RELEASE);
	}
	uk_spin_unlock_irqrestore(&lock, irqs);
	return rc;
}

/* @port has no handler any more, and none runs. */
static void leave(unsigned int port)
{
	struct xen_slot *const slot = &ev.slot[port];

	xen_event_set_masked(ev.shared, port, true);
	__atomic_store_n(&slot->fn, NULL, __ATOMIC_SEQ_CST);
	/* Pairs with take() in scan.c: either it sees no handler, or this. */
	while (__atomic_load_n(&slot->running, __ATOMIC_SEQ_CST))
		ukarch_spin_wait();
}

/* Xen binds to its first CPU by itself. A port that was not new stays open. */
static int take_here(uint32_t port, uk_xen_event_fn fn, void *arg,
		     bool is_new)
{
	const struct uk_xen_bind_vcpu bind = {
		.port = port,
		.vcpu = uk_xen_vcpu_id(),
	};
	int rc = take(port, fn, arg, is_new);

	if (rc < 0 || bind.vcpu == 0)
		return rc;
	rc = call(UK_XEN_EVENT_BIND_VCPU, &bind);
	if (rc == 0)
		return 0;
	if (is_new)
		uk_xen_event_close(port);
	else
		leave(port);
	return rc;
}

int uk_xen_event_bind_virq(unsigned int virq, uk_xen_event_fn fn, void *arg,
			   unsigned int *port)
{
	struct uk_xen_bind_virq bind = { .virq = virq };
	int rc = uk_xen_events_start();

	if (rc < 0)
		return rc;
	bind.vcpu = uk_xen_vcpu_id();
	rc = call(UK_XEN_EVENT_BIND_VIRQ, &bind);
	if (rc == 0)
		rc = take(bind.port, fn, arg, true);
	if (rc == 0)
		*port = bind.port;
	return rc;
}

int uk_xen_event_offer(uint16_t domid, uk_xen_event_fn fn, void *arg,
		       unsigned int *port)
{
	struct uk_xen_alloc_unbound alloc = {
		.domid = UK_XEN_DOMID_SELF,
		.remote_domid = domid,
	};
	int rc = uk_xen_events_start();

	if (rc == 0)
		rc = call(UK_XEN_EVENT_ALLOC_UNBOUND, &alloc);
	if (rc == 0)
		rc = take_here(alloc.port, fn, arg, true);
	if (rc == 0)
		*port = alloc.port;
	return rc;
}

int uk_xen_event_connect(uint16_t domid, uint32_t remote, uk_xen_event_fn fn,
			 void *arg, unsigned int *port)
{
	struct uk_xen_bind_interdomain bind = {
		.remote_domid = domid,
		.remote_port = remote,
	};
	int rc = uk_xen_events_start();

	if (rc == 0)
		rc = call(UK_XEN_EVENT_BIND_INTERDOMAIN, &bind);
	if (rc == 0)
		rc = take_here(bind.port, fn, arg, true);
	if (rc == 0)
		*port = bind.port;
	return rc;
}

int uk_xen_event_adopt(unsigned int port, uk_xen_event_fn fn, void *arg)
{
	const int rc = uk_xen_events_start();

	return rc < 0 ? rc : take_here(port, fn, arg, false);
}

void uk_xen_event_close(unsigned int port)
{
	const struct uk_xen_port close = { .port = port };

	UK_ASSERT(port < XEN_EVENTS_MAX && ev.slot[port].fn);

	/* Only then: once it is closed its number may be another one's. */
	leave(port);
	(void)call(UK_XEN_EVENT_CLOSE, &close);
}

void xen_events_resume(void)
{
	if (started.pages_error < 0 || !started.pages_tried)
		return;
	for (unsigned int i = 0; i < XEN_EVENTS_MAX; i++)
		__atomic_store_n(&ev.slot[i].fn, NULL, __ATOMIC_RELAXED);
	if (map_pages() < 0)
		return;
	if (started.tried && started.error == 0 && xen_upcall_resume() < 0)
		uk_pr_err("Xen does not interrupt any more");
}

void xen_events_cpu_resume(void)
{
	struct cpu_part *const p = uk_this_cpu_ptr(part);

	if (p->ready)
		(void)register_part();
}
