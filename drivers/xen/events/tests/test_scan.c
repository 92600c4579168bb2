/* SPDX-License-Identifier: BSD-3-Clause */
/* Xen's pages, written here as Xen writes them and as it should not. */
#include "../events_priv.h"

#include <stddef.h>

#include <uk/test.h>

#define HZ	1000000u

static struct uk_xen_shared shared;
static struct uk_xen_vcpu vcpu;
static struct xen_events ev;

static struct {
	unsigned int n;
	unsigned int port;
	void *arg;
} seen;

static void note(unsigned int port, void *arg)
{
	seen.n++;
	seen.port = port;
	seen.arg = arg;
}

static void begin(void)
{
	__builtin_memset(&shared, 0, sizeof(shared));
	__builtin_memset(&vcpu, 0, sizeof(vcpu));
	__builtin_memset(&ev, 0, sizeof(ev));
	__builtin_memset(&seen, 0, sizeof(seen));
	ev.shared = &shared;
	ev.hz = HZ;
}

static void bind(unsigned int port, uk_xen_event_fn fn, unsigned int cpu)
{
	ev.slot[port] = (struct xen_slot){
		.fn = fn,
		.arg = &ev.slot[port],
		.cpu = cpu,
	};
}

/* An event of @port for this CPU. */
static void send(unsigned int port)
{
	shared.pending[port / 64] |= UINT64_C(1) << port % 64;
	vcpu.pending_sel |= UINT64_C(1) << port / 64;
	vcpu.upcall_pending = 1;
}

static bool is_pending(unsigned int port)
{
	return shared.pending[port / 64] >> port % 64 & 1;
}

static bool is_masked(unsigned int port)
{
	return shared.mask[port / 64] >> port % 64 & 1;
}

UK_TEST(xen_events, each_port_that_has_come_is_taken_once)
{
	begin();
	bind(3, note, 0);
	bind(7, note, 0);
	send(3);
	UK_EXPECT_EQ(xen_events_scan(&ev, &vcpu, 0, 0), 1);
	UK_EXPECT_EQ(seen.n, 1);
	UK_EXPECT_EQ(seen.port, 3);
	UK_EXPECT(seen.arg == &ev.slot[3]);
	UK_EXPECT(!is_pending(3));
	UK_EXPECT_EQ(vcpu.upcall_pending, 0);
	UK_EXPECT_EQ(vcpu.pending_sel, 0);
	/* Nothing new. */
	UK_EXPECT_EQ(xen_events_scan(&ev, &vcpu, 0, 0), 0);
	send(3);
	send(7);
	UK_EXPECT_EQ(xen_events_scan(&ev, &vcpu, 0, 0), 2);
	UK_EXPECT_EQ(seen.n, 3);
}

UK_TEST(xen_events, what_is_masked_stays_pending)
{
	begin();
	bind(5, note, 0);
	shared.mask[0] = 1u << 5;
	send(5);
	UK_EXPECT_EQ(xen_events_scan(&ev, &vcpu, 0, 0), 0);
	UK_EXPECT(is_pending(5));
	shared.mask[0] = 0;
	vcpu.pending_sel = 1;
	UK_EXPECT_EQ(xen_events_scan(&ev, &vcpu, 0, 0), 1);
}

UK_TEST(xen_events, the_ports_of_another_cpu_are_left_to_it)
{
	begin();
	bind(5, note, 1);
	bind(6, note, 0);
	send(5);
	send(6);
	UK_EXPECT_EQ(xen_events_scan(&ev, &vcpu, 0, 0), 1);
	UK_EXPECT_EQ(seen.port, 6);
	UK_EXPECT(is_pending(5) && !is_masked(5));
	vcpu.pending_sel = 1;
	UK_EXPECT_EQ(xen_events_scan(&ev, &vcpu, 1, 0), 1);
	UK_EXPECT_EQ(seen.port, 5);
}

/* One more arrives while the handler runs. */
static void again(unsigned int port, void *arg)
{
	note(port, arg);
	if (seen.n == 1)
		send(port);
}

UK_TEST(xen_events, what_comes_in_the_handler_is_another_interrupt)
{
	begin();
	bind(9, again, 0);
	send(9);
	UK_EXPECT_EQ(xen_events_scan(&ev, &vcpu, 0, 0), 1);
	UK_EXPECT_EQ(vcpu.upcall_pending, 1);
	UK_EXPECT(is_pending(9));
	UK_EXPECT_EQ(xen_events_scan(&ev, &vcpu, 0, 0), 1);
	UK_EXPECT_EQ(vcpu.upcall_pending, 0);
}

UK_TEST(xen_events, bits_that_nobody_has_asked_for_are_masked)
{
	begin();
	bind(1, note, 0);
	/* All there are, as a host that has lost its mind may set them. */
	for (unsigned int i = 0; i < UK_XEN_PORT_WORDS; i++)
		shared.pending[i] = UINT64_MAX;
	vcpu.pending_sel = UINT64_MAX;
	UK_EXPECT_EQ(xen_events_scan(&ev, &vcpu, 0, 0), 1);
	UK_EXPECT_EQ(seen.n, 1);
	UK_EXPECT(!is_masked(1));
	UK_EXPECT(is_masked(0) && is_masked(2));
	UK_EXPECT(is_masked(XEN_EVENTS_MAX - 1));
	UK_EXPECT(is_masked(UK_XEN_NPORTS - 1));
	/* The next one costs no more than a look. */
	vcpu.pending_sel = UINT64_MAX;
	UK_EXPECT_EQ(xen_events_scan(&ev, &vcpu, 0, 0), 0);
}

/* As many as are allowed, and @more, in the second that ends before @end. */
static void storm(unsigned int port, unsigned int more, uint64_t now)
{
	for (unsigned int i = 0; i < XEN_EVENTS_STORM + more; i++) {
		send(port);
		(void)xen_events_scan(&ev, &vcpu, 0, now);
	}
}

UK_TEST(xen_events, a_storm_is_masked_and_others_go_on)
{
	begin();
	bind(2, note, 0);
	bind(4, note, 0);
	storm(2, 0, 10);
	UK_EXPECT(!is_masked(2));
	/* A second later it may begin anew. */
	storm(2, 0, 10 + HZ);
	UK_EXPECT(!is_masked(2));
	storm(2, 100, 10 + 2 * HZ);
	UK_EXPECT(is_masked(2));
	UK_EXPECT_EQ(ev.storms, 1);
	UK_EXPECT_EQ(seen.n, 3 * XEN_EVENTS_STORM + 1);
	send(4);
	UK_EXPECT_EQ(xen_events_scan(&ev, &vcpu, 0, 20), 1);
}
