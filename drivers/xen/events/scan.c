/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What has happened, by the pages that Xen writes: a bit for each port in the
 * shared page, a bit for each word of these in the CPU's part. The words are
 * all CPUs', so a CPU takes the ports that are bound to it and leaves the
 * others to the upcall of theirs.
 *
 * The CPU's part is cleared before the ports are looked at: what comes later
 * sets it again, and is another interrupt. Each port is taken once for each
 * interrupt, so a peer that sends without an end does not keep the CPU here.
 */
#include "events_priv.h"

#include <stddef.h>

#include <uk/print.h>

static void stop(struct xen_events *ev, unsigned int port, const char *why)
{
	xen_event_set_masked(ev->shared, port, true);
	__atomic_fetch_add(&ev->storms, 1, __ATOMIC_RELAXED);
	uk_pr_err("event channel %u %s: masked", port, why);
}

/* Count one more, and say whether there are too many. */
static bool is_storm(struct xen_slot *slot, uint64_t hz, uint64_t now)
{
	if (now - slot->since >= hz) {
		slot->since = now;
		slot->count = 0;
	}
	return ++slot->count > XEN_EVENTS_STORM;
}

static bool take(struct xen_events *ev, unsigned int port, uint64_t now)
{
	struct xen_slot *const slot = &ev->slot[port];
	uk_xen_event_fn fn;

	/* Before the pending bit goes: close() waits for it after the mask. */
	__atomic_store_n(&slot->running, 1, __ATOMIC_SEQ_CST);
	fn = __atomic_load_n(&slot->fn, __ATOMIC_SEQ_CST);
	if (fn) {
		__atomic_fetch_and(&ev->shared->pending[port / 64],
				   ~(UINT64_C(1) << port % 64),
				   __ATOMIC_SEQ_CST);
		fn(port, slot->arg);
		if (is_storm(slot, ev->hz, now))
			stop(ev, port, "comes too often");
	}
	__atomic_store_n(&slot->running, 0, __ATOMIC_RELEASE);
	return fn != NULL;
}

static unsigned int take_word(struct xen_events *ev, unsigned int word,
			      unsigned int cpu, uint64_t now)
{
	/*
	 * Both before the handlers: a port whose mask is off has one. Who takes
	 * it for one without would mask it for good.
	 */
	uint64_t bits =
		__atomic_load_n(&ev->shared->pending[word], __ATOMIC_ACQUIRE) &
		~__atomic_load_n(&ev->shared->mask[word], __ATOMIC_ACQUIRE);
	unsigned int n = 0;

	for (; bits; bits &= bits - 1) {
		const unsigned int port = word * 64 +
					  (unsigned int)__builtin_ctzll(bits);

		if (port >= XEN_EVENTS_MAX ||
		    !__atomic_load_n(&ev->slot[port].fn, __ATOMIC_RELAXED))
			xen_event_set_masked(ev->shared, port, true);
		else if (ev->slot[port].cpu == cpu)
			n += take(ev, port, now);
	}
	return n;
}

unsigned int xen_events_scan(struct xen_events *ev, struct uk_xen_vcpu *vcpu,
			     unsigned int cpu, uint64_t now)
{
	unsigned int n = 0;
	uint64_t words;

	__atomic_store_n(&vcpu->upcall_pending, 0, __ATOMIC_SEQ_CST);
	words = __atomic_exchange_n(&vcpu->pending_sel, 0, __ATOMIC_SEQ_CST);
	for (; words; words &= words - 1)
		n += take_word(ev, (unsigned int)__builtin_ctzll(words), cpu,
			       now);
	return n;
}
